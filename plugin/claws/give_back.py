#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the plugin's accounts off in a Claws Mail folder, for when the plugin is about to go.

What the plugin itself does when a person turns an account off (field_follower.cc, password_mover.cc), on the
files: the saved fields come back, then the passwords. The host encrypts each password by itself and under one key
for all, so they move as they are, and no passphrase is needed. Every file is replaced whole, and a run that was
killed is finished by the next. Claws Mail must not run: it writes these files back when it ends.

Without arguments: ~/.claws-mail of whoever calls; under sudo of the person who called sudo, with that person's
rights. Exits with 1, and changes nothing, while Claws Mail runs or when a file cannot be read.
"""
import argparse
import base64
import json
import os
import pwd
import re
import sys
from pathlib import Path
from urllib.parse import quote

BLOCK = "[plugin:mail_oauth]"
KEYS = {"userid": "user_id", "smtp_userid": "smtp_user_id", "oauth2_provider": "oauth2_auth_provider"}  # The others are named alike in accountrc.
#: What `saved` holds beside the host's fields: names of passwords, servers that the plugin has replaced, a password lent for sending,
#: the list of what was received over POP3.
OUR_OWN = ("recv_server", "smtp_server", "servers", "lent", "pop_list")
#: Host, port, whether the port is set, TLS.
SERVER_KEYS = {"imap": ("receive_server", "imap_port", "set_imapport", "ssl_imap"),
               "pop": ("receive_server", "pop_port", "set_popport", "ssl_pop"),
               "smtp": ("smtp_server", "smtp_port", "set_smtpport", "ssl_smtp")}
#: Protocols of news, a local mailbox and none: the user name is the person's, never the plugin's.
OTHER_PROTOCOLS = ("2", "3", "4")
ENTRIES = ("recv", "send", "oauth2_auth", "oauth2_refresh", "oauth2_access_expiry")

#: Tokens change at each use, and the newest is where only the plugin can read it.
TAKEN_OVER = (" Its sign-in was Claws Mail's own before; if that has ended meanwhile, sign in again on the account's page "
              "\"OAuth2\".")


class Trouble(Exception):
    """Words for the person."""


def become_the_caller():
    """Nothing of another person's home is touched with root's rights."""
    name = os.environ.get("SUDO_USER", "")
    if os.geteuid() == 0 and name and name != "root":
        person = pwd.getpwnam(name)
        os.initgroups(name, person.pw_gid)
        os.setgid(person.pw_gid)
        os.setuid(person.pw_uid)
        return person.pw_dir
    return os.path.expanduser("~")


def folder_of(process):
    """Which folder a running Claws Mail uses; None when the process is not one, or is gone."""
    try:
        if (process / "comm").read_text().strip() != "claws-mail":
            return None
        words = (process / "cmdline").read_bytes().split(b"\0")
        if b"--alternate-config-dir" in words[:-1]:
            return Path(os.fsdecode(words[words.index(b"--alternate-config-dir") + 1])).resolve()
        for variable in (process / "environ").read_bytes().split(b"\0"):
            if variable.startswith(b"HOME="):
                return Path(os.fsdecode(variable[5:]), ".claws-mail").resolve()
    except (OSError, IndexError):
        pass
    return None


def runs_with(folder):
    return any(folder_of(process) == folder.resolve() for process in Path("/proc").glob("[0-9]*"))


def read(path):
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}") from None


def replace(path, text):
    """The whole file or nothing; 0600 as the host has it."""
    beside = path.with_name(path.name + ".mail-oauth")
    try:
        beside.unlink(missing_ok=True)
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8",
                  errors="surrogateescape") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}") from None


class Account:
    """One section of accountrc: `lines` are its own, in order."""

    def __init__(self, number, lines):
        self.number, self.lines = number, lines

    def __getitem__(self, key):
        return next((line.partition("=")[2] for line in self.lines if line.startswith(f"{key}=")), "")

    def __setitem__(self, key, value):
        for at, line in enumerate(self.lines):
            if line.startswith(f"{key}="):
                self.lines[at] = f"{key}={value}"
                return
        end = next((at for at, line in enumerate(self.lines) if not line.strip()), len(self.lines))
        self.lines.insert(end, f"{key}={value}")

    def intent(self):
        """The plugin's value, and the other pairs of privacy_prefs."""
        others, value = [], None
        for part in filter(None, self["privacy_prefs"].split(",")):
            key, _, blob = part.partition("=")
            if key == "mail_oauth":
                value = self._decoded(blob)
            else:
                others.append(part)
        return value, others

    @staticmethod
    def _decoded(blob):
        try:
            value = json.loads(base64.b64decode(blob))
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def saved(self):
        """The host's fields as they were; None while they are not the plugin's."""
        value = self.intent()[0] or {}
        saved = value.get("saved")
        return saved if isinstance(saved, dict) else None

    def owners(self, saved):
        """Under which names its passwords may have been put away: as it was, and as it is."""
        was, now = (saved.get("userid", ""), saved.get("smtp_userid", "")), (self["user_id"], self["smtp_user_id"])
        here = (self["receive_server"], self["smtp_server"])
        there = (saved.get("recv_server", here[0]), saved.get("smtp_server", here[1]))
        for (user, sender), servers in ((was, there), (was, here), (now, here)):
            for entry in ENTRIES:
                name, server = (sender, servers[1]) if entry == "send" else (user, servers[0])
                encoded = [quote(text, safe="", errors="surrogateescape") for text in (name, server)]
                yield entry, f"{self.number}:{entry}:{encoded[0]}:{encoded[1]}"

    def put_fields_back(self, saved, passwords):
        kept = (*OUR_OWN, "userid") if self["protocol"] in OTHER_PROTOCOLS else OUR_OWN
        # The plugin alone can tell whether the person typed it; with its name it serves in any case.
        if saved.get("lent") is True and "send" in passwords.get(f"[account:{self.number}]", {}):
            kept = (*kept, "smtp_userid")
        for key, value in saved.items():
            if key not in kept and isinstance(value, (str, int)) and "\n" not in str(value):
                self[KEYS.get(key, key)] = int(value) if isinstance(value, bool) else value
        servers = saved.get("servers")
        for protocol, server in servers.items() if isinstance(servers, dict) else ():
            if protocol in SERVER_KEYS and isinstance(server, dict):
                self._put_server_back(SERVER_KEYS[protocol], server)

    def _put_server_back(self, keys, server):
        """Where the plugin's still stands."""
        host, port, set_port, tls = keys
        stands = self[host] == server.get("our_host") and self[set_port] == "1" and self[port] == str(server.get("our_port"))
        if not stands or "\n" in str(server.get("host")):
            return
        for key, name in ((host, "host"), (port, "port"), (set_port, "set_port"), (tls, "tls")):
            if isinstance(server.get(name), (str, int)):
                self[key] = server[name] if isinstance(server[name], str) else int(server[name])

    def turn_off(self):
        value, others = self.intent()
        value["enabled"] = False
        value.pop("saved", None)
        value.pop("taken_over", None)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        self["privacy_prefs"] = ",".join([*others, "mail_oauth=" + base64.b64encode(text).decode()])


def accounts_in(text):
    """What stands before the first account, and the accounts."""
    head, found = [], []
    for line in text.split("\n"):
        title = re.fullmatch(r"\[Account: (\d+)\]", line)
        if title:
            found.append(Account(int(title[1]), [line]))
        else:
            (found[-1].lines if found else head).append(line)
    return head, found


def text_of(head, accounts):
    return "\n".join([*head, *(line for account in accounts for line in account.lines)])


def blocks_in(text):
    """{block: {name: encrypted}}, in order."""
    blocks, block = {}, ""
    for line in filter(None, text.split("\n")):
        if line.startswith("["):
            block = line
            blocks.setdefault(block, {})
        else:
            name, _, value = line.partition(" ")
            blocks.setdefault(block, {})[name] = value
    return blocks


def move_passwords(blocks, wanted):
    """The text. `wanted`: {(account, entry): our names}. What the host has stored meanwhile is kept."""
    ours = blocks.get(BLOCK, {})
    for (number, entry), names in wanted.items():
        for name in names:
            value = ours.pop(name, None)
            theirs = blocks.setdefault(f"[account:{number}]", {}) if value else {}
            if value and (entry not in theirs or entry == "oauth2_access_expiry"):
                theirs[entry] = value
    return "".join(f"{block}\n" * bool(block) + "".join(f"{name} {value}\n".replace(" \n", "\n") for name, value in lines.items()) +
                   "\n" for block, lines in blocks.items() if lines or block != BLOCK)


def carry_pop_list(folder, account, saved):
    """What was received over POP3 is in a list under the names of server and user (pop_list.cc); the newer one stays."""
    name = saved.get("pop_list")
    user = re.sub(r"[\t\r\n\\/*]", "_", account["user_id"])
    target = f"{account['receive_server']}-{user}"
    if not isinstance(name, str) or "/" in name + target:
        return
    newest, other = folder / "uidl" / name, folder / "uidl" / target
    if newest.is_file() and not (other.exists() and other.stat().st_mtime_ns >= newest.stat().st_mtime_ns):
        replace(other, read(newest))


def give_back(folder):
    """The accounts that were turned off: a sentence for each."""
    accountrc, store = folder / "accountrc", folder / "passwordstorerc"
    head, accounts = accounts_in(read(accountrc))
    on = [(account, account.saved()) for account in accounts if account.saved() is not None]
    if not on:
        return []
    names = [account["account_name"] or str(account.number) for account, _ in on]
    sentences = [f"{name}: logs in as before again." + (TAKEN_OVER if (account.intent()[0] or {}).get("taken_over") else "")
                 for name, (account, _) in zip(names, on)]
    if runs_with(folder):
        raise Trouble(f"Claws Mail is running. Close it and try again: these accounts are signed in with OAuth and have "
                      f"to be turned off first: {', '.join(names)}.")
    wanted, passwords = {}, blocks_in(read(store))
    for account, saved in on:
        for entry, name in account.owners(saved):
            wanted.setdefault((account.number, entry), []).append(name)
        account.put_fields_back(saved, passwords)
        carry_pop_list(folder, account, saved)
    replace(accountrc, text_of(head, accounts))
    if BLOCK in passwords:
        replace(store, move_passwords(passwords, wanted))
    for account, _ in on:
        account.turn_off()
    replace(accountrc, text_of(head, accounts))
    return sentences


def main():
    parser = argparse.ArgumentParser(description="turns accounts off in Claws Mail folders")
    parser.add_argument("folder", nargs="*", type=Path, help="~/.claws-mail unless given")
    arguments = parser.parse_args()
    home = become_the_caller()
    failed = 0
    for folder in arguments.folder or [Path(home, ".claws-mail")]:
        try:
            for sentence in give_back(folder):
                print(sentence, file=sys.stderr)
        except Trouble as trouble:
            print(trouble, file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
