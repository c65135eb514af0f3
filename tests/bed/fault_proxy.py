# SPDX-License-Identifier: GPL-3.0-or-later
"""An authorization server with one grant whose refresh token rotates and ends when it comes twice, and before it a proxy
that spoils one answer.

`fault` of the proxy is None (everything passes) or a name of ANSWERS (the server is not asked), of SPOILED (it is, and the
client gets less than it said), of CERTIFICATES, or one of the names in `_play`; `path` is what it is for, once.
"""
import email.utils
import json
import re
import socket
import ssl
import threading
import time
import warnings
from urllib.parse import parse_qs

from scripted import Listener, reset, server_tls


def _answer(status, body=b"", *headers):
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _in_a_minute():
    return email.utils.formatdate(time.time() + 60, usegmt=True)


ANSWERS = {
    "429 for seconds": lambda: _answer("429 Too Many Requests", b"", "Retry-After: 7"),
    "503 to a date": lambda: _answer("503 Service Unavailable", b"", f"Retry-After: {_in_a_minute()}"),
    "503 for ever": lambda: _answer("503 Service Unavailable", b"", "Retry-After: 99999999999999999999"),
    "429 to a far year": lambda: _answer("429 Too Many Requests", b"", "Retry-After: Fri, 31 Dec 4641 23:59:59 GMT"),
    "500 in HTML": lambda: _answer("500 Internal Server Error", b"<h1>Oops</h1>", "Content-Type: text/html"),
    "hotel": lambda: _answer("200 OK", b"<html>Welcome to the hotel</html>", "Content-Type: text/html"),
    "redirect": lambda: _answer("302 Found", b"", "Location: http://127.0.0.1:9/"),
    "redirect of the POST": lambda: _answer("307 Temporary Redirect", b"", "Location: http://127.0.0.1:9/"),
    "empty 200": lambda: _answer("200 OK"),
    "empty 400": lambda: _answer("400 Bad Request"),
    "huge": lambda: _answer("200 OK", b"x" * (8 << 20), "Content-Type: application/json"),
    "no HTTP": lambda: b"* OK this is IMAP\r\n\r\n",
    "nothing": lambda: b"",
    "half a head": lambda: b"HTTP/1.1 200 OK\r\nContent-Ty",
}


def _half(answer):
    """The head, and the most of a body of JSON."""
    return answer[:-20] if b"\r\n\r\n{" in answer else answer[:20]


def _promise_more(answer):
    return re.sub(rb"(?i)content-length: *(\d+)", lambda m: b"Content-Length: %d" % (int(m[1]) + 10), answer)


# What the client gets of the answer, and whether the connection is reset then.
SPOILED = {
    "reset after the request": (lambda answer: b"", True),
    "reset within the answer": (_half, True),
    "truncated": (_half, False),
    "shorter than its length": (_promise_more, False),
}


# What TLS is begun with, where it is not what it should be.
CERTIFICATES = {"expired certificate": "expired", "certificate for another name": "wrong-name",
                "unknown authority": "self-signed"}
TLS_FAULTS = (*CERTIFICATES, "old TLS", "TLS broken off")


class Server:
    """What the four endpoints answer; `seen` holds the paths of what came."""

    def __init__(self):
        self.seen, self._turn, self._dead, self._lock = [], 0, False, threading.Lock()

    def answer(self, path, form):
        with self._lock:
            self.seen.append(path)
            if path == "/device":
                return _json({"device_code": "d-secret", "user_code": "ABCD-EFGH", "expires_in": 600, "interval": 1,
                              "verification_uri": "https://localhost/device"})
            if path == "/revoke":
                return _answer("200 OK")
            if form["grant_type"] == ["refresh_token"]:
                self._dead = self._dead or form["refresh_token"] != [f"r-secret-{self._turn}"]
                if self._dead:
                    return _json({"error": "invalid_grant"}, "400 Bad Request")
            self._turn += 1
            return _json({"access_token": f"a-secret-{self._turn}", "refresh_token": f"r-secret-{self._turn}",
                          "token_type": "Bearer", "expires_in": 1})


def _json(value, status="200 OK"):
    return _answer(status, json.dumps(value).encode(), "Content-Type: application/json")


class FaultProxy:
    """`port` is where it listens, with TLS; `asked` the paths of all that came to it, the spoiled ones too."""

    def __init__(self, authority):
        self.server, self.fault, self.path, self.asked = Server(), None, None, []
        self._authority = authority
        self._good = server_tls(authority.server())
        self._listener = Listener(self._serve)
        self.port = self._listener.port

    def close(self):
        self._listener.close()

    def _serve(self, connection):
        before = self.fault if self.path is None else None
        if before == "reset before the request":
            reset(connection)
            return
        if before == "TLS broken off":
            connection.recv(1)
            reset(connection)
            return
        with self._context(before).wrap_socket(connection, server_side=True) as connection:
            self._play(connection)

    def _context(self, fault):
        if fault == "old TLS":
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            warnings.simplefilter("ignore", DeprecationWarning)  # it is what is meant
            old.set_ciphers("ALL:@SECLEVEL=0")
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
            old.load_cert_chain(*self._authority.server())
            return old
        return server_tls(self._authority.server(CERTIFICATES[fault])) if fault in CERTIFICATES else self._good

    def _play(self, connection):
        path, form = _request(connection)
        self.asked.append(path)
        fault = self.fault if path == self.path else None
        if fault:
            self.fault = None
        if fault in ANSWERS:
            connection.sendall(ANSWERS[fault]())
            return
        answer = self.server.answer(path, form)
        if fault == "byte by byte":
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for at in range(len(answer)):
                connection.sendall(answer[at:at + 1])
            return
        spoil, broken = SPOILED.get(fault, (lambda whole: whole, False))
        connection.sendall(spoil(answer))
        if broken:
            reset(connection)


def _request(connection):
    """Path and form of one request with its whole body."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, body = received.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)  # it may stand without the space
    while len(body) < int(length[1] if length else 0):
        body += _more(connection)
    return head.split(b" ")[1].decode("latin-1"), parse_qs(body.decode("latin-1"))


def _more(connection):
    chunk = connection.recv(65536)
    if not chunk:
        raise EOFError
    return chunk
