// SPDX-License-Identifier: GPL-3.0-or-later
//
// An error in a place of fixed size, for the last failure of a thread.
//
// Nothing has to be freed, so that it may be written and read when a thread's objects are destroyed
// already: from atexit handlers, destructors of libraries, and those of pthread keys. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/error.h"

namespace mail_oauth {

/// At most `kRoom` - 1 bytes of a text; what is over is cut off between two characters of UTF-8.
template <std::size_t kRoom>
class FixedText {
 public:
  void assign(std::string_view text) noexcept {
    size_ = text.size() < kRoom ? text.size() : kRoom - 1;
    const auto within = [&text](std::size_t at) {
      return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
    };
    while (size_ > 0 && within(size_)) --size_;
    text.copy(bytes_.data(), size_);
    bytes_[size_] = '\0';
  }

  std::string_view text() const noexcept { return {bytes_.data(), size_}; }
  /// NUL-terminated; stays where it is.
  const char* c_str() const noexcept { return bytes_.data(); }

 private:
  std::array<char, kRoom> bytes_{};
  std::size_t size_ = 0;
};

class KeptError {
 public:
  void keep(const Error& error) noexcept {
    there_ = true;
    kind_ = error.kind;
    what_.assign(error.what);
    code_.assign(error.code);
    correlation_id_.assign(error.correlation_id);
  }
  void forget() noexcept { there_ = false; }

  /// Its kind, its words, its code and its correlation id.
  std::optional<Error> error() const {
    if (!there_) return std::nullopt;
    Error error = make_error(kind_, std::string(what_.text()), std::string(code_.text()));
    error.correlation_id = correlation_id_.text();
    return error;
  }

 private:
  bool there_ = false;
  Error::Kind kind_ = Error::Kind::kInternal;
  FixedText<3072> what_;
  FixedText<64> code_;
  FixedText<64> correlation_id_;
};

static_assert(std::is_trivially_destructible_v<KeptError>);

}  // namespace mail_oauth
