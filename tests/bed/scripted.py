#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that say exactly what a test wants, where real ones would be too good.

    scripted.py NAME [--tls tls|starttls|none] [--certificate good|wrong-name|expired|self-signed]

plays one of exchange_scripts.py and prints its port and certificate authority. In Python:
`bed.scripted("imap-ok")`, or a list of steps: ("send", text), ("expect", pattern of a line),
("until", pattern) of the last line to read, ("close",), ("drop",) for a reset, ("wait", seconds),
("hold", threading.Event) until it is set, ("silence",) until the client hangs up. scripted_http.py does the same for authorization servers.
"""
import argparse
import re
import signal
import socket
import ssl
import struct
import sys
import tempfile
import threading
import time

import certificates
from exchange_scripts import SCRIPTS

_UPGRADE = {"imap": (r"\S+ STARTTLS", "{tag} OK Begin TLS negotiation now.\r\n"),
            "pop": (r"STLS", "+OK Begin TLS negotiation.\r\n"),
            "smtp": (r"STARTTLS", "220 2.0.0 SMTP server ready\r\n")}
_OFFER = {"imap": ("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n{tag} OK CAPABILITY completed.\r\n"),
          "pop": "+OK\r\nSTLS\r\n.\r\n", "smtp": "250-outlook.office365.com Hello\r\n250 STARTTLS\r\n"}
_ASK = {"imap": r"\S+ CAPABILITY", "pop": r"CAPA", "smtp": r"EHLO .*"}


class Listener:
    """Accepts on a free port of 127.0.0.1, or on that one, and of ::1; one daemon thread per connection."""

    def __init__(self, serve, port=0):
        self._serve = serve
        self._sockets = [socket.create_server(("127.0.0.1", port))]
        self.port = self._sockets[0].getsockname()[1]
        try:
            self._sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        except OSError:
            pass  # a machine without IPv6, or the port is taken there
        for listening in self._sockets:
            threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def close(self):
        for listening in self._sockets:
            try:
                listening.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            listening.close()

    def _accept(self, listening):
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._guarded, args=(connection,), daemon=True).start()

    def _guarded(self, connection):
        try:
            connection.settimeout(60)
            self._serve(connection)
        except (OSError, EOFError):
            pass  # the client went away, as clients under test do
        finally:
            connection.close()


def reset(connection):
    """Ends a TCP connection with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def until_gone(connection):
    """Says nothing until the client hangs up, and ends its thread then."""
    while connection.recv(65536):
        pass
    raise EOFError


def server_tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


class MailServer:
    """Plays a script to every connection. `received` holds the lines that came, without
    their line ends; `unexpected` those that no rule was for; `names` whom TLS was begun with."""

    def __init__(self, script, certificate, tls="tls"):
        self._script = SCRIPTS[script] if isinstance(script, str) else script
        self._mode, self._tls = tls, server_tls(certificate)
        self.received, self.unexpected, self.names = [], [], []
        self._tls.sni_callback = lambda _, name, __: self.names.append(name)
        self._listener = Listener(self._serve)
        self.port = self._listener.port

    def close(self):
        self._listener.close()

    def as_json(self):
        return {"port": self.port, "names": self.names, "received": [line.decode("latin-1") for line in self.received],
                "unexpected": [line.decode("latin-1") for line in self.unexpected]}

    def _serve(self, connection):
        if self._mode == "tls":
            connection = self._tls.wrap_socket(connection, server_side=True)
        player = _Steps(self, connection) if isinstance(self._script, list) else _States(self, connection)
        try:
            player.play(self._script, self._tls if self._mode == "starttls" else None)
        finally:
            player.close()


class _Player:
    def __init__(self, server, connection):
        self._server, self._connection = server, connection
        self._file = connection.makefile("rb")
        self._tag = ""

    def close(self):
        self._file.close()
        self._connection.close()

    def _line(self):
        line = self._file.readline()
        if not line:
            raise EOFError
        line = line.rstrip(b"\r\n")
        self._server.received.append(line)
        return line.decode("latin-1")

    def _send(self, text):
        data = text if isinstance(text, bytes) else text.replace("{tag}", self._tag).encode("latin-1")
        self._connection.sendall(data)

    def _unexpected(self, line):
        self._server.unexpected.append(line.encode("latin-1"))


class _Steps(_Player):
    def play(self, steps, _):
        for verb, *value in steps:
            if verb == "send":
                self._send(value[0])
            elif verb == "expect":
                line = self._line()
                if not re.fullmatch(value[0], line, re.I):
                    self._unexpected(line)
                    return
                self._tag = line.split(" ")[0]
            elif verb == "until":
                while not re.fullmatch(value[0], self._line(), re.I):
                    pass
            elif verb == "drop":
                reset(self._connection)
                return
            elif verb == "close":
                return
            elif verb == "wait":
                time.sleep(value[0])  # as slow servers do
            elif verb == "hold":
                value[0].wait(60)
            elif verb == "silence":
                while self._line():
                    pass
            else:
                raise ValueError(f"no such step: {verb}")


class _States(_Player):
    def play(self, script, context):
        self._send(script["greeting"])
        if context:
            self._upgrade(script["protocol"], context)
        state = "start"
        while state is not None:
            line = self._line()
            rules = script["states"][state] + [(*aside, state) for aside in script["asides"]]
            for pattern, answer, after in rules:
                if re.fullmatch(pattern, line, re.I):
                    self._answer(line, answer)
                    state = after
                    break
            else:
                self._unexpected(line)
                return

    def _answer(self, line, answer):
        if " " in line:  # a response line has no tag
            self._tag = line.split(" ")[0]
        self._send(answer)

    def _upgrade(self, protocol, context):
        pattern, answer = _UPGRADE[protocol]
        while True:
            line = self._line()
            if re.fullmatch(pattern, line, re.I):
                self._answer(line, answer)
                break
            if not re.fullmatch(_ASK[protocol], line, re.I):
                self._unexpected(line)
                raise EOFError
            self._answer(line, _OFFER[protocol])
        self._file.close()
        self._connection = context.wrap_socket(self._connection, server_side=True)
        self._file = self._connection.makefile("rb")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", choices=sorted(SCRIPTS))
    parser.add_argument("--tls", choices=("tls", "starttls", "none"), default="tls")
    parser.add_argument("--certificate", choices=certificates.KINDS, default="good")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="bed-") as folder:
        authority = certificates.Authority(folder)
        server = MailServer(options.name, authority.server(options.certificate), options.tls)
        print(f"port={server.port} ca={authority.pem}", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
