# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# How the sanitizers behave under ./run test: any finding ends the test with a failure. Sourced; harmless
# in a build without them. $root is the tree.
#
# intercept_tls_get_addr=0: gcc 12's run-time takes what stands before a thread's TLS block for
# a header of glibc 2.19 whenever the block begins 16 bytes into a page. In front of a small block of a
# dlopened library (cpprest's, 16 bytes) stands the allocator's own header, its bits become a range of
# memory, and LeakSanitizer's tracer dies reading it ("has encountered a fatal error") where it should
# look for leaks. These blocks are searched all the same, as what the linker allocated.
export ASAN_OPTIONS="abort_on_error=0:halt_on_error=1:detect_leaks=1:strict_string_checks=1"
ASAN_OPTIONS+=":detect_stack_use_after_return=1:intercept_tls_get_addr=0"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
export LSAN_OPTIONS="suppressions=$root/tests/tools/lsan.supp:print_suppressions=0"
export TSAN_OPTIONS="suppressions=$root/tests/tools/tsan.supp:halt_on_error=1:second_deadlock_stack=1"

# Programs that are not built with a sanitizer, but load what is: tests/claws/sanitized.py.
MAIL_OAUTH_HOST_PRELOAD="$(g++ -print-file-name=libasan.so):$(g++ -print-file-name=libubsan.so)"
export MAIL_OAUTH_HOST_PRELOAD
