#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a test run with the line "N passed, N failed", read from meson's own log.

Usage: summary.py TESTLOG.JSON STATUS   (STATUS is what `meson test` ended with)

What is counted are test cases: of a program that ends as Catch2 or unittest does, those it names, else
the program is one. A skipped case is not a passed one: it is counted on a line of its own and fails the
run, because `./run test` has just installed everything that a test could miss.

What a failed program said of it stands above that line, each line with "! " before it: whoever joins several runs can
repeat these lines at the end, where they are seen.
"""
import json
import re
import sys
from typing import NamedTuple

CATCH_ALL = re.compile(r"^All tests passed \(.* in (\d+) test cases?\)$", re.MULTILINE)
CATCH_SOME = re.compile(r"^test cases:(.*)$", re.MULTILINE)
CATCH_PART = re.compile(r"(\d+) (passed|failed as expected|failed|skipped)")
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(?: \((.*)\))?$", re.MULTILINE)
UNITTEST_PART = re.compile(r"(failures|errors|skipped|unexpected successes)=(\d+)")

UNITTEST_CASE = re.compile(r"^(?:FAIL|ERROR): .*?(?=^[=-]{70}$\n(?:FAIL|ERROR|Ran)|\Z)", re.MULTILINE | re.DOTALL)
CATCH_CASE = re.compile(r"^-{79}\n[^\n]+\n(?:[^\n]+\n)*?-{79}\n.*?(?=^-{79}$|^={79}$|\Z)", re.MULTILINE | re.DOTALL)


class Count(NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(*(a + b for a, b in zip(self, other)))


def cases(output):
    """What the test programs said about themselves in OUTPUT."""
    count = Count()
    for all_passed in CATCH_ALL.findall(output):
        count += Count(passed=int(all_passed))
    for line in CATCH_SOME.findall(output):
        for number, what in CATCH_PART.findall(line):
            count += Count(**{{"failed as expected": "passed"}.get(what, what): int(number)})
    for ran, parts in UNITTEST.findall(output):
        part = {what: int(number) for what, number in UNITTEST_PART.findall(parts)}
        skipped = part.pop("skipped", 0)
        failed = sum(part.values())
        count += Count(max(0, int(ran) - failed - skipped), failed, skipped)
    return count


def judge(test):
    """The count of one line of the log; meson's verdict on the program has the last word."""
    count = cases(test.get("stdout", "") + "\n" + test.get("stderr", ""))
    if test["result"] == "SKIP":
        return count._replace(skipped=max(1, count.skipped))
    if test["result"] in ("OK", "EXPECTEDFAIL"):
        return count if count != Count() else Count(passed=1)
    return count._replace(failed=max(1, count.failed))


def said(test, most=16):
    """What a failed program said of each case that failed: its name and its last lines, MOST in all; else its own last lines."""
    output = test.get("stdout", "") + "\n" + test.get("stderr", "")
    found = UNITTEST_CASE.findall(output) or [part for part in CATCH_CASE.findall(output) if "FAILED:" in part] or [output]
    for part in found:
        lines = [line.rstrip() for line in part.splitlines() if line.strip(" -=")]
        yield from lines if len(lines) <= most else [lines[0], "...", *lines[2 - most:]]


def main(path, status):
    total = Count()
    try:
        with open(path, encoding="utf-8") as log:
            for line in log:
                test = json.loads(line)
                count = judge(test)
                total += count
                if count.failed or count.skipped:
                    print(f"! {test['name']}: {count.failed} failed, {count.skipped} skipped ({test['result']})")
                    for line in said(test):
                        print(f"!   {line[:400]}")
    except OSError:
        print("no test ran", file=sys.stderr)
        return status or 1
    if total.skipped:
        print(f"{total.skipped} skipped, which is not passed")
    print(f"{total.passed} passed, {total.failed} failed")
    if total.failed or total.skipped or not total.passed:
        return status or 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
