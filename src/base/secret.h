// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes that must not leak: tokens, codes, verifiers, client secrets.
//
// They live in an arena of their own (mmap, left out of core dumps, locked into memory where the
// limit permits) and are wiped when freed. A Secret is moved, never copied behind one's back, has
// no stream operator and no conversion; `reveal()` is the only way to read one, so that `grep
// reveal` is the audit. What this cannot cover is listed in SECURITY.md.
//
// A Secret may be handed from thread to thread; the arena takes its own lock.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace mail_oauth {

class SecretArena;

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes);
  Secret(Secret&& other) noexcept { swap(other); }
  Secret& operator=(Secret&& other) noexcept {
    Secret(std::move(other)).swap(*this);
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  /// The parts one after the other, without a copy of the whole on the ordinary heap.
  template <class... Parts>
  static Secret join(const Parts&... parts) {
    Secret joined = with_size((std::string_view(parts).size() + ... + 0));
    std::size_t at = 0;
    ((at = joined.put(at, std::string_view(parts))), ...);
    return joined;
  }

  /// `size` zero bytes, to be filled through writable().
  static Secret with_size(std::size_t size);

  /// A second one with the same bytes, by name, so that every copy can be found.
  Secret duplicate() const { return Secret(reveal()); }

  /// Borrowed: valid while this Secret is neither moved nor destroyed. NUL-terminated behind the
  /// last byte, for C interfaces.
  std::string_view reveal() const { return {size_ ? bytes_ : "", size_}; }
  char* writable() { return bytes_; }

  /// Cuts the length; never grows.
  void shrink(std::size_t size);

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  /// Takes as long for equal as for unequal bytes of one length.
  bool equals(std::string_view other) const;

 private:
  void swap(Secret& other) noexcept;
  std::size_t put(std::size_t at, std::string_view part);

  SecretArena* arena_ = nullptr;
  char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// A Secret that says what it is, so that a refresh token cannot be passed for an access token.
template <class Tag>
class SecretOf {
 public:
  SecretOf() = default;
  explicit SecretOf(Secret secret) : secret_(std::move(secret)) {}

  std::string_view reveal() const { return secret_.reveal(); }
  SecretOf duplicate() const { return SecretOf(secret_.duplicate()); }
  bool empty() const { return secret_.empty(); }
  std::size_t size() const { return secret_.size(); }
  bool equals(std::string_view other) const { return secret_.equals(other); }

 private:
  Secret secret_;
};

using AccessToken = SecretOf<struct AccessTokenTag>;
using RefreshToken = SecretOf<struct RefreshTokenTag>;
using AuthorizationCode = SecretOf<struct AuthorizationCodeTag>;
using CodeVerifier = SecretOf<struct CodeVerifierTag>;
using DeviceCode = SecretOf<struct DeviceCodeTag>;
using ClientSecret = SecretOf<struct ClientSecretTag>;

}  // namespace mail_oauth
