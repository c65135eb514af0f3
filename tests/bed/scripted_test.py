#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the scripted servers: the bytes of Exchange Online, and the answers nobody wants."""
import os
import socket
import ssl
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# pylint: disable=wrong-import-position
from certificates import Authority
from scripted import MailServer
from scripted_http import HttpServer

# The vector on Microsoft's page.
RESPONSE = ("dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0ozVmUwYmpMQldaV0NjbFJD"
            "M0VvQUEBAQ==")


class Scripted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.authority = Authority(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def mail(self, script, tls="tls", certificate="good"):
        server = MailServer(script, self.authority.server(certificate), tls)
        self.addCleanup(server.close)
        return server

    def connect(self, server, tls=True):
        plain = socket.create_connection(("localhost", server.port), 10)
        if tls:
            plain = ssl.create_default_context(cafile=self.authority.pem).wrap_socket(plain, server_hostname="localhost")
        self.addCleanup(plain.close)
        return plain, plain.makefile("rb")

    def test_the_six_exchanges_are_microsofts_bytes(self):
        for script, talk in {
                "imap-ok": [(f"A01 AUTHENTICATE XOAUTH2 {RESPONSE}", b"A01 OK AUTHENTICATE completed.\r\n")],
                "imap-no": [(f"A01 AUTHENTICATE XOAUTH2 {RESPONSE}", b"A01 NO AUTHENTICATE failed.\r\n")],
                "pop-ok": [("AUTH XOAUTH2", b"+\r\n"), (RESPONSE, b"+OK User successfully authenticated.\r\n")],
                "pop-err": [("AUTH XOAUTH2", b"+\r\n"), (RESPONSE, b"-ERR Authentication failure: unknown user name or "
                                                         b"bad password.\r\n")],
                "smtp-ok": [("AUTH XOAUTH2", b"334 \r\n"), (RESPONSE, b"235 2.7.0 Authentication successful\r\n")],
                "smtp-535": [("AUTH XOAUTH2", b"334 \r\n"), (RESPONSE, b"535 5.7.3 Authentication unsuccessful "
                                                             b"[SN2PR00CA0018.namprd00.prod.outlook.com]\r\n")],
        }.items():
            with self.subTest(script=script):
                server = self.mail(script)
                connection, lines = self.connect(server)
                lines.readline()
                for say, hear in talk:
                    connection.sendall(say.encode() + b"\r\n")
                    self.assertEqual(lines.readline(), hear)
                self.assertEqual(server.received[-1].decode(), talk[-1][0])
                self.assertEqual(server.unexpected, [])

    def test_the_two_line_form_of_imap_keeps_the_tag(self):
        connection, lines = self.connect(self.mail("imap-no"))
        lines.readline()
        connection.sendall(b"A7 AUTHENTICATE XOAUTH2\r\n")
        self.assertEqual(lines.readline(), b"+ \r\n")
        connection.sendall(RESPONSE.encode() + b"\r\n")
        self.assertEqual(lines.readline(), b"A7 NO AUTHENTICATE failed.\r\n")

    def test_starttls_comes_before_the_script(self):
        connection, lines = self.connect(self.mail("smtp-ok", tls="starttls"), tls=False)
        lines.readline()
        connection.sendall(b"EHLO me\r\n")
        self.assertNotIn(b"AUTH", lines.readline() + lines.readline())
        connection.sendall(b"STARTTLS\r\n")
        self.assertTrue(lines.readline().startswith(b"220"))
        secure = ssl.create_default_context(cafile=self.authority.pem).wrap_socket(connection, server_hostname="localhost")
        self.addCleanup(secure.close)
        secure.sendall(b"EHLO me\r\n")
        self.assertIn(b"Hello", secure.recv(4096))

    def test_steps_play_anything(self):
        server = self.mail([("send", "* OK hi\r\n"), ("expect", r"\S+ NOOP"), ("send", "{tag} OK\r\n"), ("close",)], "none")
        connection, lines = self.connect(server, tls=False)
        lines.readline()
        connection.sendall(b"x NOOP\r\n")
        self.assertEqual(lines.read(), b"x OK\r\n")

    def test_a_line_that_is_not_in_the_script_is_noted(self):
        server = self.mail([("expect", "hello"), ("send", "hi\r\n")], "none")
        connection, lines = self.connect(server, tls=False)
        connection.sendall(b"something else\r\n")
        self.assertEqual(lines.read(), b"")
        self.assertEqual(server.unexpected, [b"something else"])

    def test_bad_certificates_are_bad(self):
        for kind, reason in {"wrong-name": "Hostname mismatch", "expired": "has expired", "self-signed": "self-signed"}.items():
            with self.subTest(kind=kind), self.assertRaisesRegex(ssl.SSLCertVerificationError, reason):
                self.connect(self.mail("imap-ok", certificate=kind))

    def test_http_answers_come_in_turn(self):
        server = HttpServer(["garbage", "retry-after-seconds", "token"], self.authority.server())
        self.addCleanup(server.close)
        context = ssl.create_default_context(cafile=self.authority.pem)

        def post():
            try:
                with urllib.request.urlopen(server.origin + "/token", b"a=b", timeout=10, context=context) as answer:
                    return answer.status, answer.headers, answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, error.headers, error.read()
        self.assertIn(b"hotel", post()[2])
        status, headers, _ = post()
        self.assertEqual((status, headers["Retry-After"]), (429, "7"))
        for _ in range(2):
            self.assertIn(b"scripted-access-token", post()[2])
        self.assertEqual([request["body"] for request in server.requests], ["a=b"] * 4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
