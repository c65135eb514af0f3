# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of faults of mail servers share: which there are, and somebody signed in who meets them."""
import collections
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))

# pylint: disable=wrong-import-position
from cli_case import ALICE, CliCase, bed, write_manifest

import certificates
import mail_fault_proxy
from mail_fault_proxy import HANDSHAKE, STEPS

EVERY = "--all" in sys.argv
PROTOCOLS = ("imap", "pop", "smtp")
LIMIT = 120  # seconds, for what must not take long

# What a login ends with; it works all the same where there is no error.
WORKS = ("byte by byte", "dripping", "delayed")
BROKEN = ("reset before the answer", "reset within the answer", "reset after the answer", "cut off", "hung up")
SILENT = ("silent", "stalled within the answer", "dripping without an end", "dripping below TLS")
FOREIGN = tuple(mail_fault_proxy.ANSWERS)
FAULTS = (*WORKS, *BROKEN, *SILENT, *FOREIGN)

Case = collections.namedtuple("Case", "protocol starttls step fault")


def cases():
    """Those that there are: IMAP's greeting has its capabilities, and a login over SMTP opens no mailbox."""
    for protocol in PROTOCOLS:
        for starttls in (False, True):
            none = {("imap", "go-ahead"), ("smtp", "mailbox"), *(() if starttls else ((protocol, "starttls"),
                                                                                       ("imap", "capabilities")))}
            for step in STEPS:
                if (protocol, step) not in none:
                    yield from (Case(protocol, starttls, step, fault) for fault in FAULTS)
            yield from (Case(protocol, starttls, "tls", fault) for fault in HANDSHAKE)


class LoginHost:
    """A program that stays (login_host.cc), until the test `case` ends. `held`: what it held after the last round."""

    def __init__(self, case, wrapper=(), **env):
        self.held = {}
        self._errors = tempfile.TemporaryFile("w+")
        case.addCleanup(self._errors.close)
        self.process = subprocess.Popen([*wrapper, os.environ["LOGIN_HOST"], "odd", os.environ["BED_CLIENT_ID"], ALICE,
                                         str(case.anchors)], env=case.environment(**env), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self._errors, text=True)
        case.addCleanup(self.close)

    def close(self):
        """How it ended."""
        if self.process.returncode is None:
            self.process.communicate(timeout=LIMIT)
        return self.process.returncode

    def errors(self):
        self._errors.seek(0)
        return self._errors.read()

    def ask(self, words):
        """Those sign in at once: for each the outcome, an error's code, its words (one_login.h)."""
        self.begin(words)
        return self.end()

    def begin(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def end(self):
        self.held = json.loads(self.process.stdout.readline())
        return [tuple(outcome.split("\t")) for outcome in self.held.pop("outcomes")]


class FaultCase(CliCase):
    """Alice is signed in at the provider "odd", and nothing was asked of it since."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.authority = certificates.Authority(str(self.folder / "ca"))
        self.anchors = self.folder / "both.pem"
        self.anchors.write_text(Path(os.environ["BED_CA"]).read_text("ascii") + Path(self.authority.pem).read_text("ascii"), "ascii")
        for kind in certificates.KINDS:
            self.authority.server(kind)
        write_manifest("odd", extends="bed", name="Odd", domains=[], client_id=os.environ["BED_CLIENT_ID"],
                       ca_file=str(self.anchors))
        self.sign_in(ALICE, "--provider", "odd", BED_BROWSER_USER=ALICE)
        self.token = self.run_ok("token", ALICE).strip()
        bed("clear_requests")

    def proxy(self, case):
        target = os.environ[f"BED_{case.protocol.upper()}{'_STARTTLS' if case.starttls else ''}_PORT"]
        proxy = mail_fault_proxy.MailFaultProxy(self.authority, case.protocol, int(target), case.starttls, case.fault,
                                                case.step)
        self.addCleanup(proxy.close)
        return proxy

    def assert_grant_is_as_it_was(self):
        self.assertEqual(self.token, self.run_ok("token", ALICE).strip())
        renewals = [request for request in bed("requests")["requests"]
                    if request.get("grant_type") == "refresh_token" and request["status"] == 200]
        self.assertEqual([], renewals)
