#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every file of the tree: a licence, no download addresses, executable scripts."""
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LICENCE = b"SPDX-License-Identifier: GPL-3.0-or-later"
NOT_OURS = re.compile(r"(^|/)(\.git|build[^/]*|node_modules|__pycache__|\.cache)(/|$)|\.pyc$|^compile_commands\.json$")


def files(root):
    """The tracked files; where git cannot say (a tarball, no git), all that .gitignore would leave."""
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, check=False) \
        if any(os.access(Path(p, "git"), os.X_OK) for p in os.environ["PATH"].split(":")) else None
    if listed and listed.returncode == 0:
        names = listed.stdout.decode().rstrip("\0").split("\0")
    else:
        names = [str(p.relative_to(root)) for p in Path(root).rglob("*")]
    return sorted(n for n in names if not NOT_OURS.search(n) and Path(root, n).is_file())


def listed_elsewhere(root):
    """The patterns of REUSE.toml: files that cannot hold a comment."""
    data = tomllib.loads(Path(root, "REUSE.toml").read_text(encoding="utf-8"))
    return [pattern for block in data["annotations"] for pattern in block["path"]]


def left_out_of_the_build(root):
    """Folders of tests that have a meson.build which tests/meson.build does not name."""
    named = set(re.findall(r"subdir\('([^']+)'\)", Path(root, "tests/meson.build").read_text(encoding="utf-8")))
    return sorted({p.parent.name for p in Path(root, "tests").glob("*/meson.build")} - named)


def without_licence(root):
    patterns = listed_elsewhere(root)
    return [name for name in files(root)
            if LICENCE not in Path(root, name).read_bytes()[:2000]
            and not any(fnmatch(name, p) for p in patterns)]


class Tree(unittest.TestCase):
    def test_every_file_says_its_licence(self):
        self.assertEqual(without_licence(ROOT), [])

    def test_lock_files_hold_no_download_address(self):
        locks = [n for n in files(ROOT) if n.endswith("package-lock.json")]
        self.assertEqual([n for n in locks if '"resolved"' in Path(ROOT, n).read_text(encoding="utf-8")], [])

    def test_what_starts_with_an_interpreter_line_in_tools_is_executable(self):
        scripts = [n for n in files(ROOT) if n == "run" or n.startswith(".ci/") or
                   (n.startswith("tests/tools/") and Path(ROOT, n).read_bytes().startswith(b"#!"))]
        self.assertEqual([n for n in scripts if not os.access(Path(ROOT, n), os.X_OK)], [])

    def test_no_folder_of_tests_is_left_out_of_the_build(self):
        self.assertEqual(left_out_of_the_build(ROOT), [])

    def test_a_folder_of_tests_that_is_left_out_is_found(self):
        with tempfile.TemporaryDirectory() as root:
            for name in ("tests", "tests/kept", "tests/lost"):
                Path(root, name).mkdir()
                Path(root, name, "meson.build").write_text("subdir('kept')\n", encoding="utf-8")
            self.assertEqual(left_out_of_the_build(root), ["lost"])

    def test_every_source_with_words_for_a_person_is_open_to_translators(self):
        words = re.compile(r"\b(N?_|translated_plural)\(")
        holders = [n for n in files(ROOT) if n.startswith(("src/", "plugin/")) and n.endswith((".cc", ".h"))
                   and not n.startswith("src/base/i18n.") and words.search(Path(ROOT, n).read_text(encoding="utf-8"))]
        listed = [n for n in Path(ROOT, "po/POTFILES").read_text(encoding="utf-8").split("\n")
                  if n and not n.startswith("#")]
        self.assertEqual(sorted(set(listed)), holders, "run tests/tools/potfiles.sh")

    def test_no_folder_of_tests_is_forgotten(self):
        built = set(re.findall(r"subdir\('(\w+)'\)", Path(ROOT, "tests/meson.build").read_text(encoding="utf-8")))
        folders = {n.split("/")[1] for n in files(ROOT) if re.fullmatch(r"tests/\w+/meson.build", n)}
        self.assertEqual(sorted(folders - built), [])

    def test_a_file_without_a_licence_is_found(self):
        with tempfile.TemporaryDirectory() as root:
            Path(root, "REUSE.toml").write_text('[[annotations]]\npath = ["*.json"]\n', encoding="utf-8")
            Path(root, "a.json").write_text("{}", encoding="utf-8")
            Path(root, "a.py").write_text("print()", encoding="utf-8")
            Path(root, "build").mkdir()
            Path(root, "build", "a.o").write_text("", encoding="utf-8")
            self.assertEqual(without_licence(root), ["REUSE.toml", "a.py"])


if __name__ == "__main__":
    sys.exit(unittest.main())
