#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A test bed: a real authorization server, real mail servers and a real keyring, all on
loopback, all gone when it ends.

    bed.py run [--no-keyring] [--locked-keyring] [--token-bytes N] [--token-ttl S] -- COMMAND...
    bed.py serve [the same options]

`run` gives COMMAND the bed's environment (README.md) and ends with its exit code. `serve`,
also the default, keeps one up and prints what to point at it. As a module: `with Bed() as bed`.
"""
import argparse
import asyncio
import json
import os
import secrets
import shutil
import signal
import ssl
import string
import subprocess
import sys
import tempfile
import threading
import time

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _HERE)

# pylint: disable=wrong-import-position
import certificates
import control
import people
import recorder
import scripted
import scripted_http
import secret_service
import smtp
from dovecot import SINK_PORT, Dovecot, PORTS, private_address
from process import BedError, base_environment, first_line, start, watched

_CLIENT_ID = "5c3f1a5e-0bed-4bed-8bed-000000000001"
_SECRET_CLIENT_ID = "5c3f1a5e-0bed-4bed-8bed-000000000002"


class Bed:
    """A running bed. `env` is the environment for programs, `authority` its certificates.

    Start and close it from one thread. Whatever happens to this process, janitor.py takes
    the bed down.
    """

    def __init__(self, *, keyring=True, locked_keyring=False, token_bytes=2500, token_ttl=3600,
                 mechanisms="xoauth2 oauthbearer plain"):
        self._with_keyring, self._locked, self._mechanisms = keyring, locked_keyring, mechanisms
        self._settings = {
            "token_bytes": token_bytes, "token_ttl": token_ttl, "rotate": True, "device_code_ttl": 600,
            "omit_refresh_token": False, "omit_scope": False, "grant_scopes": None, "id_token_identity": None,
            "down": False, "token_answer": None, "token_answer_patch": None, "token_delay_ms": 0,
            "hold_token_answers": False}
        self._processes, self._janitor, self._server = [], None, None
        self._smtp, self.scripted_servers = (), {}
        self.directory = self.loop = self.recorder = self.keyring = None
        self.env, self.port_names, self.seconds_to_start = {}, [], None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def start(self):
        """Brings everything up; BedError says what did not start. Returns self."""
        began = time.monotonic()
        try:
            self._prepare()
            node = self._start_provider()
            if self._with_keyring:
                self._start_keyring()
            self._start_loop()
            self._provider_ready(node)
            self._start_mail()
            self._write_manifest()
        except BaseException:
            self.close()
            raise
        self.seconds_to_start = time.monotonic() - began
        return self

    def control(self, operation, **arguments):
        """One operation of the control API; RuntimeError with its words when it fails."""
        return control.post_json(f"{self.env['BED_CONTROL']}/{operation}", arguments)

    def scripted(self, script, tls="tls", certificate="good"):
        """A server that plays a script of scripted.py (a name, or steps) until the bed ends."""
        return self._keep(scripted.MailServer(script, self.authority.server(certificate), tls))

    def scripted_http(self, answers, tls=True, certificate="good"):
        """An authorization server that gives the answers of scripted_http.py in turn."""
        pair = self.authority.server(certificate) if tls else None
        return self._keep(scripted_http.HttpServer(answers, pair))

    def _keep(self, server):
        self.scripted_servers[server.port] = server
        return server

    def log(self, name):
        return os.path.join(self.directory, "log", name)

    def close(self):
        """Ends every process and removes every file; safe to call twice."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        for server in self.scripted_servers.values():
            server.close()
        if self.loop is not None:
            self._stop_loop()
        if self._janitor is not None:
            self._janitor.stdin.close()
            self._janitor.wait()
            self._janitor = None
        while self._processes:
            process = self._processes.pop()
            process.wait()
            if process.stdout:
                process.stdout.close()
            if process.stdin:
                process.stdin.close()

    def _prepare(self):
        self.directory = tempfile.mkdtemp(prefix="bed-", dir=os.environ.get("BED_ROOT", "/tmp"))
        self._janitor = watched(self.directory)
        os.chmod(self.directory, 0o711)
        os.mkdir(os.path.join(self.directory, "log"), 0o700)
        self.env = base_environment(self.directory)
        self.authority = certificates.Authority(os.path.join(self.directory, "tls"))
        self.certificate = self.authority.server()
        self.env.update(BED_CA=self.authority.pem, BED_HOST="localhost", BED_CLIENT_ID=_CLIENT_ID,
                        BED_SECRET_CLIENT_ID=_SECRET_CLIENT_ID, BED_CLIENT_SECRET=secrets.token_hex(16))
        self._judge_secret = secrets.token_hex(16)

    def _start_provider(self):
        command = shutil.which("node") or shutil.which("nodejs") or "node"
        if not os.path.isdir(os.path.join(_HERE, "node_modules", "oidc-provider")):
            raise BedError(f"oidc-provider is missing: run `npm ci --ignore-scripts` in {_HERE}")
        process = start([command, os.path.join(_HERE, "provider.mjs")], env={**self.env, "NODE_ENV": "production"},
                        log=self.log("provider"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._processes.append(process)
        setup = {
            "client_id": _CLIENT_ID, "confidential_client_id": _SECRET_CLIENT_ID,
            "client_secret": self.env["BED_CLIENT_SECRET"], "judge_id": "judge",
            "judge_secret": self._judge_secret, "passwords": people.PASSWORDS, "resource": people.RESOURCE,
            "mail_scopes": list(people.SCOPES.values()), "settings": self._settings,
            "certificate": self.certificate[0], "key": self.certificate[1]}
        process.stdin.write(json.dumps(setup).encode() + b"\n")
        process.stdin.flush()
        return process

    def _provider_ready(self, process):
        ports = json.loads(first_line(process, self.log("provider")))
        self.env.update(BED_ISSUER=f"https://localhost:{ports['https']}",
                        BED_ISSUER_HTTP=f"http://127.0.0.1:{ports['http']}")
        self.provider_control = f"http://127.0.0.1:{ports['control']}"
        self.judge = people.Judge(control.introspection(
            self.env["BED_ISSUER_HTTP"], "judge", self._judge_secret))
        self._server = control.Server(self)
        self.env["BED_CONTROL"] = self._server.url

    def _start_keyring(self):
        self._processes.append(secret_service.start_bus(self.env, self.log("bus")))
        self.keyring = secret_service.Keyring(self.env, self.log("keyring"))
        self.keyring.start()
        if self._locked:
            self.keyring.lock()

    def _start_loop(self):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def _await(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(20)

    def _stop_loop(self):
        if self.recorder is not None:
            self._await(self.recorder.close())
        for server in self._smtp:
            self.loop.call_soon_threadsafe(server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()
        self.loop = None

    def _start_mail(self):
        address = private_address()
        urls = {"judge_url": f"{self._server.url}/judge",
                "openid_configuration_url": f"{self.env['BED_ISSUER']}/.well-known/openid-configuration"}
        self.dovecot = Dovecot(os.path.join(self.directory, "dovecot"), address, self.certificate, urls,
                               self._mechanisms)
        self.post = smtp.Post(self.dovecot.lmtp)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*self.certificate)
        self._smtp = self._await(smtp.open_servers(address, SINK_PORT, self.post, self.judge, tls))
        self._processes.append(self.dovecot.start(self.env))
        self.recorder = recorder.Recorder(self.certificate)
        wide = [server.sockets[0].getsockname()[1] for server in self._smtp[1:]]
        targets = {
            "IMAP": ("imap", PORTS["imap_tls"], True), "IMAP_STARTTLS": ("imap", PORTS["imap"], False),
            "POP": ("pop", PORTS["pop_tls"], True), "POP_STARTTLS": ("pop", PORTS["pop"], False),
            "SMTP": ("smtp", PORTS["smtp_tls"], True), "SMTP_STARTTLS": ("smtp", PORTS["smtp"], False),
            "SMTP_WIDE": ("smtp", wide[0], True), "SMTP_WIDE_STARTTLS": ("smtp", wide[1], False)}
        for name, (protocol, port, implicit) in targets.items():
            number = self._await(self.recorder.listen(name, protocol, (address, port), implicit))
            self.env[f"BED_{name}_PORT"] = str(number)
        self.port_names = list(targets)

    def _write_manifest(self):
        with open(os.path.join(_HERE, "bed.json.in"), encoding="utf-8") as file:
            template = string.Template(file.read().replace("@{", "${"))
        text = template.substitute(issuer=self.env["BED_ISSUER"], ca=self.env["BED_CA"], imap_port=self.env["BED_IMAP_PORT"],
                                   pop_port=self.env["BED_POP_PORT"], smtp_port=self.env["BED_SMTP_PORT"])
        folder = os.path.join(self.env["XDG_CONFIG_HOME"], "mail-oauth", "providers")
        os.makedirs(folder, 0o700)
        path = os.path.join(folder, "bed.json")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(text)


class _Stopped(Exception):
    """A signal asked this process to end."""


def _raise_stopped(number, _frame):
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise _Stopped(number)


def _end(command, number):
    """Passes the signal on and sees to it that the command ends."""
    if command.poll() is None and not (number == signal.SIGINT and sys.stdin.isatty()):
        command.send_signal(number)
    try:
        command.wait(5)
    except subprocess.TimeoutExpired:
        command.kill()
        command.wait()


def _run(bed, command):
    process = subprocess.Popen(command, env=bed.env)
    try:
        code = process.wait()
    except _Stopped as stopped:
        _end(process, stopped.args[0])
        raise
    return code if code >= 0 else 128 - code


def _describe(bed):
    env = bed.env
    lines = [f"The bed is up ({bed.seconds_to_start:.1f} s). Ctrl-C ends it and leaves nothing.", "",
             f"  authorization server  {env['BED_ISSUER']}  (or {env['BED_ISSUER_HTTP']})",
             f"  client id             {env['BED_CLIENT_ID']}",
             f"  certificate authority {env['BED_CA']}",
             f"  control               {env['BED_CONTROL']}  (tests/bed/README.md)", ""]
    for label, name in (("IMAP", "IMAP"), ("POP3", "POP"), ("SMTP, 1 KB lines", "SMTP"),
                        ("SMTP, 12 KB lines", "SMTP_WIDE")):
        lines.append(f"  {label:<21} localhost {env[f'BED_{name}_PORT']} (TLS), "
                     f"{env[f'BED_{name}_STARTTLS_PORT']} (STARTTLS)")
    lines += ["", "  people (sign-in password / mail password)"]
    lines += [f"    {user:<24} {word:<20} {people.MAIL_PASSWORDS.get(user, '-')}"
              for user, word in people.PASSWORDS.items()]
    lines += [f"    {people.SHARED:<24} shared; alice is its delegate", "", "To use it from another shell:", ""]
    shown = [name for name in env if name.startswith(("BED_", "XDG_", "DBUS_"))] + ["HOME"]
    lines += [f"  export {name}='{env[name]}'" for name in shown]
    return "\n".join([*lines, "  unset DISPLAY"])


def _parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", nargs="?", choices=("run", "serve"), default="serve")
    parser.add_argument("--no-keyring", action="store_true")
    parser.add_argument("--locked-keyring", action="store_true")
    parser.add_argument("--token-bytes", type=int, default=2500)
    parser.add_argument("--token-ttl", type=int, default=3600)
    own, command = arguments, []
    if "--" in arguments:
        at = arguments.index("--")
        own, command = arguments[:at], arguments[at + 1:]
    options = parser.parse_args(own)
    if (options.action == "run") != bool(command):
        parser.error("run wants a command after --, serve none")
    return options, command


def main(arguments):
    options, command = _parse(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stopped)
    try:
        with Bed(keyring=not options.no_keyring, locked_keyring=options.locked_keyring,
                 token_bytes=options.token_bytes, token_ttl=options.token_ttl) as bed:
            if command:
                return _run(bed, command)
            print(_describe(bed), flush=True)
            while True:
                signal.pause()
    except _Stopped as stopped:
        return 0 if options.action == "serve" else 128 + stopped.args[0]
    except BedError as error:
        print(f"bed: {error}", file=sys.stderr)
        return 70
    except FileNotFoundError as error:
        print(f"bed: {error}", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
