# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of a bed as accountrc holds them, what the plugin keeps with each, and messages to send."""
import base64
import json
import os
import time


def intent(env, identity, mailbox="", **more):
    """The plugin's value, turned on as an administrator would; `env` is the bed's."""
    value = {"v": 1, "enabled": True, "provider": "bed", "client": env["BED_CLIENT_ID"], "tenant": "",
             "identity": identity, "mailbox": mailbox, "smtp_user": "identity", "store": "keyring", **more}
    return "mail_oauth=" + base64.b64encode(json.dumps(value).encode()).decode()


def account(env, name, user, *, smtp="SMTP_WIDE", pop=False, prefs=None, **more):
    """An account with a password's settings; `prefs` is what intent() gave."""
    values = {
        "account_name": name, "name": name, "address": user, "is_default": 0, "receive_server": "localhost",
        "smtp_server": "localhost", "user_id": user, "use_smtp_auth": 1, "smtp_auth_method": 16,
        "smtp_user_id": user, "ssl_smtp": 1, "set_smtpport": 1, "smtp_port": env[f"BED_{smtp}_PORT"],
        "ssl_certs_auto_accept": 1, "receive_at_get_all": 1}
    if pop:
        values.update(protocol=0, ssl_pop=1, set_popport=1, pop_port=env["BED_POP_PORT"], remove_mail=0)
    else:
        values.update(protocol=1, imap_auth_method=1, ssl_imap=1, set_imapport=1, imap_port=env["BED_IMAP_PORT"])
    if prefs:
        values["privacy_prefs"] = prefs
    return {**values, **more}


def queue_message(profile, number, sender, recipient, subject):
    """A message in the queue folder, as the host's own compose window leaves it for that account."""
    text = (f"AF:\nNF:0\nPS:10\nSRH:1\nSFN:\nDSR:\nMID:\nCFG:\nPT:0\nS:{sender}\nRQ:\nSSV:localhost\nNSV:\nSSH:\n"
            f"R:<{recipient}>\nMAID:{number}\nX-Claws-End-Special-Headers: 1\n"
            f"Date: Mon, 1 Jan 2024 10:00:00 +0000\nFrom: {sender}\nTo: {recipient}\nSubject: {subject}\n"
            f"Message-ID: <{time.monotonic_ns()}@contoso.test>\nMIME-Version: 1.0\n"
            f"Content-Type: text/plain; charset=UTF-8\n\nHello.\n")
    path = os.path.join(profile.home, "Mail", "queue", str(time.monotonic_ns() % 10**8))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
