# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts that the demo gives Claws Mail, and a message in its queue."""
import base64
import json
import os
import time


def _intent(env, identity, mailbox):
    value = {"v": 1, "enabled": True, "provider": "bed", "client": env["BED_CLIENT_ID"], "tenant": "",
             "identity": identity, "mailbox": mailbox, "smtp_user": "identity", "store": "keyring"}
    return "mail_oauth=" + base64.b64encode(json.dumps(value).encode()).decode()


def _account(env, name, address, intent, default):
    return {
        "account_name": name, "name": name, "address": address, "is_default": default, "protocol": 1,
        "receive_server": "localhost", "imap_auth_method": 128, "ssl_imap": 1, "set_imapport": 1,
        "imap_port": env["BED_IMAP_PORT"], "user_id": address, "smtp_server": "localhost", "use_smtp_auth": 1,
        "smtp_auth_method": 16, "smtp_user_id": address, "ssl_smtp": 1, "set_smtpport": 1,
        "smtp_port": env["BED_SMTP_WIDE_PORT"], "ssl_certs_auto_accept": 1, "receive_at_get_all": 1,
        "privacy_prefs": intent}


def accounts(env, identity, shared):
    """The identity's own mailbox and a shared one, both turned on as an administrator would."""
    return {1: _account(env, "Alice", identity, _intent(env, identity, ""), 1),
            2: _account(env, "Support", shared, _intent(env, identity, shared), 0)}


def queue_message(profile, sender, recipient, subject):
    """As the host's own compose window leaves it for account 1."""
    text = (f"AF:\nNF:0\nPS:10\nSRH:1\nSFN:\nDSR:\nMID:\nCFG:\nPT:0\nS:{sender}\nRQ:\nSSV:localhost\nNSV:\nSSH:\n"
            f"R:<{recipient}>\nMAID:1\nX-Claws-End-Special-Headers: 1\n"
            f"Date: Mon, 1 Jan 2024 10:00:00 +0000\nFrom: {sender}\nTo: {recipient}\nSubject: {subject}\n"
            f"Message-ID: <{time.monotonic_ns()}@contoso.test>\nMIME-Version: 1.0\n"
            f"Content-Type: text/plain; charset=UTF-8\n\nHello.\n")
    path = os.path.join(profile.home, "Mail", "queue", str(time.monotonic_ns() % 10**8))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
