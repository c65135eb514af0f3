#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for secrets finds what it is to find: in each writing, in parts, in files, processes and memory."""
import base64
import os
import re
import secrets as random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import moments
import traces

ROOT = Path(__file__).resolve().parents[2]
TOKEN, CODE = random.token_urlsafe(1900), random.token_urlsafe(32)


def known():
    return traces.Secrets({TOKEN: "access_token", CODE: "code"})


#: Has the first line of its standard input in memory, and a mapping that core dumps leave out with the second.
HOLDER = """
import mmap, sys
here = sys.stdin.readline()
away = mmap.mmap(-1, 8192)
away.madvise(mmap.MADV_DONTDUMP)
sys.stdout.write("ready\\n"); sys.stdout.flush()
sys.stdin.buffer.raw.readinto(memoryview(away)[:4096])
sys.stdout.write("read\\n"); sys.stdout.flush()
sys.stdin.buffer.raw.read(1)
"""


class Finding(unittest.TestCase):
    def test_each_writing_is_found_and_named(self):
        sasl = [f"{'x' * shift}user=alice\1auth=Bearer {TOKEN}\1\1".encode() for shift in range(3)]
        cases = [(TOKEN.encode(), "as it is"), (TOKEN.encode().hex().encode(), "hexadecimal")]
        cases += [(base64.b64encode(text), "base64") for text in sasl]
        cases += [(base64.urlsafe_b64encode(text), "base64") for text in sasl]
        for text, form in cases:
            with self.subTest(form=form, text=text[:40]):
                self.assertEqual({("access_token", form)}, known().found(b"before: " + text + b" after"))

    def test_a_part_is_found_wherever_it_begins(self):
        for start in range(0, 200, 7):
            self.assertEqual({("access_token", "as it is")}, known().found(TOKEN[start:start + 23].encode()))

    def test_what_is_no_secret_is_not_found(self):
        for text in (random.token_urlsafe(5000).encode(), TOKEN[:15].encode(), os.urandom(100_000)):
            self.assertEqual(set(), known().found(text))

    def test_of_an_id_token_the_signature_is_looked_for(self):
        claims, signature = base64.urlsafe_b64encode(b'{"aud":"the id of a client"}').decode(), random.token_urlsafe(64)
        found = traces.Secrets({f"e30.{claims}.{signature}": "id_token"}).found
        self.assertEqual(set(), found(claims.encode()))
        self.assertEqual({("id_token", "as it is")}, found(signature.encode()))

    def test_files_are_searched_below_the_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a").mkdir()
            Path(folder, "a", "b").write_bytes(b"\0" * 70_000 + CODE.encode() + b"\0")
            Path(folder, "clean").write_text("nothing", encoding="utf-8")
            self.assertEqual({(f"{os.path.basename(folder)}/a/b", "code", "as it is")}, traces.in_files(known(), folder))
            self.assertEqual({("b", "code", "as it is")}, {(os.path.basename(path), *what) for path, *what in
                                                           traces.in_files(known(), os.path.join(folder, "a", "b"))})

    def test_command_line_and_environment_of_marked_processes_are_searched(self):
        mark = f"TRACES_OF={random.token_hex(8)}"
        name, _, value = mark.partition("=")
        with subprocess.Popen([sys.executable, "-c", "input()", CODE], stdin=subprocess.PIPE,
                              env={**os.environ, name: value, "T": TOKEN}) as process:
            moments.wait_for(lambda: traces.processes(mark.encode()) == [process.pid], "the process")
            told = traces.told(process.pid)
            process.communicate(b"\n")
        self.assertEqual({("code", "as it is")}, known().found(told["command line"]))
        self.assertEqual({("access_token", "as it is")}, known().found(told["environment"]))

    def test_memory_is_searched_as_a_core_dump_would_hold_it(self):
        with subprocess.Popen([sys.executable, "-u", "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdin.write(CODE.encode() + b"\n")
            process.stdin.flush()
            self.assertEqual(b"ready\n", process.stdout.readline())
            process.stdin.write(TOKEN.encode())
            process.stdin.flush()
            self.assertEqual(b"read\n", process.stdout.readline())
            dumped = {(kind, form) for _, kind, form, _ in traces.in_core_dump(known(), process.pid)}
            left_out = traces.in_arena(known(), process.pid)
            process.communicate(b"\n")
        self.assertEqual({("code", "as it is")}, dumped)
        self.assertEqual({("access_token", "as it is")}, left_out)


class Table(unittest.TestCase):
    def test_each_row_is_a_moment_that_a_test_looks_at(self):
        sources = "".join(path.read_text(encoding="utf-8") for path in
                          [*ROOT.glob("tests/secrets/*_test.py"), ROOT / "tests/claws/traces_test.py"])
        looked_at = set(re.findall(r'(?:moment|run_into)\(\s*"([^"]+)"', sources))
        self.assertGreater(len(looked_at), 8)
        self.assertEqual(looked_at, set(moments.listed()))

    def test_a_row_says_what_may_be_found(self):
        text = "| login | `code`, `code_verifier` | cpprestsdk |\n| token | nothing | |\n"
        self.assertEqual({"login": {"code", "code_verifier"}}, moments.listed(text))
        self.assertEqual({"a": set()}, moments.listed("| a | nothing | ours |\n"))


if __name__ == "__main__":
    sys.exit(unittest.main())
