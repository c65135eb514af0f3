#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The short form of `./run bench`: every row can be measured. What is measured is not looked at, the build is not the
right one for it. Takes the build folder."""
import contextlib
import io
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# pylint: disable=wrong-import-position
import bench
import measure

BUILD = os.path.abspath(sys.argv.pop(1))


class Numbers(unittest.TestCase):
    def test_the_median_and_its_quartiles(self):
        self.assertEqual(measure.spread([5, 1, 4, 2, 3]), {"median": 3, "q1": 2, "q3": 4, "runs": 5})
        self.assertEqual(measure.spread([7]), {"median": 7, "q1": 7, "q3": 7, "runs": 1})

    def test_sides_are_run_in_turn_and_the_first_rounds_do_not_count(self):
        order = []

        def side(name):
            return lambda: order.append(name) or len(order)
        kept = measure.in_turn(2, {"a": side("a"), "b": side("b")}, warm_up=1)
        self.assertEqual("".join(order), "abbaab")
        self.assertEqual(kept, {"a": [4, 5], "b": [3, 6]})

    def test_a_missed_target_stands_out(self):
        sides = {"ours": measure.spread([3]), "theirs": measure.spread([1.5])}
        case = measure.Case("row", "a thing", "ms", sides, "as fast", False)
        self.assertIn("| row: a thing | ms | ours 3, theirs 1.50 | 2.00 | as fast | **no** |", measure.table([case]))


class Rows(unittest.TestCase):
    def test_all_rows_are_in_the_table_and_in_the_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path, shown = os.path.join(folder, "bench.json"), io.StringIO()
            with contextlib.redirect_stdout(shown):
                bench.main(["--quick", "--build", BUILD, "--json", path])
            with open(path, encoding="utf-8") as file:
                found = json.load(file)

        self.assertEqual({case["row"] for case in found["cases"]}, set(bench.ROWS))
        for case in found["cases"]:
            with self.subTest(case=case["what"]):
                self.assertIn(f"| {case['row']}: {case['what']} |", shown.getvalue())
                self.assertGreaterEqual(len(case["sides"]), 2)
                for side in case["sides"].values():
                    self.assertLessEqual(side["q1"], side["median"])
                    self.assertLessEqual(side["median"], side["q3"])
        for name in found["not_installed"]:
            self.assertIn(name, shown.getvalue())

    def test_an_unknown_row_is_named(self):
        with contextlib.redirect_stderr(io.StringIO()) as said, self.assertRaises(SystemExit) as ended:
            bench.main(["tokens"])
        self.assertEqual(ended.exception.code, 2)
        self.assertIn("no such row: tokens", said.getvalue())


if __name__ == "__main__":
    unittest.main()
