# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# How the sanitizers behave under ./run test: any finding ends the test with a failure. Sourced; harmless
# in a build without them. $root is the tree, $name the build folder.
export ASAN_OPTIONS="abort_on_error=0:halt_on_error=1:detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
export LSAN_OPTIONS="suppressions=$root/tests/tools/lsan.supp:print_suppressions=0"
export TSAN_OPTIONS="suppressions=$root/tests/tools/tsan.supp:halt_on_error=1:second_deadlock_stack=1"

# A host that is not built for the sanitizer has to load it first. A test gives this to Claws Mail as
# LD_PRELOAD, with ":detect_leaks=0" behind its ASAN_OPTIONS (the host does not free all it has at exit).
MAIL_OAUTH_HOST_PRELOAD=''
if [ "$name" = asan ]; then
  MAIL_OAUTH_HOST_PRELOAD="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libubsan.so)"
fi
export MAIL_OAUTH_HOST_PRELOAD
