#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stamp of a build changes with every header that crosses a module's door, and with nothing else."""
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src" / "base"))

# pylint: disable=wrong-import-position
import module_stamp

DOOR = '#include "near.h"\n#include <system.h>\n'


class Stamp(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source = Path(folder.name)
        for name, text in {"door.h": DOOR, "near.h": '#include "far.h"\n', "far.h": "struct Far {};\n",
                           "other.h": ""}.items():
            (self.source / name).write_text(text, encoding="utf-8")

    def stamp(self, text="1.0 gcc"):
        output, depfile = self.source / "out.cc", self.source / "out.d"
        module_stamp.main(str(output), str(depfile), str(self.source), text, "door.h")
        return output.read_text(encoding="utf-8"), depfile.read_text(encoding="utf-8")

    def test_near_and_far_headers_count_and_others_do_not(self):
        before, _ = self.stamp()
        self.assertEqual(before, self.stamp()[0])
        (self.source / "other.h").write_text("struct Other {};\n", encoding="utf-8")
        self.assertEqual(before, self.stamp()[0])
        (self.source / "far.h").write_text("struct Far { int more; };\n", encoding="utf-8")
        self.assertNotEqual(before, self.stamp()[0])

    def test_version_and_compiler_count(self):
        self.assertNotEqual(self.stamp()[0], self.stamp("1.0 clang")[0])

    def test_the_build_is_told_what_it_depends_on(self):
        _, depfile = self.stamp()
        words = depfile.split()
        self.assertEqual(f"{self.source}/out.cc:", words[0])
        self.assertEqual({f"{self.source}/{name}" for name in ("door.h", "near.h", "far.h")}, set(words[1:]))

    def test_ours_reaches_what_crosses(self):
        found = module_stamp.reached(ROOT / "src", ["net/net_module.h", "etpan/mail_probe_module.h"])
        for name in ("ports/http_client.h", "ports/call.h", "oauth/provider.h", "base/secret.h", "base/result.h"):
            self.assertIn(name, found)


if __name__ == "__main__":
    unittest.main()
