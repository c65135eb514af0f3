// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a copy leaves behind in the processor: memcpy() goes through vector registers, which keep
// some of it, about a quarter of a kilobyte with AVX-512, until something else needs them. They are
// saved on the stack by the dynamic linker when a call is bound late, by the kernel for a signal
// handler, and in a core dump.
#pragma once

namespace mail_oauth {

/// Zeroes this thread's vector registers. Knows those of x86-64 (SSE, AVX, AVX-512); does nothing
/// on other processors.
void forget_vector_registers();

}  // namespace mail_oauth
