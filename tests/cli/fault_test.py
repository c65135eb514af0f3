#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault of an authorization server at each step of each flow, as somebody meets it who runs `mail-oauth`: the kind of
the error, what is kept, how often the server was asked, and whether the next try works. Needs no bed: each cell has a home,
a server and a proxy of its own, and they run side by side.

    fault_test.py [--all]     all faults at the refresh, and some elsewhere; with --all every one
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "bed"))

# pylint: disable=wrong-import-position
import certificates
import fault_proxy

COMMAND = os.environ["MAIL_OAUTH"]
ALICE = "alice@contoso.test"
SECONDS = 60
REAUTHORIZE, TRANSIENT, PROTOCOL = 3, 5, 8
# The reset may overtake what was sent before it.
EITHER = (TRANSIENT, PROTOCOL)

# The server was not asked.
NOT_ASKED = {
    "429 for seconds": TRANSIENT, "503 to a date": TRANSIENT, "503 for ever": TRANSIENT, "429 to a far year": TRANSIENT,
    "500 in HTML": TRANSIENT, "hotel": PROTOCOL, "redirect": PROTOCOL, "redirect of the POST": PROTOCOL,
    "empty 200": PROTOCOL, "empty 400": PROTOCOL, "huge": PROTOCOL, "no HTTP": PROTOCOL, "nothing": TRANSIENT,
    "half a head": TRANSIENT,
}
# Before there was a request.
NOT_REACHED = dict.fromkeys(("reset before the request", *fault_proxy.TLS_FAULTS), TRANSIENT)
# The server answered, and its answer did not arrive whole.
LOST = {"reset after the request": TRANSIENT, "reset within the answer": EITHER, "truncated": PROTOCOL,
        "shorter than its length": PROTOCOL}
SOME = ("503 to a date", "hotel", "reset before the request", "reset after the request", "truncated",
        "certificate for another name")
ALL = {**NOT_ASKED, **NOT_REACHED, **LOST}


class Cell:
    """A home, a server, a proxy."""

    def __init__(self, authority, folder):
        self.proxy = fault_proxy.FaultProxy(authority)
        self.home, self._started = Path(folder), []
        origin = f"https://localhost:{self.proxy.port}"
        providers = self.home / ".config/mail-oauth/providers"
        providers.mkdir(parents=True, mode=0o700)
        manifest = {"schema": 1, "id": "faulty", "name": "Faulty", "ca_file": authority.pem, "client_id": "c",
                    "authorization_endpoint": f"{origin}/auth", "token_endpoint": f"{origin}/token",
                    "device_authorization_endpoint": f"{origin}/device", "revocation_endpoint": f"{origin}/revoke",
                    "scopes": {"imap": ["mail"]}}
        file = providers / "faulty.json"
        file.write_text(json.dumps(manifest), encoding="utf-8")
        file.chmod(0o600)

    def close(self):
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.proxy.close()

    def fail(self, fault, path):
        self.proxy.fault, self.proxy.path = fault, None if fault in NOT_REACHED else path

    def start(self, *arguments):
        kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS")
                if name in os.environ}
        env = {"HOME": str(self.home), "PATH": os.environ["PATH"], "XDG_DATA_DIRS": os.environ["XDG_DATA_DIRS"], **kept}
        self._started.append(subprocess.Popen([COMMAND, *arguments], env=env, text=True, stdin=subprocess.PIPE,
                                              stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        return self._started[-1]

    def run(self, *arguments):
        process = self.start(*arguments)
        out, err = process.communicate("", timeout=SECONDS)
        return process.returncode, out + err

    def login(self, *how, before_answer=lambda: None):
        process = self.start("login", *how, "--json", "--provider", "faulty", "--store", "command", "--store-write",
                             "base64", "--store-read", "base64 -d", ALICE)
        first = process.stdout.readline()
        before_answer()
        text = ""
        if "authorization_url" in first:
            asked = parse_qs(urlsplit(json.loads(first)["url"]).query)
            text = f"{asked['redirect_uri'][0]}?code=c-secret&state={asked['state'][0]}\n"
        out, err = process.communicate(text, timeout=SECONDS)
        return process.returncode, first + out + err

    def kept(self):
        files = [path for path in self.home.rglob("grants/*") if path.is_file() and path.suffix != ".lock"]
        return sorted(path.read_bytes() for path in files)


def refresh(cell, fault, kind):
    code, said = cell.login("--paste")
    yield 0, code, said
    before, answered = cell.kept(), len(cell.proxy.server.seen)
    yield 1, len(before), before
    cell.fail(fault, "/token")
    code, said = cell.run("token", ALICE, "--json")
    yield True, code in (kind if isinstance(kind, tuple) else (kind,)), (code, said)
    yield before, cell.kept(), "what is kept"
    yield fault in LOST, len(cell.proxy.server.seen) - answered, cell.proxy.asked
    yield False, "secret" in said, said
    cell.fail(None, None)
    code, said = cell.run("token", ALICE, "--json")
    yield REAUTHORIZE if fault in LOST else 0, code, said
    yield 1, len(cell.kept()), "what is kept"


def redemption(cell, fault, kind):
    code, said = cell.login("--paste", before_answer=lambda: cell.fail(fault, "/token"))
    yield True, code in (kind if isinstance(kind, tuple) else (kind,)), (code, said)
    yield [], cell.kept(), "what is kept"
    yield fault in LOST, len(cell.proxy.server.seen), cell.proxy.asked
    yield False, "c-secret" in said or "a-secret" in said or "r-secret" in said, said
    cell.fail(None, None)
    code, said = cell.login("--paste")
    yield 0, code, said


def device_authorization(cell, fault, kind):
    cell.fail(fault, "/device")
    code, said = cell.login("--device")
    yield True, code in (kind if isinstance(kind, tuple) else (kind,)), (code, said)
    yield [], cell.kept(), "what is kept"
    yield fault in LOST, len(cell.proxy.server.seen), cell.proxy.asked
    yield False, "d-secret" in said, said
    cell.fail(None, None)
    code, said = cell.login("--device")
    yield 0, code, said


def revocation(cell, fault, _):
    """Signing out always works here; that the provider may not know is said."""
    code, said = cell.login("--paste")
    yield 0, code, said
    cell.fail(fault, "/revoke")
    code, said = cell.run("logout", ALICE, "--json")
    yield 0, code, said
    yield False, "secret" in said, said
    yield [], cell.kept(), "what is kept"
    yield fault not in NOT_REACHED, cell.proxy.asked.count("/revoke") == 1, cell.proxy.asked
    cell.fail(None, None)
    code, said = cell.login("--paste")
    yield 0, code, said


EVERY = "--all" in sys.argv
FLOWS = (refresh, redemption, device_authorization, revocation)


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.authority = certificates.Authority(str(cls.folder / "ca"))
        for kind in certificates.KINDS:
            cls.authority.server(kind)

    def cell(self, name):
        cell = Cell(self.authority, self.folder / name)
        self.addCleanup(cell.close)
        return cell

    def run_cell(self, flow, number, fault):
        cell = self.cell(f"{flow.__name__}{number}")
        began = time.monotonic()
        wrong = [(fault, flow.__name__, at, expected, got, said)
                 for at, (expected, got, said) in enumerate(flow(cell, fault, ALL[fault])) if expected != got]
        if os.environ.get("FAULT_TIMES"):
            print(f"{time.monotonic() - began:6.2f} s  {flow.__name__}: {fault}", file=sys.stderr)
        return wrong

    def test_each_fault_at_each_step(self):
        with concurrent.futures.ThreadPoolExecutor(6) as threads:
            cells = [threads.submit(self.run_cell, flow, number, fault)
                     for flow in FLOWS for number, fault in enumerate(ALL)
                     if EVERY or flow is refresh or fault in SOME]
        for done in cells:
            with self.subTest():
                self.assertFalse("".join(f"{line}\n" for line in done.result()))

    def test_an_answer_byte_by_byte_is_an_answer(self):
        cell = self.cell("bytes")
        self.assertEqual(0, cell.login("--paste")[0])
        cell.fail("byte by byte", "/token")
        code, said = cell.run("token", ALICE, "--json")
        self.assertEqual(0, code, said)


if __name__ == "__main__":
    unittest.main(argv=[word for word in sys.argv if word != "--all"])
