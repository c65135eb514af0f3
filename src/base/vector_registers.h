// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a copy leaves behind in the processor: memcpy() goes through vector registers, which keep up
// to 2 KiB of it until something else needs them. The dynamic linker saves them on the stack when a
// library's call is bound late, the kernel in a core dump.
#pragma once

namespace mail_oauth {

/// Zeroes this thread's vector registers. Knows those of x86-64 (SSE, AVX, AVX-512); does nothing
/// on other processors.
void forget_vector_registers();

}  // namespace mail_oauth
