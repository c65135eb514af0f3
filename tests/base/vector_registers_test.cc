// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef __x86_64__

#include "base/vector_registers.h"

#include <catch2/catch.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/secret_arena.h"

using namespace mail_oauth;

namespace {

constexpr char kPiece[] = "a token's piece of 64 bytes, which is as wide as a zmm register.";

// As static memory, so that nothing is copied between an instruction here and the one before it.
char seen[32 * 64];

[[gnu::target("avx512f")]] void load_zmm() {
  asm volatile(
      ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
      "vmovdqu64 (%0), %%zmm\\n\n\t"
      ".endr\n\t"
      ".irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n\t"
      "vmovdqu64 (%0), %%zmm\\n\n\t"
      ".endr"
      :
      : "r"(kPiece));
}

[[gnu::target("avx512f")]] void see_zmm() {
  asm volatile(
      ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
      "vmovdqu64 %%zmm\\n, \\n*64(%0)\n\t"
      ".endr\n\t"
      ".irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n\t"
      "vmovdqu64 %%zmm\\n, \\n*64(%0)\n\t"
      ".endr"
      :
      : "r"(seen)
      : "memory");
}

[[gnu::target("avx")]] void load_ymm() {
  asm volatile(
      ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
      "vmovdqu (%0), %%ymm\\n\n\t"
      ".endr"
      :
      : "r"(kPiece));
}

[[gnu::target("avx")]] void see_ymm() {
  asm volatile(
      ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
      "vmovdqu %%ymm\\n, \\n*64(%0)\n\t"
      ".endr"
      :
      : "r"(seen)
      : "memory");
}

void load_xmm() {
  asm volatile(
      ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
      "movups (%0), %%xmm\\n\n\t"
      ".endr"
      :
      : "r"(kPiece));
}

void see_xmm() {
  asm volatile(
      ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
      "movups %%xmm\\n, \\n*64(%0)\n\t"
      ".endr"
      :
      : "r"(seen)
      : "memory");
}

/// As a copy would: the piece is in every vector register that this processor has.
void fill() {
  if (__builtin_cpu_supports("avx512f")) return load_zmm();
  if (__builtin_cpu_supports("avx")) return load_ymm();
  load_xmm();
}

void look() {
  if (__builtin_cpu_supports("avx512f")) return see_zmm();
  if (__builtin_cpu_supports("avx")) return see_ymm();
  see_xmm();
}

/// How many registers hold the beginning of the piece, or the rest of it. REQUIRES: look().
int holding() {
  int found = 0;
  for (std::size_t at = 0; at < sizeof seen; at += 16) {
    if (std::string_view(kPiece).find(std::string_view(seen + at, 16)) != std::string_view::npos)
      ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("a secret that was copied leaves no piece in the vector registers") {
  const std::string other(200, 'x');
  char wiped[8] = {};

  fill();
  look();
  REQUIRE(holding() >= 16);  // the search sees it

  fill();
  forget_vector_registers();
  look();
  CHECK(holding() == 0);

  fill();
  wipe(wiped, sizeof wiped);
  look();
  CHECK(holding() == 0);

  fill();
  const Secret copy{other};
  look();
  CHECK(holding() == 0);
  CHECK(std::string_view(seen, sizeof seen).find("xxxx") == std::string_view::npos);
}

#endif
