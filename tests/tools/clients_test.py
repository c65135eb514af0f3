#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The meson option `clients`: a distributor's files are installed where the catalog looks for them."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Clients(unittest.TestCase):
    def configure(self, folder, *options):
        build = Path(folder, "build")
        done = subprocess.run(["meson", "setup", build, ROOT, "-Dclaws=disabled", "-Dtests=false", "--prefix=/usr", *options],
                              capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=110)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        installed = json.loads((build / "meson-info" / "intro-installed.json").read_text(encoding="utf-8"))
        return {os.path.basename(source): target for source, target in installed.items()
                if os.path.dirname(target).endswith("/clients")}

    def test_the_files_go_beside_the_shipped_manifests(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "microsoft365.json")
            file.write_text('{"schema":1,"id":"microsoft365","extends":"microsoft365","client_id":"c"}', encoding="utf-8")
            self.assertEqual({"microsoft365.json": "/usr/share/mail-oauth/clients/microsoft365.json"},
                             self.configure(folder, f"-Dclients={file}"))


if __name__ == "__main__":
    if not shutil.which("meson"):
        raise SystemExit("meson is missing")
    unittest.main()
