#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# clang-format and clang-tidy (version 14 both) over src/ and plugin/, and clang-format over the tests.
# usage: lint.sh BUILD-DIR [--fix] [SOURCE...]   (--fix formats first; with sources: clang-tidy over these only)
set -u -o pipefail
build=$(realpath "$1")
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

find_tool() { command -v "$1-14" || command -v "$1"; }
format=$(find_tool clang-format) && tidy=$(find_tool clang-tidy) ||
  { echo "clang-format 14 or clang-tidy 14 is missing" >&2; exit 1; }

status=0
mapfile -t formatted < <(find src plugin tests -name node_modules -prune -o -name '*.cc' -print -o -name '*.h' -print | sort)
if [ "${1:-}" = --fix ]; then
  shift
  "$format" -i "${formatted[@]}"
fi
"$format" --dry-run -Werror "${formatted[@]}" || status=1

if [ $# = 0 ]; then
  # Only what the build compiles has flags.
  mapfile -t sources < <(find src plugin -name '*.cc' | sort | while read -r source; do
    grep -qF "/$source\"" "$build/compile_commands.json" && echo "$source"
  done)
  set -- "${sources[@]}"
fi
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" "$tidy" --quiet -p "$build" \
  --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-unused-command-line-argument 2> >(grep -v 'warnings generated' >&2) || status=1
[ "$status" = 0 ] && echo "lint: nothing found"
exit "$status"
