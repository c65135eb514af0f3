#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogues of an installed copy: they are put where the command looks for them, and found there."""
import os
import subprocess
import tempfile
import unittest
from pathlib import Path


class Installed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="words-")
        self.addCleanup(folder.cleanup)
        subprocess.run(["meson", "install", "-C", os.environ["BUILD"], "--no-rebuild", "--quiet", "--tags", "i18n",
                        "--destdir", folder.name], check=True, capture_output=True)
        self.found = sorted(Path(folder.name).rglob("mail-oauth.mo"))

    def test_every_language_is_installed_below_the_folder_of_locales(self):
        listed = (Path(__file__).resolve().parents[2] / "po" / "LINGUAS").read_text(encoding="utf-8")
        languages = [line for line in listed.split("\n") if line and not line.startswith("#")]
        self.assertEqual(languages, [path.parts[-3] for path in self.found])
        self.assertTrue(all(path.parts[-4:-3] == ("locale",) and path.parts[-2] == "LC_MESSAGES" for path in self.found))

    def test_the_command_speaks_them(self):
        for path, word in zip(self.found, ("Aufruf: ", "Utilisation\N{NO-BREAK SPACE}: ")):
            done = subprocess.run([os.environ["MAIL_OAUTH"], "--help"], capture_output=True, text=True, check=True,
                                  encoding="utf-8",
                                  env={**os.environ, "LC_ALL": "en_US.UTF-8", "LOCPATH": os.environ["MAIL_OAUTH_LOCPATH"], "LANGUAGE": path.parts[-3],
                                       "XDG_DATA_DIRS": str(path.parents[3])})
            self.assertTrue(done.stdout.startswith(word), done.stdout)


if __name__ == "__main__":
    unittest.main()
