# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Dovecot: IMAP, POP3, submission and LMTP, tokens judged by introspection.

Listens on an address of its own in 127.0.0.0/8 with fixed ports, behind recorder.py. Never
runs as root: a bed of root's starts it as nobody. Versions 2.3 and 2.4 have different
configuration languages; both are templates beside this file.
"""
import os
import pwd
import grp
import random
import re
import socket
import string
import subprocess

import people
from process import BedError, start, tail, wait_until

PORTS = {"imap_tls": 10993, "imap": 10143, "pop_tls": 10995, "pop": 10110,
         "smtp_tls": 10465, "smtp": 10587}
SINK_PORT = 10025
_HERE = os.path.dirname(os.path.abspath(__file__))
_DOVECOT = "/usr/sbin/dovecot"


def private_address():
    """An address in 127.0.0.0/8 that no other bed listens on."""
    for _ in range(50):
        address = f"127.{random.randint(64, 254)}.{random.randint(0, 254)}.{random.randint(2, 254)}"
        with socket.socket() as probe:
            try:
                probe.bind((address, SINK_PORT))
                return address
            except OSError:
                continue
    raise BedError("no free loopback address found")


def version():
    """(major, minor) of the installed Dovecot."""
    try:
        text = subprocess.run([_DOVECOT, "--version"], capture_output=True, text=True, check=True).stdout
    except OSError as error:
        raise BedError("dovecot is not installed") from error
    return tuple(int(part) for part in re.match(r"(\d+)\.(\d+)", text).groups())


def account():
    """(user, group) that Dovecot runs as."""
    if os.getuid() == 0:
        entry = pwd.getpwnam("nobody")
    else:
        entry = pwd.getpwuid(os.getuid())
    return entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name


class Dovecot:
    """REQUIRES: `folder` is empty or absent, and its path is short (it holds sockets)."""

    def __init__(self, folder, address, certificate, urls, mechanisms):
        self.folder = folder
        self.address = address
        self.log = os.path.join(folder, "dovecot.log")
        self.lmtp = os.path.join(folder, "lmtp")
        self._user, self._group = account()
        self._urls, self._mechanisms = urls, mechanisms
        os.makedirs(os.path.join(folder, "mail"))
        self._write_users()
        self._write_certificate(certificate)
        self._write_configuration()
        if os.getuid() == 0:
            self._give_away()

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _write(self, name, text):
        with open(self._path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def _write_users(self):
        mail = self._path("mail")
        homes = "".join(f"{box}:::::{mail}/{box}::\n" for box in people.MAILBOXES)
        self._write("mailboxes", homes)
        self._write("rights", "".join(f"{pair}:::::::\n" for pair in sorted(people.pairs())))
        self._write("passwords", "".join(f"{user}:{{PLAIN}}{word}::::::\n"
                                         for user, word in people.MAIL_PASSWORDS.items()))

    def _write_certificate(self, certificate):
        for source, name in zip(certificate, ("server.pem", "server.key")):
            with open(source, encoding="ascii") as file:
                self._write(name, file.read())

    def _write_configuration(self):
        new = version() >= (2, 4)
        values = {**PORTS, **self._urls, "dir": self.folder, "address": self.address,
                  "user": self._user, "group": self._group, "sink_port": SINK_PORT, "mechanisms": self._mechanisms}
        for name in ("dovecot-2.4.conf",) if new else ("dovecot-2.3.conf", "dovecot-2.3-oauth2.conf"):
            with open(os.path.join(_HERE, f"{name}.in"), encoding="utf-8") as file:
                text = string.Template(file.read().replace("$", "$$").replace("@{", "${")).substitute(values)
            self._write("dovecot.conf" if "oauth2" not in name else "oauth2.conf", text)

    def _give_away(self):
        user, group = pwd.getpwnam(self._user).pw_uid, grp.getgrnam(self._group).gr_gid
        os.chown(self.folder, user, group)
        for parent, folders, files in os.walk(self.folder):
            for name in folders + files:
                os.chown(os.path.join(parent, name), user, group)

    def start(self, env):
        """Starts it and returns when every port and the LMTP socket answer."""
        user = (self._user, self._group) if os.getuid() == 0 else None
        output = self._path("output")
        process = start([_DOVECOT, "-F", "-c", self._path("dovecot.conf")], env=env, log=output, user=user)

        def listening():
            if process.poll() is not None:
                raise BedError(f"dovecot ended:\n{tail(output)}{tail(self.log)}")
            return os.path.exists(self.lmtp) and all(self._open(port) for port in PORTS.values())
        wait_until(listening, "dovecot listening", log=self.log)
        return process

    def _open(self, port):
        with socket.socket() as probe:
            return probe.connect_ex((self.address, port)) == 0
