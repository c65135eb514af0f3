// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where an answer's body lands: a fixed region, so that cpprest, which has no cap of its own,
// cannot write more. Pages that were not written cost nothing; left out of core dumps; gone when
// freed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/secret.h"

namespace mail_oauth::net {

class BodyBuffer {
 public:
  static constexpr std::size_t kLimit = 1024 * 1024;

  /// Ends the process when there is no memory, as `new` would.
  BodyBuffer();
  ~BodyBuffer();
  BodyBuffer(const BodyBuffer&) = delete;
  BodyBuffer& operator=(const BodyBuffer&) = delete;

  std::uint8_t* bytes() { return bytes_; }
  Secret copy(std::size_t size) const;

 private:
  std::uint8_t* bytes_;
};

}  // namespace mail_oauth::net
