#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library shows C programs what its header declares, by these names and versions, and no more.

    exports_test.py LIBRARY
"""
import re
import subprocess
import sys
import unittest
from pathlib import Path

CAPI = Path(__file__).resolve().parents[2] / "src" / "capi"
LIBRARY = sys.argv.pop()
NAMES = ["mail_oauth_free", "mail_oauth_last_error", "mail_oauth_login_imap", "mail_oauth_login_pop3",
         "mail_oauth_login_smtp", "mail_oauth_open", "mail_oauth_register_mechanisms", "mail_oauth_token"]


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class Exports(unittest.TestCase):
    def test_the_dynamic_symbols_are_the_eight(self):
        shown = [line.split()[-1] for line in output("nm", "-D", "--defined-only", LIBRARY).splitlines()]
        self.assertEqual(sorted([f"{name}@@MAIL_OAUTH_0" for name in NAMES] + ["MAIL_OAUTH_0"]), sorted(shown))

    def test_the_soname_is_stable(self):
        self.assertIn("Library soname: [libmail-oauth.so.0]", output("readelf", "-d", LIBRARY))

    def test_the_header_declares_the_same_and_no_more_than_eight(self):
        header = (CAPI / "mail_oauth.h").read_text(encoding="utf-8")
        code = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
        self.assertEqual(NAMES, sorted(re.findall(r"\b(mail_oauth_\w+)\(", code)))
        self.assertLessEqual(len(NAMES), 8)

    def test_it_stays_in_memory(self):
        self.assertIn("NODELETE", output("readelf", "-d", LIBRARY))


if __name__ == "__main__":
    unittest.main()
