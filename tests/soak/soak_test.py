#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program that stays holds after many logins, renewals and faults is what it held before.

    tests/bed/bed.py run -- tests/soak/soak_test.py [--seconds N [--json FILE] | --valgrind LOGINS]

Without arguments a number of rounds; with --seconds as many as there is time for; with --valgrind as many as have so many logins,
of which none may lose memory, read what was never written, or touch what is not there.
"""
import argparse
import json
import os
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults"))

# pylint: disable=wrong-import-position
from fault_case import FaultCase

from cli_case import bed
from soak import MOST_GROWTH, Soak, growth

ROUNDS = 40
PAUSE = 0.5  # seconds between rounds, where there is an hour for them
# What a round with its renewal may leave behind. Logins leave nothing; GLib starts a thread for the bus now and then, and GnuTLS
# keeps 192 bytes for each that ever was. Below the floor a few rounds cannot tell.
BYTES_A_ROUND, HEAP_FLOOR = 128, 48 << 10
SANITIZED = os.environ.get("SANITIZER", "none") != "none"

OPTIONS = argparse.Namespace(seconds=None, json=None, valgrind=None)
VALGRIND = ("valgrind", "--quiet", "--leak-check=full", "--errors-for-leak-kinds=definite", "--show-leak-kinds=definite",
            "--num-callers=30", "--error-exitcode=9", "--log-fd=2")


class Stays(FaultCase):
    def test_valgrind_finds_nothing(self):
        soak = Soak(self, VALGRIND)
        while soak.logins < OPTIONS.valgrind:
            soak.round(len(soak.samples))
        self.assertEqual(0, soak.host.close(), soak.host.errors())
        self.tell(soak)

    def test_what_it_holds_does_not_grow(self):
        soak = Soak(self)
        number = 0
        while time.monotonic() < soak.began + OPTIONS.seconds if OPTIONS.seconds else number < ROUNDS:
            soak.round(number)
            number += 1
            if OPTIONS.seconds:
                time.sleep(PAUSE)
        self.assertEqual(0, soak.host.close(), soak.host.errors())
        self.tell(soak)
        self.assertGreaterEqual(soak.failed, number)  # the faults were met
        # A sanitizer has a heap of its own, and keeps there for a while what was freed.
        for name in MOST_GROWTH.keys() - ({"resident"} if SANITIZED else ()):
            self.assertLessEqual(growth(soak.samples, name), MOST_GROWTH[name], name)
        if not SANITIZED:
            self.assertLess(growth(soak.samples, "heap"), max(HEAP_FLOOR, BYTES_A_ROUND * number / 2))

    def tell(self, soak):
        renewals = sum(request.get("grant_type") == "refresh_token" and request["status"] == 200
                       for request in bed("requests")["requests"])
        told = {"seconds": round(time.monotonic() - soak.began), "rounds": len(soak.samples), "logins": soak.logins,
                "not let in": soak.failed, "renewals": renewals}
        for name in ("heap", *MOST_GROWTH):
            told[name] = {"first": soak.samples[0][name], "last": soak.samples[-1][name],
                          "most": max(sample[name] for sample in soak.samples), "growth": growth(soak.samples, name)}
        print(json.dumps(told, indent=1), file=sys.stderr)
        if OPTIONS.json:
            Path(OPTIONS.json).write_text(json.dumps({**told, "samples": soak.samples}), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--json")
    parser.add_argument("--valgrind", type=int)
    OPTIONS, rest = parser.parse_known_args()
    test = "valgrind_finds_nothing" if OPTIONS.valgrind else "what_it_holds_does_not_grow"
    unittest.main(argv=[sys.argv[0], *(rest or [f"Stays.test_{test}"])])
