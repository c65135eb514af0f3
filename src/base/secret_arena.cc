// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/secret_arena.h"

#include <string.h>
#include <sys/mman.h>

#include <cstdlib>

#include "base/vector_registers.h"

namespace mail_oauth {

namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kSmallest = 64;

}  // namespace

void wipe(void* bytes, std::size_t size) {
  if (bytes && size) explicit_bzero(bytes, size);
  forget_vector_registers();
}

SecretArena& SecretArena::instance() {
  // Never destroyed: secrets in static objects may outlive any order of destruction.
  static SecretArena* arena = new SecretArena;
  return *arena;
}

char* SecretArena::take(std::size_t size) {
  const std::lock_guard lock(mutex_);
  const std::size_t whole = rounded(size);
  std::vector<char*>& shelf = free_[whole];
  if (shelf.empty()) return carve(whole);
  char* block = shelf.back();
  shelf.pop_back();
  return block;
}

void SecretArena::give_back(char* block, std::size_t size) {
  const std::size_t whole = rounded(size);
  wipe(block, whole);
  const std::lock_guard lock(mutex_);
  if (whole >= kChunk) {
    munmap(block, whole);
    return;
  }
  free_[whole].push_back(block);
}

std::size_t SecretArena::rounded(std::size_t size) {
  std::size_t whole = kSmallest;
  while (whole < size) whole *= 2;
  return whole;
}

char* SecretArena::carve(std::size_t size) {
  if (size >= kChunk) return map_pages(size);
  if (left_ < size) {
    chunk_ = map_pages(kChunk);
    left_ = kChunk;
  }
  char* block = chunk_;
  chunk_ += size;
  left_ -= size;
  return block;
}

char* SecretArena::map_pages(std::size_t size) {
  void* pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) std::abort();
  madvise(pages, size, MADV_DONTDUMP);
  // Best effort: an ordinary user's limit may be small, and a swapped token beats no mail.
  [[maybe_unused]] const int locked = mlock(pages, size);
  return static_cast<char*>(pages);
}

}  // namespace mail_oauth
