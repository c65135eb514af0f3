# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# How the sanitizers behave under ./run test: any finding ends the test with a failure. Sourced; harmless
# in a build without them. $root is the tree.
export ASAN_OPTIONS="abort_on_error=0:halt_on_error=1:detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
export LSAN_OPTIONS="suppressions=$root/tests/tools/lsan.supp:print_suppressions=0"
export TSAN_OPTIONS="suppressions=$root/tests/tools/tsan.supp:halt_on_error=1:second_deadlock_stack=1"
