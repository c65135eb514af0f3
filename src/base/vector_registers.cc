// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/vector_registers.h"

namespace mail_oauth {

#ifdef __x86_64__

namespace {

// Told to the compiler: it may inline these, or look into them. "memory": the copy comes first.
#define MAIL_OAUTH_LOWER_SIXTEEN                                                           \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
      "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "memory"
#define MAIL_OAUTH_UPPER_SIXTEEN                                                            \
  "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", \
      "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "memory"

void zero_xmm() {
  asm volatile(
      ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
      "pxor %%xmm\\n, %%xmm\\n\n\t"
      ".endr"
      :
      :
      : MAIL_OAUTH_LOWER_SIXTEEN);
}

/// The lower sixteen, at their full width.
[[gnu::target("avx")]] void zero_ymm() { asm volatile("vzeroall" : : : MAIL_OAUTH_LOWER_SIXTEEN); }

/// The upper sixteen, which AVX-512 adds and glibc's memcpy() prefers.
[[gnu::target("avx512f")]] void zero_upper_zmm() {
  asm volatile(
      ".irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n\t"
      "vpxord %%zmm\\n, %%zmm\\n, %%zmm\\n\n\t"
      ".endr"
      :
      :
      : MAIL_OAUTH_UPPER_SIXTEEN);
}

}  // namespace

void forget_vector_registers() {
  if (__builtin_cpu_supports("avx")) {
    zero_ymm();
  } else {
    zero_xmm();
  }
  if (__builtin_cpu_supports("avx512f")) zero_upper_zmm();
}

#undef MAIL_OAUTH_LOWER_SIXTEEN
#undef MAIL_OAUTH_UPPER_SIXTEEN

#else

void forget_vector_registers() {}

#endif

}  // namespace mail_oauth
