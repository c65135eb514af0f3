// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/body_buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace mail_oauth::net {

BodyBuffer::BodyBuffer() {
  void* pages = mmap(nullptr, kLimit, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) std::abort();
  madvise(pages, kLimit, MADV_DONTDUMP);
  bytes_ = static_cast<std::uint8_t*>(pages);
}

// The kernel hands out zeroed pages only, and these go back at once: unmapping is the wiping.
BodyBuffer::~BodyBuffer() { munmap(bytes_, kLimit); }

Secret BodyBuffer::copy(std::size_t size) const {
  return Secret(std::string_view(reinterpret_cast<const char*>(bytes_), std::min(size, kLimit)));
}

}  // namespace mail_oauth::net
