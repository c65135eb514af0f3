# SPDX-License-Identifier: GPL-3.0-or-later
"""The sanitizers in the host's process, when the plugin is built with them.

The host itself is not: their run-time (MAIL_OAUTH_HOST_PRELOAD of tests/tools/sanitizers.sh) is preloaded into it,
and into nothing else. What they find they write to its standard error, and the host ends there.
"""
import os
import re

#: Of tests/claws/meson.build, in a build with sanitizers: what is preloaded after the run-time, and our modules' folder.
FIRST, MODULES = os.environ.get("MAIL_OAUTH_HOST_FIRST", ""), os.environ.get("MAIL_OAUTH_MODULES", "")

#: Bytes: so much of what is freed the run-time holds back, to find what still uses it (quarantine_size_mb).
HELD_BACK = 256 << 20 if FIRST else 0


def environment(preloaded=""):
    """What the host runs with, on top of this process's environment. `preloaded`: what a test preloads into it."""
    if not FIRST:
        return {}
    run_time = os.environ.get("MAIL_OAUTH_HOST_PRELOAD")
    if not run_time:
        raise AssertionError("no run-time of the sanitizers is named: use ./run test --sanitize=address,undefined")
    # The host frees little at its end. And dlopen comes from the run-time, whose RUNPATH does not lead to our modules.
    return {"LD_PRELOAD": ":".join(filter(None, [run_time, FIRST, preloaded])), "LD_LIBRARY_PATH": MODULES,
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}


def assert_no_reports(output):
    """AssertionError with the report when there is one in what the host wrote."""
    found = re.search(r"^=*\n==\d+==ERROR: |^.*: runtime error: ", output, re.MULTILINE)
    if found:
        raise AssertionError(f"found by a sanitizer:\n{output[found.start():]}")
