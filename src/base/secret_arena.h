// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the bytes of every Secret live: pages of their own, left out of core dumps and, as far as
// RLIMIT_MEMLOCK permits, never swapped. Blocks are wiped when they come back.
//
// One arena for each copy of this code in a process (the program and the module that speaks HTTP
// have one each); a Secret remembers which it came from. All functions may be called from any
// thread.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <vector>

namespace mail_oauth {

class SecretArena {
 public:
  static SecretArena& instance();

  /// At least `size` zeroed bytes; ends the process when there is no memory.
  virtual char* take(std::size_t size);
  /// REQUIRES: `block` came from take(size) of this arena.
  virtual void give_back(char* block, std::size_t size);

  virtual ~SecretArena() = default;

 private:
  static std::size_t rounded(std::size_t size);
  char* carve(std::size_t size);
  static char* map_pages(std::size_t size);

  std::mutex mutex_;
  std::map<std::size_t, std::vector<char*>> free_;  ///< By rounded size.
  char* chunk_ = nullptr;
  std::size_t left_ = 0;
};

/// Overwrites in a way that the compiler may not leave out, and zeroes the vector registers that
/// the copy went through.
void wipe(void* bytes, std::size_t size);

}  // namespace mail_oauth
