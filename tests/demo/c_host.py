# SPDX-License-Identifier: GPL-3.0-or-later
"""The step of the demo in which a program in plain C, docs/mail-host.c, reads and sends mail."""
import os
import subprocess

ALICE = "alice@contoso.test"


def step(demo):
    """The step, for run_step of demo.py."""
    def lists_fetches_and_sends():
        """a mail program of a hundred lines of C lists, fetches and sends"""
        demo.bed.control("deliver", mailbox=ALICE, subject="For the C host", body="Hello.")
        program = os.path.join(os.path.dirname(demo.command), "..", "..", "tests", "capi", "mail-host")
        ports = [demo.bed.env[f"BED_{name}_PORT"] for name in ("IMAP", "POP", "SMTP")]
        done = subprocess.run([program, ALICE, "localhost", *ports], env=demo.bed.env, capture_output=True, text=True,
                              timeout=120, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        said = done.stdout.splitlines()
        if "listed: For the C host" not in said or said[-1] != "sent" or not said[-2].startswith("fetched: "):
            raise RuntimeError(f"the C host said {said}")
        if "sent by mail-host" not in demo.subjects(ALICE):
            raise RuntimeError("what the C host sent did not arrive")
        return f"IMAP: {len(said) - 2} messages; POP3: {said[-2]}; SMTP: sent"
    return lists_fetches_and_sends
