#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server with every fault an HTTP client meets, for http_client_test.cc.

Started by the test, it makes its certificates, prints one line of name=value with its ports and the
authority's file, and ends with its parent. Counts connections, so that their reuse can be seen.
"""
import ctypes
import http.server
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

MIB = 1024 * 1024
lock = threading.Lock()
counts = {"connections": 0, "tunnels": 0, "swallowed": 0, "slow_get": 0, "slow_post": 0,
          "refused_logins": 0}


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Authority:
    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.key, self.file = f"{folder}/{name}.key", f"{folder}/{name}.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", self.key, "-out", self.file, "-days", "30", "-subj", f"/CN={name}",
                "-addext", "basicConstraints=critical,CA:TRUE")

    def context(self, name, names, expired=False, oldest=ssl.TLSVersion.TLSv1_2,
                newest=ssl.TLSVersion.TLSv1_3):
        base = f"{self.folder}/{self.name}-{name}"
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", base + ".key", "-out", base + ".csr", "-subj", "/CN=test server")
        with open(base + ".ext", "w") as extensions:
            extensions.write(f"subjectAltName={names}\n")
        if expired:
            self._sign_in_the_past(base)
        else:
            openssl("x509", "-req", "-in", base + ".csr", "-CA", self.file, "-CAkey", self.key,
                    "-CAcreateserial", "-days", "30", "-extfile", base + ".ext", "-out", base + ".pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if oldest < ssl.TLSVersion.TLSv1_2:
            context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = oldest, newest
        context.load_cert_chain(base + ".pem", base + ".key")
        return context

    def _sign_in_the_past(self, base):
        """By `openssl ca`: `openssl x509` takes no dates before 3.4, and no negative days since 3.5."""
        with open(base + ".db", "w") as database, open(base + ".cnf", "w") as config:
            database.write("")
            config.write(f"[ca]\ndefault_ca = past\n[past]\ndatabase = {base}.db\nnew_certs_dir = {self.folder}\n"
                         f"rand_serial = yes\ndefault_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n")
        openssl("ca", "-batch", "-notext", "-config", base + ".cnf", "-extfile", base + ".ext",
                "-cert", self.file, "-keyfile", self.key, "-in", base + ".csr", "-out", base + ".pem",
                "-startdate", "20200101000000Z", "-enddate", "20200108000000Z")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def setup(self):
        super().setup()
        with lock:
            counts["connections"] += 1
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def answer(self, body=b"{}", status=200, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def raw(self, text):
        self.wfile.write(text)
        self.close_connection = True

    def wait_for_the_end(self):
        """Holds the request until the client gives up."""
        self.connection.settimeout(None)
        try:
            while self.connection.recv(4096):
                pass
        except OSError:
            pass
        self.close_connection = True

    def do_GET(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        page = "page_" + self.path.split("?")[0].strip("/").replace("-", "_")
        getattr(self, page, lambda _: self.answer(status=404))(body)

    do_POST = do_GET

    def page_ok(self, _):
        self.answer(b'{"ok":true}')

    def page_counts(self, _):
        with lock:
            self.answer(json.dumps(counts).encode())

    def page_echo(self, body):
        shown = {"method": self.command, "path": self.path, "body": body.decode(),
                 "headers": {k.lower(): v for k, v in self.headers.items()}}
        self.answer(json.dumps(shown).encode(), headers=[("X-Mixed-Case", "Yes")])

    def page_continue(self, _):
        """An answer that nobody asked for before the one that counts (RFC 9110 section 15.2)."""
        self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.answer(b'{"access_token":"A2"}')

    def page_hints(self, _):
        """Two of them, with headers, and in one piece with the last."""
        hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nContent-Length: 7\r\n\r\n"
        self.raw(hints + hints + b"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n" + b'{"access_token":"A2"}')

    def page_continue_apart(self, _):
        """Its last line ends in a piece of its own."""
        self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r")
        self.wfile.write(b"\n")
        self.answer(b'{"access_token":"A2"}')

    def page_old(self, _):
        """RFC 1945: its end is the connection's, without a goodbye over TLS."""
        self.raw(b'HTTP/1.0 200 OK\r\n\r\n{"access_token":"A2"}')

    def page_no_reason(self, _):
        self.raw(b'HTTP/1.1 200 \r\nContent-Length: 21\r\n\r\n{"access_token":"A2"}')

    def page_trailers(self, _):
        self.wfile.write(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;name="value"\r\n{\r\n')
        self.wfile.write(b'14\r\n"access_token":"A2"}\r\n0\r\nX-Sum: 7\r\n\r\n')

    def page_told_twice(self, _):
        self.answer(b'{"access_token":"A2"}', headers=[("Content-Length", "21")])

    def page_long_header(self, _):
        self.answer(b'{"access_token":"A2"}', headers=[("X-Long", "x" * 70000)])

    def page_many_headers(self, _):
        self.answer(b'{"access_token":"A2"}', headers=[(f"X-{number}", "y") for number in range(5000)])

    def page_only_continue(self, _):
        self.pour(b"HTTP/1.1 100 Continue\r\n\r\n")

    def page_switch(self, _):
        """A protocol that nobody asked for."""
        self.raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n")

    def page_redirect(self, _):
        self.answer(status=302, headers=[("Location", "/ok")])

    def page_busy(self, _):
        self.answer(b"<html>later</html>", 429, [("Retry-After", "17")])

    def page_broken(self, _):
        self.answer(b"<html>oops</html>", 503)

    def page_empty(self, _):
        self.answer(b"", 400)

    def page_full(self, _):
        self.answer(b"x" * MIB)

    def page_huge(self, _):
        self.answer(b"x" * (MIB + 1))

    def page_huge_told(self, _):
        """Says that it is huge and never sends it."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n")
        self.wait_for_the_end()

    def page_huge_untold(self, _):
        self.close_connection = True
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        for _ in range(40):
            self.wfile.write(b"x" * 65536)

    def page_chunks(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        self.wfile.write(b"5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n")

    def page_padded(self, _):
        """A small body, and over 4 MiB of what stands between its chunks."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(700):
            self.wfile.write(b"1;pad=" + b"x" * 8000 + b"\r\n \r\n")
        self.wfile.write(b"2\r\n{}\r\n0\r\n\r\n")

    def page_huge_chunks(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        self.pour(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")

    def page_one_chunk(self, _):
        """One chunk of nearly 2 GiB, which never ends."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7ffffff0\r\n")
        self.pour(b"x" * 0x4000)

    def page_endless_headers(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.pour(b"X-More: " + b"x" * 8000 + b"\r\n")

    def pour(self, block):
        self.close_connection = True
        try:
            while True:
                self.wfile.write(block)
        except OSError:
            pass

    def page_compressed(self, _):
        self.answer(b"\x1f\x8b not really", headers=[("Content-Encoding", "gzip")])

    def page_swallow(self, _):
        """Takes the request, and is gone."""
        with lock:
            counts["swallowed"] += 1
        self.close_connection = True

    def page_slow(self, _):
        with lock:
            counts["slow_" + self.command.lower()] += 1
        self.wait_for_the_end()

    def page_drip(self, _):
        """Something every now and then, for ever: no single read takes long."""
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        gone = threading.Event()
        try:
            while not gone.wait(0.02):
                self.wfile.write(b"x")
        except OSError:
            pass

    def page_garbage(self, _):
        self.raw(b"SSH-2.0-nonsense\r\n\r\n")

    def page_bad_chunk(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\nhello\r\n")

    def page_cut(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"access_token\":")

    def page_cut_chunks(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")

    def page_hang_up(self, _):
        self.raw(b"")


class Proxy(http.server.BaseHTTPRequestHandler):
    """Takes every CONNECT to the good port, whatever the name; some names have a fault instead."""
    target = 0

    def log_message(self, *args):
        pass

    def do_CONNECT(self):
        self.close_connection = True
        fault = getattr(self, "fault_" + self.path.split(".")[0].replace("-", "_"), self.tunnel)
        fault()

    def fault_forbidden(self):
        self.send_error(403)

    def fault_unreachable(self):
        self.send_error(503)

    def fault_login(self):
        with lock:
            counts["refused_logins"] += 1
        self.send_response(407)
        self.send_header("Proxy-Authenticate", 'Basic realm="proxy"')
        self.end_headers()

    def fault_broke(self):
        pass

    def fault_garbage(self):
        self.wfile.write(b"SSH-2.0-nonsense\r\n\r\n")

    def tunnel(self):
        credentials = self.headers.get("Proxy-Authorization", "")
        with lock:
            counts["tunnels"] += 1
            counts["asked_proxy_for"] = self.path
            counts["proxy_credentials"] = credentials
        # Any 2xx is a tunnel (RFC 9110 section 9.3.6); "202" is the user's name.
        status = b"202 Accepted" if credentials == "Basic MjAyOg==" else b"200 Connection established"
        with socket.create_connection(("127.0.0.1", Proxy.target)) as upstream:
            self.wfile.write(b"HTTP/1.1 " + status + b"\r\n\r\n")
            back = threading.Thread(target=pump, args=(upstream, self.connection), daemon=True)
            back.start()
            pump(self.connection, upstream)
            back.join()


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    tls = None

    def finish_request(self, request, client_address):
        if self.tls:  # in the request's own thread, so that nobody holds up the others
            try:
                request = self.tls.wrap_socket(request, server_side=True)
            except OSError:
                return
        try:
            self.RequestHandlerClass(request, client_address, self)
        except OSError:
            pass
        finally:
            request.close()

    def handle_error(self, request, client_address):
        pass


def serve(handler, tls=None):
    server = Server(("127.0.0.1", 0), handler)
    server.tls = tls
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def silent():
    """Takes connections and never says a word: a TLS handshake hangs."""
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, listener.getsockname()[1]


def main():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    with tempfile.TemporaryDirectory() as folder:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        known, unknown = Authority(folder, "known"), Authority(folder, "unknown")
        names = "DNS:localhost,IP:127.0.0.1,DNS:mail.example.test"
        kept, silent_port = silent()
        ports = {
            "ca": known.file,
            "plain": serve(Handler),
            "good": serve(Handler, known.context("good", names)),
            "wrong_name": serve(Handler, known.context("wrong", "DNS:portal.example.test")),
            "expired": serve(Handler, known.context("expired", names, expired=True)),
            "unknown_ca": serve(Handler, unknown.context("unknown", names)),
            "old_tls": serve(Handler, known.context("old", names, oldest=ssl.TLSVersion.TLSv1,
                                                    newest=ssl.TLSVersion.TLSv1_1)),
            "silent": silent_port,
        }
        Proxy.target = ports["good"]
        ports["proxy"] = serve(Proxy)
        print(*(f"{name}={value}" for name, value in ports.items()), flush=True)
        sys.stdin.read()  # until the test closes it
        kept.close()


if __name__ == "__main__":
    main()
