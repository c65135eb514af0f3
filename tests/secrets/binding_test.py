#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No call of ours is bound late. The dynamic linker would save all vector registers on the stack before it looks the
function up, and on a processor with AVX-512 these hold a quarter of a kilobyte of what was copied last: a token.

    binding_test.py FILE...
"""
import os
import subprocess
import sys
import unittest

FILES = sys.argv[1:]


class Binding(unittest.TestCase):
    def test_no_piece_of_a_token_is_left_on_the_stack_by_a_call_that_is_bound_late(self):
        self.assertTrue(FILES)
        for file in FILES:
            with self.subTest(file=file):
                said = subprocess.run(["readelf", "--wide", "--dynamic", file], capture_output=True, text=True, check=True,
                                      env={**os.environ, "LC_ALL": "C"}).stdout
                self.assertRegex(said, r"\(FLAGS_1\) +Flags:.*\bNOW\b")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
