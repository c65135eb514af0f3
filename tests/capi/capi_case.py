# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the C library share: the programs in C, run against the bed around us."""
import os
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "cli"))
sys.path.insert(0, os.path.join(ROOT, "tests", "bed"))

# pylint: disable=wrong-import-position,unused-import
from cli_case import ALICE, BOB, CONFIG, PROVIDERS, REAUTHORIZE, REFUSED, SECONDS, STORAGE, TRANSIENT, CliCase, bed

SHARED = "support@contoso.test"


class CapiCase(CliCase):
    """Alice is signed in, with tokens of 2,500 bytes, when a test begins."""

    def setUp(self):
        super().setUp()
        bed("set", token_bytes=2500)
        self.sign_in()
        for mailbox in (ALICE, SHARED):
            bed("clear_mailbox", mailbox=mailbox)
        bed("clear_transcript")

    def ports(self, *names):
        return [os.environ[f"BED_{name}_PORT"] for name in names or ("IMAP", "POP", "SMTP")]

    def run_program(self, name, *arguments, **env):
        return subprocess.run([os.environ[name], *arguments], env=self.environment(**env), text=True,
                              capture_output=True, timeout=3 * SECONDS, check=False)

    def run_host(self, address=ALICE, *more, ports=None, host="localhost", **env):
        """The host of the docs: (exit code, stdout, stderr)."""
        done = self.run_program("MAIL_HOST", address, host, *(ports or self.ports()), *more, **env)
        self.assertNotIn("eyJ", done.stdout + done.stderr)
        return done.returncode, done.stdout, done.stderr

    def users(self, port):
        """Who was named beside a token to a server, by the transcripts."""
        import base64
        import re
        found = []
        for talk in bed("transcript", port=port)["connections"]:
            for word in re.findall(r"[A-Za-z0-9+/=]{40,}", talk["client"]):
                match = re.match(rb"(?:user=|n,a=)([^\1,]+)", base64.b64decode(word))
                if match:
                    found.append(match.group(1).decode())
        return found
