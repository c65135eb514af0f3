# SPDX-License-Identifier: GPL-3.0-or-later
"""The step of the demo that signs in over libetpan: `mail-oauth check` uses etpan::login, by all three protocols."""
import base64
import json

ALICE, SHARED = "alice@contoso.test", "support@contoso.test"
PORTS = {"imap": "IMAP", "pop": "POP", "smtp": "SMTP"}
TOKEN_BYTES = 2500


def step(demo):
    """The step, for run_step of demo.py."""
    def signs_in_by_three_protocols():
        """mail-oauth check signs in over IMAP, POP3 and SMTP: to the own mailbox, and to the shared one"""
        before = len(demo.bed.control("transcript")["connections"])
        own, team = logins(demo), logins(demo, "--mailbox", SHARED)
        for protocol, port in PORTS.items():
            sizes = tokens_sent(demo.bed.control("transcript")["connections"][before:], port)
            if sizes != [TOKEN_BYTES] * 2:
                raise RuntimeError(f"{port} was sent tokens of {sizes} bytes")
            if ALICE not in own[protocol]:
                raise RuntimeError(f"{port}: {own[protocol]}")
        if [SHARED in team["imap"], SHARED in team["pop"], ALICE in team["smtp"]] != [True] * 3:
            raise RuntimeError(f"the names beside the tokens are {team}")
        return f"two logins each with {TOKEN_BYTES} bytes; IMAP: {team['imap']}"
    return signs_in_by_three_protocols


def logins(demo, *arguments):
    """What `check` says about the login of each protocol, once every link holds."""
    links = json.loads(demo.mail_oauth("check", "--json", "--full", ALICE, *arguments))["links"]
    return {link["protocol"]: link["message"] for link in links if link["name"] == "login"}


def tokens_sent(talks, port):
    """The sizes of the tokens in what clients sent to a port."""
    responses = [word for talk in talks if talk["port"] == port for word in talk["client"].split()
                 if word.startswith("dXNlcj")]  # "user="
    return [len(base64.b64decode(word).split(b"auth=Bearer ")[1].rstrip(b"\1")) for word in responses]
