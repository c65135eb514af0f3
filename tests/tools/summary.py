#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a test run with the line "N passed, N failed", read from meson's own log.

Usage: summary.py TESTLOG.JSON STATUS   (STATUS is what `meson test` ended with)

A skipped test is not a passed one: it is counted on a line of its own and fails the run, because
`./run test` has just installed everything that a test could miss.
"""
import json
import sys

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}


def count(lines):
    """The (passed, failed, skipped) names of a testlog.json, one JSON object a line."""
    passed, failed, skipped = [], [], []
    for line in lines:
        test = json.loads(line)
        if test["result"] in PASSED:
            passed.append(test["name"])
        elif test["result"] in SKIPPED:
            skipped.append(test["name"])
        else:
            failed.append(test["name"])
    return passed, failed, skipped


def main(path, status):
    try:
        with open(path, encoding="utf-8") as log:
            passed, failed, skipped = count(log)
    except OSError:
        print("no test ran", file=sys.stderr)
        return status or 1
    for name in failed:
        print(f"failed: {name}")
    for name in skipped:
        print(f"skipped, which counts as a failure: {name}")
    if skipped:
        print(f"{len(skipped)} skipped")
    print(f"{len(passed)} passed, {len(failed)} failed")
    if failed or skipped or not passed:
        return status or 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
