// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/secret.h"

#include <cstring>

#include "base/secret_arena.h"
#include "base/vector_registers.h"

namespace mail_oauth {

Secret::Secret(std::string_view bytes) {
  Secret copy = with_size(bytes.size());
  copy.put(0, bytes);
  swap(copy);
}

Secret::~Secret() {
  if (bytes_) arena_->give_back(bytes_, capacity_);
}

Secret Secret::with_size(std::size_t size) {
  Secret secret;
  secret.arena_ = &SecretArena::instance();
  secret.capacity_ = size + 1;  // the NUL that reveal() promises
  secret.bytes_ = secret.arena_->take(secret.capacity_);
  secret.size_ = size;
  return secret;
}

void Secret::shrink(std::size_t size) {
  if (size >= size_) return;
  wipe(bytes_ + size, size_ - size);
  size_ = size;
}

bool Secret::equals(std::string_view other) const {
  if (other.size() != size_) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    difference = static_cast<unsigned char>(difference | (static_cast<unsigned char>(bytes_[i]) ^
                                                          static_cast<unsigned char>(other[i])));
  }
  forget_vector_registers();
  return difference == 0;
}

void Secret::swap(Secret& other) noexcept {
  std::swap(arena_, other.arena_);
  std::swap(bytes_, other.bytes_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
}

std::size_t Secret::put(std::size_t at, std::string_view part) {
  if (part.empty()) return at;
  std::memcpy(bytes_ + at, part.data(), part.size());
  forget_vector_registers();
  return at + part.size();
}

}  // namespace mail_oauth
