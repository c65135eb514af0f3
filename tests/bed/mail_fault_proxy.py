# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy before one port of a real mail server that plays one fault, once, at one step of the dialogue.

Steps: `tls` (the handshake), `greeting`, `capabilities` (the first answer to CAPABILITY, CAPA, EHLO), `starttls`, `go-ahead`
(the answer to AUTH without a response, where there is one), `verdict` (the answer to the token), `mailbox` (to what comes
first after it). The faults are those of HANDSHAKE at `tls`, and those of `ANSWERS` and `_play` at all others.
"""
import base64
import binascii
import os
import re
import socket
import ssl
import threading
import time

from scripted import Listener, reset, server_tls, until_gone

CERTIFICATES = {"expired certificate": "expired", "certificate for another name": "wrong-name",
                "unknown authority": "self-signed"}
HANDSHAKE = (*CERTIFICATES, "TLS broken off", "text instead of TLS", "silent", "a handshake that drips")
STEPS = ("greeting", "capabilities", "starttls", "go-ahead", "verdict", "mailbox")

# What comes instead of the server's answer; the server is not asked.
ANSWERS = {
    "garbage": b"\x00\xff\xfe\x80{}<html>\x1b]0;x\x07\r\n",
    "another protocol": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    "empty line": b"\r\n",
    "huge line": b"x" * (4 << 20) + b"\r\n",
}
_STEP_OF = {b"CAPABILITY": "capabilities", b"CAPA": "capabilities", b"EHLO": "capabilities", b"STARTTLS": "starttls",
            b"STLS": "starttls", b"LIST": "mailbox", b"STAT": "mailbox", b"MAIL": "mailbox"}
_AGREED = re.compile(rb"^(\S+ OK|\+OK|220) ", re.M)
_PATIENCE = 300
# Behind its type: how a record of TLS begins that has 16384 bytes (RFC 8446 section 5.1).
_LONG_RECORD = b"\x03\x03\x40\x00"


class MailFaultProxy:
    """`port` is where it listens; `got` are the client's bytes, without TLS, on the connection with the fault; `left` is the
    fault until it was played; `story` is what happened, a line each: seconds, which connection, what."""

    def __init__(self, authority, protocol, target, starttls, fault=None, step=None):
        self.got, self.left, self.story = bytearray(), fault, []
        self._begun, self._count = time.monotonic(), 0
        self._authority, self._protocol, self._target, self._starttls = authority, protocol, target, starttls
        self._step, self._lock = step, threading.Lock()
        self._here = threading.local()  # a thread for each connection
        self._far_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._far_tls.check_hostname, self._far_tls.verify_mode = False, ssl.CERT_NONE
        self._listener = Listener(self._serve)
        self.port = self._listener.port

    def close(self):
        self._listener.close()

    def got_token(self, token):
        """Whether it came, in the clear or in a SASL response."""
        return token.encode() in self.got or any(token.encode() in _decoded(word) for word in bytes(self.got).split())

    def _tell(self, what):
        self.story.append(f"{time.monotonic() - self._begun:.2f} #{self._here.number} {what}")

    def _taken(self, step):
        with self._lock:
            fault = self.left if step == self._step else None
            if fault:
                self.left, self._here.faulty = None, True
            return fault

    def _serve(self, near):
        with self._lock:
            self._count += 1
            self._here.number = self._count
        self._tell("accepted")
        near.settimeout(_PATIENCE)
        near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._here.sockets = [near, socket.create_connection(("localhost", self._target), timeout=_PATIENCE)]
        try:
            self._tell("connected")
            if not self._starttls:
                self._encrypt()
                self._tell("encrypted")
            self._converse()
        except Exception as error:
            self._tell(f"{type(error).__name__} {error}")
            raise
        finally:
            for one in self._here.sockets:
                one.close()

    def _encrypt(self):
        near, far = self._here.sockets
        self._here.sockets[0] = self._encrypted(near)
        self._here.sockets[1] = self._far_tls.wrap_socket(far)

    def _encrypted(self, near):
        fault = self._taken("tls")
        if fault == "TLS broken off":
            near.recv(1)
            reset(near)
            raise EOFError
        if fault == "text instead of TLS":
            near.sendall(b"* OK no TLS here\r\n")
            until_gone(near)
        if fault == "silent":
            until_gone(near)
        if fault == "a handshake that drips":
            near.recv(1)  # the client begins: else it would be something injected behind the server's "go ahead"
            _drip(near.sendall, b"\x16" + _LONG_RECORD)
        return self._context(fault).wrap_socket(near, server_side=True)

    def _context(self, fault):
        return server_tls(self._authority.server(CERTIFICATES.get(fault, "good")))

    def _converse(self):
        self._pass(*self._here.sockets, "greeting", b"")
        continued = False
        while True:
            near, far = self._here.sockets
            line = _line(near)
            if getattr(self._here, "faulty", False):
                self.got += line
            step = "verdict" if continued else self._step_of(line)
            answer = self._pass(near, far, step, line)
            continued = answer.startswith((b"+ ", b"+\r", b"334"))
            if step == "starttls" and _AGREED.search(answer):
                self._encrypt()

    def _step_of(self, line):
        words = line.upper().split()
        at = 1 if self._protocol == "imap" else 0
        verb = words[at] if len(words) > at else b""
        if verb in (b"AUTHENTICATE", b"AUTH"):
            return "verdict" if len(words) > at + 2 else "go-ahead"
        return _STEP_OF.get(verb, "other")

    def _pass(self, near, far, step, line):
        """What the server says to the line, spoiled or not."""
        self._tell(f"{step} asked")
        fault = self._taken(step)
        if fault:
            self.got += line
        if fault in ANSWERS:
            near.sendall(ANSWERS[fault])
            self._hear_on(near)
        if fault == "reset before the answer":
            reset(near)
            raise EOFError
        if line:
            far.sendall(line)
        answer = self._answer(far, line)
        self._tell(f"{step} answered")
        _play(near, answer, fault)
        return answer

    def _hear_on(self, near):
        while True:
            self.got += _line(near)

    def _answer(self, far, line):
        """All lines of it, as the protocol ends them."""
        answer = last = _line(far)
        tag = line.split(b" ")[0] + b" "
        listed = self._protocol == "pop" and line.upper().startswith(b"CAPA") and answer.startswith(b"+OK")
        while self._more(line, last, tag, listed):
            last = _line(far)
            answer += last
        return answer

    def _more(self, line, last, tag, listed):
        if self._protocol == "imap":
            return line and not last.startswith((tag, b"+"))
        if self._protocol == "pop":
            return listed and last != b".\r\n"
        return last[3:4] == b"-"


def _play(near, answer, fault):
    half = answer[:len(answer) // 2]
    if fault is None:
        near.sendall(answer)
    elif fault == "delayed":
        time.sleep(1)  # as slow servers do
        near.sendall(answer)
    elif fault in ("byte by byte", "dripping"):
        for at in range(len(answer)):
            near.sendall(answer[at:at + 1])
            time.sleep(0.02 if fault == "dripping" else 0)
    elif fault in ("reset within the answer", "cut off", "stalled within the answer"):
        near.sendall(half)
    elif fault == "dripping without an end":
        _drip(near.sendall, half)
    elif fault == "dripping below TLS":
        _drip(lambda piece: os.write(near.fileno(), piece), b"\x17" + _LONG_RECORD)
    elif fault == "reset after the answer":
        near.sendall(answer)
    if fault in ("reset within the answer", "reset after the answer"):
        reset(near)
    if fault in ("silent", "stalled within the answer"):
        until_gone(near)
    if fault in ("reset within the answer", "reset after the answer", "cut off", "hung up"):
        raise EOFError


def _drip(say, begun):
    """Never ends the line, or the record; longer than anybody may wait."""
    say(begun)
    end = time.monotonic() + 600
    while time.monotonic() < end:
        say(b"x")
        time.sleep(0.1)


def _line(connection):
    """Byte by byte: nothing behind it may be taken, TLS may begin there."""
    line = b""
    while not line.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte:
            raise EOFError
        line += byte
    return line


def _decoded(word):
    try:
        return base64.b64decode(word, validate=True)
    except (binascii.Error, ValueError):
        return b""
