# SPDX-License-Identifier: GPL-3.0-or-later
"""An authorization server with one grant whose refresh token rotates and ends when it comes twice, and before it a proxy
that spoils one answer.

A fault is a name of ANSWERS (the server is not asked), of SPOILED (it is, and the client gets less than it said), one of the
names in `_play`, all of them for one request; or of UNREACHABLE, for all connections until it is taken back.
"""
import email.utils
import itertools
import json
import os
import re
import socket
import ssl
import threading
import time
import warnings
from urllib.parse import parse_qs

from scripted import Listener, reset, server_tls, until_gone


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
# The server is not asked and nothing is said; it is, and nothing is said; its answer comes at a byte a second.
WAITED_FOR = ("silent", "silent after the request", "drip")
# The whole answer comes.
WHOLE = ("late", "byte by byte")
LATE = 3  # seconds


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
UNREACHABLE = ("reset before the request", *CERTIFICATES, "old TLS", "TLS broken off", "TLS never answered",
               "black hole", "name not found")
NAME = "provider.test"


class Server:
    """What the endpoints answer; `seen` holds the paths of what came. Each device code is redeemed once, at once."""

    def __init__(self, origin):
        self.seen, self.lifetime = [], 600
        self._origin, self._turn, self._dead, self._lock = origin, 0, False, threading.Lock()
        self._numbers, self._unused = itertools.count(), set()

    def answer(self, path, form):
        with self._lock:
            self.seen.append(path)
            return self._answer(path, form)

    def _answer(self, path, form):
        if path == "/.well-known/openid-configuration":
            return _json({"issuer": self._origin, **endpoints(self._origin)})
        if path.startswith("/.well-known/"):
            return _answer("404 Not Found")
        if path == "/device":
            code = f"d-secret-{next(self._numbers)}"
            self._unused.add(code)
            return _json({"device_code": code, "user_code": "ABCD-EFGH", "expires_in": self.lifetime, "interval": 1,
                          "verification_uri": f"{self._origin}/enter"})
        if path == "/revoke":
            return _answer("200 OK")
        if "device_code" in form:
            code = form["device_code"][0]
            if code not in self._unused:
                return _json({"error": "invalid_grant"}, "400 Bad Request")
            self._unused.remove(code)
        elif form["grant_type"] == ["refresh_token"]:
            self._dead = self._dead or form["refresh_token"] != [f"r-secret-{self._turn}"]
            if self._dead:
                return _json({"error": "invalid_grant"}, "400 Bad Request")
        self._turn += 1
        return _json({"access_token": f"a-secret-{self._turn}", "refresh_token": f"r-secret-{self._turn}",
                      "token_type": "Bearer", "expires_in": 1})


def endpoints(origin):
    return {"authorization_endpoint": f"{origin}/auth", "token_endpoint": f"{origin}/token",
            "device_authorization_endpoint": f"{origin}/device", "revocation_endpoint": f"{origin}/revoke"}


def _json(value, status="200 OK"):
    return _answer(status, json.dumps(value).encode(), "Content-Type: application/json")


class BlackHole:
    """A port of 127.0.0.1, free or that one, whose queue is full: what wants to connect hears nothing."""

    def __init__(self, port=0):
        self._listening = socket.create_server(("127.0.0.1", port), backlog=0)
        self.port = self._listening.getsockname()[1]
        self._in_queue = [socket.socket() for _ in range(4)]
        for waiting in self._in_queue:
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", self.port))

    def close(self):
        for one in (*self._in_queue, self._listening):
            one.close()


class FaultProxy:
    """`origin` is where it is, with TLS, if names are looked up in the file `hosts`; `asked` the paths of all that came to it,
    the spoiled ones too."""

    def __init__(self, authority, hosts):
        self._authority, self._hosts, self._hole = authority, hosts, None
        self._fault = self._path = self._behind = self._next = None
        self._written = itertools.count(1)
        self._good = server_tls(authority.server())
        self._listener = Listener(self._serve)
        self._port = self._listener.port
        self.origin, self.asked = f"https://{NAME}:{self._port}", []
        self.server = Server(self.origin)
        self.clear()

    def close(self):
        (self._hole or self._listener).close()

    def fail(self, fault, path, behind=None):
        """`path` is of no account where the fault is of UNREACHABLE. Begins when `behind` has been answered, or now."""
        self._behind, self._next = behind, (fault, path)
        if behind is None:
            self._begin()

    def clear(self):
        self._name(NAME)
        if self._hole:
            self._hole.close()
            self._hole, self._listener = None, Listener(self._serve, self._port)
        self._fault = self._behind = None

    def _name(self, name):
        """nss_wrapper reads the file again when its time in whole seconds is another one."""
        self._hosts.write_text(f"127.0.0.1 {name}\n", encoding="ascii")
        os.utime(self._hosts, (next(self._written),) * 2)

    def _begin(self):
        self._fault, self._path = self._next
        self._behind = None
        if self._fault == "name not found":
            self._name("another.test")
        elif self._fault == "black hole":
            self._listener.close()
            self._hole = BlackHole(self._port)

    def _serve(self, connection):
        if self._fault == "reset before the request":
            reset(connection)
            return
        if self._fault == "TLS broken off":
            connection.recv(1)
            reset(connection)
            return
        if self._fault == "TLS never answered":
            until_gone(connection)
        with self._context(self._fault).wrap_socket(connection, server_side=True) as connection:
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
        fault = self._fault if path == self._path else None
        if fault:
            self._fault = None
        if fault in ANSWERS:
            connection.sendall(ANSWERS[fault]())
            return
        if fault == "silent":
            until_gone(connection)
        answer = self.server.answer(path, form)
        if path == self._behind:
            self._begin()
        self._send(connection, fault, answer)

    def _send(self, connection, fault, answer):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if fault == "silent after the request":
            until_gone(connection)
        elif fault in ("byte by byte", "drip"):
            for at in range(len(answer)):
                connection.sendall(answer[at:at + 1])
                if fault == "drip":
                    time.sleep(1)
        else:
            if fault == "late":
                time.sleep(LATE)
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
