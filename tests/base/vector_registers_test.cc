// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef __x86_64__

#include "base/vector_registers.h"

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/secret_arena.h"
#include "support/catch.h"

using namespace mail_oauth;

namespace {

using namespace std::string_view_literals;

/// As wide as the widest register.
constexpr auto kPiece = "a token's piece of 64 bytes, which is as wide as a zmm register."sv;
static_assert(kPiece.size() == 64);

#define TEST_LOWER "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15"
#define TEST_ALL TEST_LOWER ", 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31"
#define TEST_LOWER_CHANGED                                                                 \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
      "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "memory"
#define TEST_ALL_CHANGED                                                                      \
  TEST_LOWER_CHANGED, "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", \
      "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31"

[[gnu::target("avx512f")]] void fill_zmm(const char* from) {
  asm volatile(".irp n, " TEST_ALL "\n\tvmovdqu64 (%0), %%zmm\\n\n\t.endr"
               :
               : "r"(from)
               : TEST_ALL_CHANGED);
}

[[gnu::target("avx512f")]] void keep_zmm(char* to) {
  asm volatile(".irp n, " TEST_ALL "\n\tvmovdqu64 %%zmm\\n, \\n*64(%0)\n\t.endr"
               :
               : "r"(to)
               : "memory");
}

[[gnu::target("avx")]] void fill_ymm(const char* from) {
  asm volatile(".irp n, " TEST_LOWER "\n\tvmovdqu (%0), %%ymm\\n\n\t.endr"
               :
               : "r"(from)
               : TEST_LOWER_CHANGED);
}

[[gnu::target("avx")]] void keep_ymm(char* to) {
  asm volatile(".irp n, " TEST_LOWER "\n\tvmovdqu %%ymm\\n, \\n*64(%0)\n\t.endr"
               :
               : "r"(to)
               : "memory");
}

void fill_xmm(const char* from) {
  asm volatile(".irp n, " TEST_LOWER "\n\tmovups (%0), %%xmm\\n\n\t.endr"
               :
               : "r"(from)
               : TEST_LOWER_CHANGED);
}

void keep_xmm(char* to) {
  asm volatile(".irp n, " TEST_LOWER "\n\tmovups %%xmm\\n, \\n*64(%0)\n\t.endr"
               :
               : "r"(to)
               : "memory");
}

/// What a long copy does: the piece is in every vector register that this processor has.
void fill() {
  if (__builtin_cpu_supports("avx512f")) return fill_zmm(kPiece.data());
  if (__builtin_cpu_supports("avx")) return fill_ymm(kPiece.data());
  fill_xmm(kPiece.data());
}

char registers[32 * 64];

void look() {
  if (__builtin_cpu_supports("avx512f")) return keep_zmm(registers);
  if (__builtin_cpu_supports("avx")) return keep_ymm(registers);
  keep_xmm(registers);
}

/// How many parts, of 16 bytes, of what was seen are of the piece. REQUIRES: look().
int parts_held() {
  int found = 0;
  for (std::size_t at = 0; at < sizeof registers; at += 16) {
    if (kPiece.find({registers + at, 16}) != std::string_view::npos) ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("a piece of a secret in the vector registers is noticed", "[base][secret]") {
  fill();
  look();
  CHECK(parts_held() > 0);
}

TEST_CASE("nothing is left in the vector registers once they are forgotten", "[base][secret]") {
  fill();
  forget_vector_registers();
  look();
  CHECK(parts_held() == 0);
}

TEST_CASE("who wipes a copy leaves no piece of it in the vector registers", "[base][secret]") {
  char copy[8] = {};
  fill();
  wipe(copy, sizeof copy);
  look();
  CHECK(parts_held() == 0);
}

TEST_CASE("a secret that was copied leaves no piece in the vector registers", "[base][secret]") {
  const std::string token = std::string(kPiece) + std::string(kPiece) + std::string(kPiece);
  fill();
  const Secret copy{token};
  look();
  CHECK(parts_held() == 0);
}

TEST_CASE("a secret that was compared leaves no piece in the vector registers", "[base][secret]") {
  const Secret token{kPiece};
  fill();
  const bool equal = token.equals(kPiece);
  look();
  CHECK(parts_held() == 0);
  CHECK(equal);
}

#endif
