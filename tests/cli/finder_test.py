#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`mail-oauth login ADDRESS` without --provider: a domain with a sign-in server of its own, behind a
proxy that leads its name to this machine and keeps what was asked.

    tests/bed/bed.py run -- tests/cli/finder_test.py
"""
import json
import os
import pty
import socket
import threading
import unittest

from cli_case import ALICE, CONFIG, SECONDS, CliCase, bed, write_manifest

DOMAIN = "elsewhere.test"  # of the bed's certificate "wrong-name"
WHO = "secret-person@" + DOMAIN
METADATA = {"issuer": f"https://{DOMAIN}", "authorization_endpoint": f"https://{DOMAIN}/auth",
            "token_endpoint": f"https://{DOMAIN}/token"}


class Proxy:
    """CONNECT to any host ends at `port` here. `asked` holds the first lines."""

    def __init__(self, port):
        self.asked = []
        self._port = port
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._socket.close()

    def _serve(self):
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client):
        with client:
            head = b""
            while b"\r\n\r\n" not in head:
                more = client.recv(4096)
                if not more:
                    return
                head += more
            self.asked.append(head.split(b"\r\n")[0].decode())
            with socket.create_connection(("127.0.0.1", self._port)) as server:
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                there = threading.Thread(target=self._pump, args=(client, server), daemon=True)
                there.start()
                self._pump(server, client)
                there.join()

    @staticmethod
    def _pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):  # the other direction ends, too
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Finding(CliCase):
    def setUp(self):
        super().setUp()
        body = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(METADATA)}
        self.port = bed("scripted_http", answers=[body], certificate="wrong-name")["port"]
        self.proxy = Proxy(self.port)
        self.addCleanup(self.proxy.close)
        # The machine's own store would not know the bed's authority.
        self.net = {"https_proxy": self.proxy.url, "SSL_CERT_FILE": os.environ["BED_CA"]}

    def requests(self):
        return bed("scripted_log", port=self.port)["requests"]

    def test_a_domain_of_a_manifest_asks_nobody(self):
        done = self.run_command("login", "--verbose", ALICE, **self.net)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("domain contoso.test: this is bed.", done.stderr)
        self.assertEqual([], self.proxy.asked)

    def test_the_sign_in_server_at_the_domain_finds_its_manifest(self):
        write_manifest("own", extends="bed", name="Own", issuer=METADATA["issuer"], client_id="c", domains=["own.test"],
                       authorization_endpoint="https://own.test/a", token_endpoint="https://own.test/t")
        # The wrong protocol ends the sign-in behind what is tested here.
        done = self.run_command("login", "--verbose", "--protocols", "nonsense", WHO, **self.net)
        self.assertEqual(CONFIG, done.returncode, done.stderr)
        self.assertIn(f"sign-in server https://{DOMAIN}: this is own.", done.stderr)
        self.assertIn("nonsense", done.stderr)
        self.assertEqual(["/.well-known/openid-configuration"], [one["path"] for one in self.requests()])

    def test_a_sign_in_server_without_a_manifest_is_a_question(self):
        said = self.assert_fails(CONFIG, "login", WHO, words=[METADATA["issuer"], "--provider", "bed"], **self.net)
        self.assertNotIn("mail exchanger", said)  # only with --verbose

    def test_only_the_domain_leaves_the_machine(self):
        self.assert_fails(CONFIG, "login", "--verbose", WHO, **self.net)
        self.assertIn(f"CONNECT {DOMAIN}:443 HTTP/1.1", self.proxy.asked)
        seen = json.dumps([self.proxy.asked, self.requests()])
        for never in ("secret", "person", "%40", "@"):
            self.assertNotIn(never, seen)

    def test_json_tells_the_trace_on_request(self):
        done = self.run_command("login", "--json", "--verbose", WHO, **self.net)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(["provider", "error"], [line["event"] for line in lines])
        self.assertEqual("", lines[0]["provider"])
        by = [step["by"] for step in lines[0]["trace"]]
        self.assertEqual(["domains", "mx", "discovery"], by[:3])

    def test_a_person_at_a_terminal_may_choose(self):
        master, slave = pty.openpty()
        try:
            process = self.start("login", "--protocols", "nonsense", WHO, stdin=slave, **self.net)
            os.write(master, b"bed\n")
            _, said = process.communicate(timeout=SECONDS)
        finally:
            os.close(slave)
            os.close(master)
        self.assertIn("Type the name", said)
        self.assertIn("nonsense", said)  # the choice was taken, and the next thing looked at
        self.assertEqual(CONFIG, process.returncode)


if __name__ == "__main__":
    unittest.main()
