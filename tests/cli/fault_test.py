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
import shutil
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
METADATA = "/.well-known/openid-configuration"

# The server was not asked.
NOT_ASKED = {
    "429 for seconds": TRANSIENT, "503 to a date": TRANSIENT, "503 for ever": TRANSIENT, "429 to a far year": TRANSIENT,
    "500 in HTML": TRANSIENT, "hotel": PROTOCOL, "redirect": PROTOCOL, "redirect of the POST": PROTOCOL,
    "empty 200": PROTOCOL, "empty 400": PROTOCOL, "huge": PROTOCOL, "no HTTP": PROTOCOL, "nothing": TRANSIENT,
    "half a head": TRANSIENT, "silent": TRANSIENT,
}
# Before there was a request.
NOT_REACHED = dict.fromkeys(fault_proxy.UNREACHABLE, TRANSIENT)
if os.environ.get("SANITIZER", "none") != "none":
    del NOT_REACHED["name not found"]  # nss_wrapper then loads the C library in a way that sanitizers refuse
# The server answered, and its answer did not arrive whole.
LOST = dict.fromkeys(("reset after the request", "reset within the answer", "truncated", "shorter than its length",
                      "silent after the request", "drip"), TRANSIENT)
WHOLE = dict.fromkeys(fault_proxy.WHOLE, 0)
SOME = ("503 to a date", "hotel", "reset before the request", "reset after the request", "truncated",
        "certificate for another name")
ALL = {**NOT_ASKED, **NOT_REACHED, **LOST, **WHOLE}
SLOW = (*fault_proxy.WAITED_FOR, "black hole", "TLS never answered")


class Cell:
    """A home, a server, a proxy."""

    def __init__(self, authority, folder):
        self.home, self._started = Path(folder), []
        providers = self.home / ".config/mail-oauth/providers"
        providers.mkdir(parents=True, mode=0o700)
        self._hosts, self._manifest = self.home / "hosts", providers / "faulty.json"
        self.proxy = fault_proxy.FaultProxy(authority, self._hosts)
        self._pem = authority.pem
        self.describe(**fault_proxy.endpoints(self.proxy.origin))

    def describe(self, **endpoints):
        manifest = {"schema": 1, "id": "faulty", "name": "Faulty", "ca_file": self._pem, "client_id": "c",
                    "scopes": {"imap": ["mail"]}, **endpoints}
        self._manifest.write_text(json.dumps(manifest), encoding="utf-8")
        self._manifest.chmod(0o600)

    def close(self):
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.proxy.close()

    def start(self, *arguments):
        kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS")
                if name in os.environ}
        env = {"HOME": str(self.home), "PATH": os.environ["PATH"], "XDG_DATA_DIRS": os.environ["XDG_DATA_DIRS"], **kept,
               "LD_PRELOAD": "libnss_wrapper.so", "NSS_WRAPPER_HOSTS": str(self._hosts),
               # It does not wait at its end for a request that it gave up.
               "ASAN_OPTIONS": kept.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0:detect_leaks=0"}
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


def signed_in(cell):
    code, said = cell.login("--paste")
    yield 0, code, said
    yield 1, len(cell.kept()), "what is kept"


def ends(cell, done, kind):
    """With that kind, no secret said, and nothing kept unless it is 0."""
    code, said = done
    yield kind, code, said
    yield False, "-secret" in said, said
    yield code == 0, cell.kept() != [], "what is kept"


def refresh(cell, fault, kind):
    yield from signed_in(cell)
    before, answered = cell.kept(), len(cell.proxy.server.seen)
    cell.proxy.fail(fault, "/token")
    code, said = cell.run("token", ALICE, "--json")
    yield kind, code, said
    yield kind == 0, cell.kept() != before, "what is kept"
    yield fault in LOST or kind == 0, len(cell.proxy.server.seen) - answered, cell.proxy.asked
    yield code == 0, "secret" in said, said
    cell.proxy.clear()
    code, said = cell.run("token", ALICE, "--json")
    yield REAUTHORIZE if fault in LOST else 0, code, said
    yield 1, len(cell.kept()), "what is kept"


def redemption(cell, fault, kind):
    yield from ends(cell, cell.login("--paste", before_answer=lambda: cell.proxy.fail(fault, "/token")), kind)
    yield fault in LOST or kind == 0, len(cell.proxy.server.seen), cell.proxy.asked
    cell.proxy.clear()
    yield from signed_in(cell)


def device_authorization(cell, fault, kind):
    cell.proxy.fail(fault, "/device")
    yield from ends(cell, cell.login("--device"), kind)
    yield fault in LOST or kind == 0, "/device" in cell.proxy.server.seen, cell.proxy.asked
    cell.proxy.clear()
    code, said = cell.login("--device")
    yield 0, code, said


def device_poll(cell, fault, kind):
    """What may pass is asked again, until the code's end; what was lost has used the code up."""
    cell.proxy.server.lifetime = 80 if fault in SLOW and fault not in NOT_REACHED else 15
    cell.proxy.fail(fault, "/token", behind="/device")
    if fault in NOT_ASKED and kind == TRANSIENT:
        kind, polls = 0, 2
    elif fault in LOST:
        kind, polls = REAUTHORIZE, 2
    else:
        polls = 0 if fault in NOT_REACHED else 1
    yield from ends(cell, cell.login("--device"), kind)
    yield polls, cell.proxy.asked.count("/token"), cell.proxy.asked
    cell.proxy.clear()
    code, said = cell.login("--device")
    yield 0, code, said


def metadata(cell, fault, kind):
    """Fetched before anybody is asked for anything."""
    cell.describe(issuer=cell.proxy.origin)
    cell.proxy.fail(fault, METADATA)
    yield from ends(cell, cell.login("--device"), kind)
    yield kind == 0, "/device" in cell.proxy.asked, cell.proxy.asked
    cell.proxy.clear()
    yield from signed_in(cell)


def metadata_at_sign_out(cell, fault, kind):
    """Where to revoke is not known then: signing out works without."""
    cell.describe(issuer=cell.proxy.origin)
    yield from signed_in(cell)
    shutil.rmtree(cell.home / ".cache/mail-oauth/metadata")
    cell.proxy.fail(fault, METADATA)
    code, said = cell.run("logout", ALICE, "--json")
    yield 0, code, said
    yield False, "secret" in said, said
    yield [], cell.kept(), "what is kept"
    yield kind == 0, "/revoke" in cell.proxy.asked, cell.proxy.asked
    cell.proxy.clear()
    yield from signed_in(cell)


def revocation(cell, fault, _):
    """Signing out always works here; that the provider may not know is said."""
    yield from signed_in(cell)
    cell.proxy.fail(fault, "/revoke")
    code, said = cell.run("logout", ALICE, "--json")
    yield 0, code, said
    yield False, "secret" in said, said
    yield [], cell.kept(), "what is kept"
    yield fault not in NOT_REACHED, cell.proxy.asked.count("/revoke") == 1, cell.proxy.asked
    cell.proxy.clear()
    yield from signed_in(cell)


EVERY = "--all" in sys.argv
FLOWS = (refresh, redemption, device_authorization, device_poll, metadata, metadata_at_sign_out, revocation)


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.authority = certificates.Authority(str(cls.folder / "ca"))
        for kind in certificates.KINDS:
            cls.authority.server(kind)

    def run_cell(self, flow, fault, number):
        cell = Cell(self.authority, self.folder / f"{flow.__name__}{number}")
        self.addCleanup(cell.close)
        began = time.monotonic()
        wrong = [(fault, flow.__name__, at, expected, got, said)
                 for at, (expected, got, said) in enumerate(flow(cell, fault, ALL[fault])) if expected != got]
        if os.environ.get("FAULT_TIMES"):
            print(f"{time.monotonic() - began:6.2f} s  {flow.__name__}: {fault}", file=sys.stderr)
        return wrong

    def test_each_fault_at_each_step(self):
        wanted = [(flow, fault) for flow in FLOWS for fault in ALL if EVERY or flow is refresh or fault in SOME]
        wanted.sort(key=lambda cell: cell[1] not in SLOW)  # what waits goes first
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            cells = [threads.submit(self.run_cell, *cell, number) for number, cell in enumerate(wanted)]
        for done in cells:
            with self.subTest():
                self.assertFalse("".join(f"{line}\n" for line in done.result()))
        print(len(wanted), "cells", file=sys.stderr)


if __name__ == "__main__":
    unittest.main(argv=[word for word in sys.argv if word != "--all"])
