# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of logins over a slow wire, beside curl, mutt and msmtp.

A round trip is counted by what it costs: the difference between two delays, in units of that difference. Connecting is
not among them, because the wire answers at once.
"""
import os
import pty
import shutil
import signal
import subprocess
import time

import setting
from measure import Case, in_turn, spread
from setting import ALICE, BOB
from wire import Delay, Loop, Watch

#: TLS and the greeting, and then: AUTHENTICATE with an initial response; CAPA and, the token being too long for one
#: line, AUTH and the response; EHLO and the same.
LEAST = {"imap": 3, "pop": 5, "smtp": 5}
SERVERS = {"imap": "IMAP", "pop": "POP", "smtp": "SMTP_WIDE"}
DELAYS = (0.0, 0.02, 0.1)
LIMIT = 20


class Clients:
    """The same login by each program; every function gives (command, input, needs a terminal)."""

    def __init__(self, here, bed, folder, token):
        self._here, self._ca, self._folder, self._token = here, bed.env["BED_CA"], folder, token
        self._file = self._write("token", token + "\n")
        self._mail = self._write("mail", f"From: {ALICE}\nTo: {BOB}\nSubject: bench\n\nHello.\n")

    def _write(self, name, text):
        path = os.path.join(self._folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def ours(self, protocol, port):
        return [self._here.built("tests/bench/bench_login"), protocol, str(port), ALICE, self._ca], self._token, False

    def curl(self, protocol, port):
        scheme = {"imap": "imaps", "pop": "pop3s", "smtp": "smtps"}[protocol]
        command = ["curl", "-s", "--cacert", self._ca, "-u", f"{ALICE}:", "--oauth2-bearer", self._token,
                   "--login-options", "AUTH=XOAUTH2", f"{scheme}://localhost:{port}/"]
        if protocol == "smtp":
            command += ["--mail-from", ALICE, "--mail-rcpt", BOB, "-T", self._mail]
        return command, "", False

    def mutt(self, protocol, port):
        name = {"imap": "imap", "pop": "pop", "smtp": "smtp"}[protocol]
        account = f"{ALICE.replace('@', '%40')}@localhost:{port}"
        rc = self._write("muttrc", f'set ssl_ca_certificates_file="{self._ca}"\nset {name}_authenticators="xoauth2"\n'
                         f'set {name}_oauth_refresh_command="cat {self._file}"\nset from="{ALICE}"\nset copy=no\n'
                         f'set folder="{self._folder}"\nset smtp_url="smtps://{account}/"\nset header_cache=""\n'
                         'set timeout=1\nset sleep_time=0\n')
        if protocol == "smtp":
            return ["mutt", "-F", rc, "-s", "bench", BOB], "Hello.\n", False
        url = f"{'imaps' if protocol == 'imap' else 'pops'}://{account}/"
        return ["mutt", "-F", rc, "-f", url, "-e", "push <exit>"], "", True

    def msmtp(self, _protocol, port):
        rc = self._write("msmtprc", f"account default\nhost localhost\nport {port}\nfrom {ALICE}\nauth xoauth2\n"
                         f"user {ALICE}\npasswordeval cat {self._file}\ntls on\ntls_starttls off\n"
                         f"tls_trust_file {self._ca}\n")
        return ["msmtp", "-C", rc, BOB], "Subject: bench\n\nHello.\n", False


#: msmtp only sends.
WITH = {"imap": ("ours", "curl", "mutt"), "pop": ("ours", "curl", "mutt"), "smtp": ("ours", "curl", "mutt", "msmtp")}


def _end(process):
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _log_in(made, env, delay, watch):
    """Seconds from connecting until the client has the server's yes; and how often it spoke inside TLS."""
    command, text, terminal = made
    before = len(watch.logins)
    tty = None
    if terminal:
        tty, inner = pty.openpty()
        process = subprocess.Popen(command, env=env, stdin=inner, stdout=inner, stderr=inner, start_new_session=True)
        os.close(inner)
    else:
        process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, text=True)
        process.stdin.write(text)
        process.stdin.close()
    end = time.monotonic() + LIMIT
    while len(watch.logins) == before:
        if time.monotonic() > end or (process.poll() is not None and time.monotonic() > end - LIMIT + 2):
            _end(process)
            raise RuntimeError(f"{command[0]} did not log in")
        time.sleep(0.002)
    _end(process)
    if tty is not None:
        os.close(tty)
    return watch.logins[before] - delay.accepted[-1] + delay.seconds, watch.turns[before]


def _protocol(here, bed, loop, clients, protocol):
    watch = Watch(loop, protocol, int(bed.env[f"BED_{SERVERS[protocol]}_PORT"]), bed.certificate)
    wires = [Delay(loop, watch.port, seconds) for seconds in (DELAYS[:2] if here.quick else DELAYS)]
    env = {**bed.env, "TERM": "xterm"}
    names = [name for name in WITH[protocol] if name == "ours" or here.has(name, shutil.which(name) is not None)]
    cases, times, trips, turns = [], {}, {}, {}
    for wire in wires:
        sides = {name: lambda name=name, wire=wire: _log_in(getattr(clients, name)(protocol, wire.port), env, wire, watch)
                 for name in names}
        runs = in_turn(here.runs(7, 1), sides)
        times[wire.seconds] = {name: [run[0] for run in values] for name, values in runs.items()}
        turns = {name: sorted({run[1] for run in values}) for name, values in runs.items()}
        cases.append(Case("login", f"{protocol}, {wire.seconds * 1000:.0f} ms each way", "ms",
                          {name: spread([1000 * value for value in values])
                           for name, values in times[wire.seconds].items()}))
    near, far = wires[0].seconds if here.quick else wires[1].seconds, wires[-1].seconds
    for name in names:
        saved = spread(times[near][name])["median"]
        trips[name] = spread([(value - saved) / (2 * (far - near)) for value in times[far][name]])
    case = Case("login", f"{protocol}: round trips", "", trips, f"the least: {LEAST[protocol]}",
                notes=f"turns inside TLS: {turns}")
    case.reached = round(trips["ours"]["median"]) <= LEAST[protocol]
    return [case, *cases]


def logins(here):
    loop, cases = Loop(), []
    try:
        with setting.bed(keyring=False) as bed:
            token = bed.control("sign_in", user=ALICE)["access_token"]
            clients = Clients(here, bed, bed.env["HOME"], token)
            for protocol in ("imap", "pop", "smtp"):
                cases += _protocol(here, bed, loop, clients, protocol)
    finally:
        loop.close()
    return cases
