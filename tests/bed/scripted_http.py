# SPDX-License-Identifier: GPL-3.0-or-later
"""Authorization servers that misbehave: each request gets the next answer of a list, the
last one for ever.

An answer is a name from ANSWERS or {"status", "headers", "body", "interim", "delay", "drip", "action"}.
`interim` is a list of statuses that are sent before (RFC 9110 section 15.2), `delay` is seconds before anything is said, `drip` seconds between the body's bytes, `action`
"drop" resets the connection and "hang" says nothing. "{origin}" in headers and body is the
server's own address.
"""
import email.utils
import http.server
import json
import socket
import time

from scripted import Listener, reset, server_tls

_JSON = {"Content-Type": "application/json"}


def _error(error, status=400, **headers):
    return {"status": status, "headers": {**_JSON, **headers}, "body": json.dumps({"error": error})}


ANSWERS = {
    "garbage": {"status": 200, "headers": {"Content-Type": "text/html"},
                "body": "<html><body>Welcome to the hotel's network</body></html>"},
    "broken-json": {"status": 200, "headers": _JSON, "body": '{"access_token": "tru'},
    "empty-400": {"status": 400},
    "empty-200": {"status": 200},
    "html-503": {"status": 503, "headers": {"Content-Type": "text/html"}, "body": "<h1>Service Unavailable</h1>"},
    "slow": {"status": 200, "headers": _JSON, "body": "{}" + " " * 600, "drip": 0.1},
    "hang": {"action": "hang"},
    "drop": {"action": "drop"},
    "huge": {"status": 200, "headers": _JSON, "body": "x", "repeat": 8 << 20},
    "redirect": {"status": 302, "headers": {"Location": "{origin}/elsewhere"}},
    "redirect-post": {"status": 307, "headers": {"Location": "{origin}/elsewhere"}},
    "retry-after-seconds": {"status": 429, "headers": {"Retry-After": "7"}},
    "retry-after-date": {"status": 503, "headers": {"Retry-After": "{in a minute}"}},
    "wrong-issuer": {"status": 200, "headers": _JSON, "body": json.dumps({
        "issuer": "https://elsewhere.test", "authorization_endpoint": "{origin}/auth",
        "token_endpoint": "{origin}/token", "response_types_supported": ["code"]})},
    "metadata": {"status": 200, "headers": _JSON, "body": json.dumps({
        "issuer": "{origin}", "authorization_endpoint": "{origin}/auth",
        "token_endpoint": "{origin}/token", "response_types_supported": ["code"]})},
    "token": {"status": 200, "headers": _JSON, "body": json.dumps({
        "access_token": "scripted-access-token", "token_type": "Bearer", "expires_in": 3600,
        "refresh_token": "scripted-refresh-token"})},
    "invalid_grant": _error("invalid_grant"),
    "invalid_client": _error("invalid_client", 401),
    "interaction_required": _error("interaction_required"),
    "authorization_pending": _error("authorization_pending"),
    "slow_down": _error("slow_down"),
    "expired_token": _error("expired_token"),
    "device": {"status": 200, "headers": _JSON, "body": json.dumps({
        "device_code": "scripted-device-code", "user_code": "ABCD-EFGH", "expires_in": 900, "interval": 1,
        "verification_uri": "{origin}/device"})},
}


class HttpServer:
    """Plays `answers` on a free port; `requests` holds method, path, headers and body of what
    came. A `certificate` of None means plain HTTP."""

    def __init__(self, answers, certificate):
        self.play(answers)
        self._tls = server_tls(certificate) if certificate else None
        self.requests = []
        self._listener = Listener(self._serve)
        self.port = self._listener.port
        self.origin = f"https://localhost:{self.port}" if certificate else f"http://127.0.0.1:{self.port}"

    def play(self, answers):
        self._answers = [ANSWERS[answer] if isinstance(answer, str) else answer for answer in answers]

    def close(self):
        self._listener.close()

    def as_json(self):
        return {"port": self.port, "origin": self.origin, "requests": self.requests}

    def next_answer(self):
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def _serve(self, connection):
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True)
        with connection:
            _Handler(connection, ("127.0.0.1", 0), self)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        pass  # the requests are kept for the test

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append({"method": self.command, "path": self.path, "headers": dict(self.headers),
                                     "body": body.decode("latin-1")})
        answer = self.server.next_answer()
        if answer.get("action") == "drop":
            reset(self.connection)
            self.close_connection = True
        elif answer.get("action") == "hang":
            while self.connection.recv(4096):
                pass
        else:
            self._play(answer)

    do_GET = do_PUT = do_HEAD = do_POST

    def _fill(self, text):
        minute = email.utils.formatdate(time.time() + 60, usegmt=True)
        return text.replace("{origin}", self.server.origin).replace("{in a minute}", minute)

    def _play(self, answer):
        time.sleep(answer.get("delay", 0))
        body = (self._fill(answer.get("body", "")) * answer.get("repeat", 1)).encode("latin-1")
        for status in answer.get("interim", []):
            self.send_response_only(status)
            self.end_headers()
        if "Date" in answer.get("headers", {}):
            self.send_response_only(answer["status"])
        else:
            self.send_response(answer["status"])
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, self._fill(value))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not answer.get("drip"):
            self.wfile.write(body)
            return
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in body:
            self.wfile.write(bytes([byte]))
            time.sleep(answer["drip"])
