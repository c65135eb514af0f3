#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of attacks in SECURITY.md names tests: each of them is there."""
import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r'^\| .* \| .* \| `(tests/[^`]+)`: "([^"]+)" \|$', re.MULTILINE)


def missing(text, root):
    """The rows whose test is not in its file. C++ may break a name into two literals."""
    return [(name, test) for name, test in ROW.findall(text)
            if test not in re.sub(r'"\s*\n\s*"', "", Path(root, name).read_text(encoding="utf-8"))]


class Threats(unittest.TestCase):
    def test_each_attack_has_its_test(self):
        text = Path(ROOT, "SECURITY.md").read_text(encoding="utf-8")
        self.assertGreater(len(ROW.findall(text)), 20)
        self.assertEqual([], missing(text, ROOT))

    def test_a_test_that_is_gone_is_missed(self):
        row = '| x | RFC 1 | `tests/tools/threats_test.py`: "%s" |'
        self.assertEqual([], missing(row % "test_a_test_that_is_gone_is_missed", ROOT))
        self.assertEqual(1, len(missing(row % ("no such" + " test"), ROOT)))


if __name__ == "__main__":
    sys.exit(unittest.main())
