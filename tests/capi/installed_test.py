#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The docs' host, compiled and run against an installed copy, by pkg-config alone."""
import os
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# pylint: disable=wrong-import-position
from capi_case import ALICE, ROOT, CapiCase, bed


def installed(folder, name):
    """The one file of that name below the folder."""
    found = list(Path(folder).rglob(name))
    assert len(found) == 1, f"{name}: {found}"
    return found[0]


class Installed(CapiCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="installed-")
        self.addCleanup(folder.cleanup)
        self.destdir = os.path.join(folder.name, "root")
        self.program = os.path.join(folder.name, "mail-host")
        subprocess.run(["meson", "install", "-C", os.environ["BUILD"], "--no-rebuild", "--quiet",
                        "--tags", "runtime,devel", "--destdir", self.destdir], check=True, capture_output=True)

    def pkg_config(self, *arguments):
        folder = installed(self.destdir, "mail-oauth.pc").parent
        env = {**os.environ, "PKG_CONFIG_SYSROOT_DIR": self.destdir, "PKG_CONFIG_LIBDIR": str(folder)}
        done = subprocess.run(["pkg-config", *arguments, "mail-oauth"], env=env, capture_output=True, text=True,
                              check=True)
        return shlex.split(done.stdout)

    def test_a_host_needs_only_what_pkg_config_says(self):
        subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o", self.program,
                        os.path.join(ROOT, "docs", "mail-host.c"), *self.pkg_config("--cflags", "--libs"), "-letpan"],
                       check=True)
        needed = subprocess.run(["readelf", "-d", self.program], capture_output=True, text=True, check=True).stdout
        self.assertIn("libmail-oauth.so.0", needed)
        self.assertEqual(1, len(self.pkg_config("--modversion")))
        bed("deliver", mailbox=ALICE, subject="For the installed one", body="hello")
        bed("expire_tokens")  # so that the part that speaks with web servers has to be found

        library = installed(self.destdir, "libmail-oauth.so.0")
        os.environ["MAIL_HOST"] = self.program
        # Below DESTDIR nothing is where it was built for.
        code, out, err = self.run_host(LD_LIBRARY_PATH=f"{library.parent}:{library.parent}/mail-oauth")

        self.assertEqual((0, ""), (code, err))
        self.assertIn("listed: For the installed one\nfetched: ", out)
        self.assertTrue(out.endswith("sent\n"), out)


if __name__ == "__main__":
    unittest.main()
