#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the bed: it comes up, behaves as Exchange Online does, and leaves nothing."""
import http.server
import imaplib
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

# pylint: disable=wrong-import-position
import chromium
import dovecot
import janitor
import people
import signin
from bed import Bed
from mailclient import Client
from process import wait_until

ALICE, BOB, SHARED, STRANGER = "alice@contoso.test", "bob@contoso.test", people.SHARED, "stranger@elsewhere.test"


def run_bed(*command, options=(), **extra):
    return subprocess.Popen([sys.executable, os.path.join(HERE, "bed.py"), "run", *options, "--", *command],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **extra)


class Servers(unittest.TestCase):
    """One bed for every test; each leaves the settings as it found them."""

    @classmethod
    def setUpClass(cls):
        cls.bed = Bed().start()
        cls.client = Client(cls.bed)
        cls.tokens = {user: cls.bed.control("sign_in", user=user)["access_token"]
                      for user in (ALICE, BOB, STRANGER)}

    @classmethod
    def tearDownClass(cls):
        cls.bed.close()

    def change(self, **settings):
        before = self.bed.control("settings")
        self.bed.control("set", **settings)
        self.addCleanup(self.bed.control, "set", **{name: before[name] for name in settings})

    def token(self, user=ALICE, **arguments):
        return self.bed.control("sign_in", user=user, **arguments)["access_token"]

    def test_every_secret_that_passed_is_known_by_its_kind(self):
        answer = self.bed.control("sign_in", user=ALICE)
        known = self.bed.control("secrets")["secrets"]
        for kind in ("access_token", "refresh_token", "id_token"):
            self.assertEqual(kind, known[answer[kind]])
        self.assertLess({"code", "code_verifier"}, set(known.values()))

    def test_tokens_have_the_length_asked_for(self):
        self.assertEqual(len(self.tokens[ALICE]), 2500)
        for length in (40, 6000):
            self.change(token_bytes=length)
            self.assertEqual(len(self.token()), length)

    def test_the_owner_and_a_delegate_open_a_mailbox_and_nobody_else(self):
        for person, mailbox, admitted in [
                (ALICE, ALICE, True), (ALICE, SHARED, True), (BOB, BOB, True), (ALICE, "Alice@Contoso.test", True),
                (BOB, SHARED, False), (ALICE, BOB, False), (STRANGER, ALICE, False), (STRANGER, STRANGER, False)]:
            for mechanism in ("XOAUTH2", "OAUTHBEARER"):
                with self.subTest(person=person, mailbox=mailbox, mechanism=mechanism):
                    token = self.tokens[person]
                    self.assertEqual(self.client.imap(mailbox, token, mechanism) == "OK", admitted)
                    self.assertEqual(self.client.pop(mailbox, token, mechanism).startswith("+OK"), admitted)

    def test_submission_admits_the_owner_only_unless_switched(self):
        for port in ("SMTP", "SMTP_STARTTLS", "SMTP_WIDE", "SMTP_WIDE_STARTTLS"):
            for mechanism in ("XOAUTH2", "OAUTHBEARER"):
                with self.subTest(port=port, mechanism=mechanism):
                    def smtp(person, mailbox, port=port, mechanism=mechanism):
                        return self.client.smtp(mailbox, self.tokens[person], mechanism, port)
                    self.assertEqual(smtp(ALICE, ALICE), 235)
                    self.assertEqual(smtp(ALICE, SHARED), 535)
                    self.assertEqual(smtp(STRANGER, ALICE), 535)
        self.change(mailbox_as_smtp_user=True)
        self.assertEqual(self.client.smtp(SHARED, self.tokens[ALICE]), 235)
        self.assertEqual(self.client.smtp(SHARED, self.tokens[ALICE], port="SMTP_WIDE"), 235)
        self.assertEqual(self.client.smtp(SHARED, self.tokens[BOB]), 535)

    def test_starttls_ports_serve_the_same(self):
        self.assertEqual(self.client.imap(ALICE, self.tokens[ALICE], port="IMAP_STARTTLS"), "OK")
        self.assertTrue(self.client.pop(ALICE, self.tokens[ALICE], port="POP_STARTTLS").startswith("+OK"))

    def test_a_protocol_wants_its_own_scope(self):
        for service, works in people.SCOPES.items():
            token = self.token(scopes=[works])
            with self.subTest(service=service):
                self.assertEqual(self.client.imap(ALICE, token) == "OK", service == "imap")
                self.assertEqual(self.client.pop(ALICE, token).startswith("+OK"), service == "pop3")
                self.assertEqual(self.client.smtp(ALICE, token), 235 if service == "submission" else 535)
                self.assertEqual(self.client.smtp(ALICE, token, port="SMTP_WIDE"),
                                 235 if service == "submission" else 535)

    def test_garbage_and_expired_tokens_are_refused(self):
        self.change(token_ttl=1)
        expired = self.token()
        wait_until(lambda: self.client.imap(ALICE, expired) != "OK", "expiry", 4)
        for token in (expired, "garbage"):
            self.assertIn("AUTHENTICATIONFAILED", self.client.imap(ALICE, token))
            self.assertTrue(self.client.pop(ALICE, token).startswith("-ERR"))
            self.assertEqual(self.client.smtp(ALICE, token), 535)
            self.assertEqual(self.client.smtp(ALICE, token, port="SMTP_WIDE"), 535)

    def test_tokens_can_be_expired_at_once_and_grants_revoked(self):
        answer = self.bed.control("sign_in", user=BOB)
        self.bed.control("expire_tokens")
        self.addCleanup(self.setUpTokens)
        self.assertNotEqual(self.client.imap(BOB, answer["access_token"]), "OK")
        renewed = self.refresh(answer["refresh_token"])
        self.assertEqual(self.client.imap(BOB, renewed["access_token"]), "OK")
        self.bed.control("revoke_user", user=BOB)
        self.assertEqual(self.refresh(renewed["refresh_token"])["error"], "invalid_grant")

    def setUpTokens(self):
        type(self).tokens = {user: self.token(user) for user in (ALICE, BOB, STRANGER)}

    def refresh(self, token, **more):
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.bed.env["BED_CLIENT_ID"], **more}
        return json.loads(signin.Browser(self.bed.env["BED_CA"]).load(f"{self.bed.env['BED_ISSUER']}/token", form)[1])

    def test_a_long_token_fits_one_line_at_the_wide_port_only(self):
        token = self.tokens[ALICE]
        self.assertEqual(self.client.smtp(ALICE, token, one_line=True), 500)
        self.assertEqual(self.client.smtp(ALICE, token, one_line=True, port="SMTP_WIDE"), 235)

    def test_a_sent_message_is_delivered(self):
        self.bed.control("clear_mailbox", mailbox=BOB)
        for port in ("SMTP", "SMTP_WIDE"):
            text = f"From: {ALICE}\r\nTo: {BOB}\r\nSubject: over {port}\r\n\r\nHello.\r\n"
            self.assertEqual(self.client.smtp(ALICE, self.tokens[ALICE], port=port, message=(ALICE, [BOB], text)), 235)
        subjects = [message["subject"] for message in self.bed.control("messages", mailbox=BOB)["messages"]]
        self.assertEqual(subjects, ["over SMTP", "over SMTP_WIDE"])

    def test_send_as_is_for_the_owner_and_delegates(self):
        text = f"From: {SHARED}\r\nSubject: for us\r\n\r\nHello.\r\n"
        for person, code in ((ALICE, 235), (BOB, 550)):
            self.assertEqual(self.client.smtp(person, self.tokens[person], port="SMTP_WIDE",
                                              message=(SHARED, [ALICE], text)), code)

    def test_the_transcript_holds_what_the_servers_received(self):
        self.bed.control("clear_transcript")
        self.client.imap(ALICE, "a-token-to-look-for", port="IMAP_STARTTLS")
        talk, = self.bed.control("transcript", port="IMAP_STARTTLS")["connections"]
        self.assertIn("STARTTLS", talk["client"][:talk["tls_from"]])
        self.assertIn("AUTHENTICATE XOAUTH2", talk["client"][talk["tls_from"]:])

    def test_no_credentials_are_taken_without_tls(self):
        with imaplib.IMAP4("localhost", int(self.bed.env["BED_IMAP_STARTTLS_PORT"])) as session:
            self.assertIn("LOGINDISABLED", session.capabilities)
            self.assertRaises(imaplib.IMAP4.error, session.login, ALICE, people.MAIL_PASSWORDS[ALICE])

    def test_mail_passwords_work_over_tls(self):
        context = ssl.create_default_context(cafile=self.bed.env["BED_CA"])
        port = int(self.bed.env["BED_IMAP_PORT"])
        with imaplib.IMAP4_SSL("localhost", port, ssl_context=context) as session:
            session.authenticate("PLAIN", lambda _: f"\0{ALICE}\0{people.MAIL_PASSWORDS[ALICE]}".encode())
        with imaplib.IMAP4_SSL("localhost", port, ssl_context=context) as session:
            self.assertRaises(imaplib.IMAP4.error, session.authenticate, "PLAIN", lambda _: f"\0{ALICE}\0no".encode())

    def test_an_outage_of_the_provider_leaves_the_mail_servers_judging(self):
        self.bed.control("provider_down")
        self.addCleanup(self.bed.control, "provider_up")
        page = signin.Browser(self.bed.env["BED_CA"]).load(f"{self.bed.env['BED_ISSUER']}/token", {})[1]
        self.assertIn("Unavailable", page)
        self.assertEqual(self.client.imap(ALICE, self.tokens[ALICE]), "OK")

    def test_mail_servers_say_when_they_cannot_judge(self):
        self.change(judge_down=True)
        # Dovecot 2.4.1 does not tell this from a refusal.
        answer = "UNAVAILABLE" if dovecot.version() < (2, 4) else "AUTHENTICATIONFAILED"
        self.assertIn(answer, self.client.imap(ALICE, self.tokens[ALICE]))
        self.assertEqual(self.client.smtp(ALICE, self.tokens[ALICE], port="SMTP_WIDE"), 454)

    def test_requests_are_listed_without_their_values(self):
        self.bed.control("clear_requests")
        answer = self.bed.control("sign_in", user=ALICE)
        seen = self.bed.control("requests")
        self.assertEqual((seen["counts"]["authorization"], seen["counts"]["token"]), (1, 1))
        self.assertNotIn(answer["access_token"][:20], json.dumps(seen))
        self.assertIn("code_verifier", seen["requests"][-1]["body_fields"])

    def test_the_answers_can_be_bent(self):
        self.change(omit_refresh_token=True, omit_scope=True, id_token_identity="other@contoso.test",
                    token_answer_patch={"expires_in": "3599"})
        answer = self.bed.control("sign_in", user=ALICE)
        self.assertNotIn("refresh_token", answer)
        self.assertNotIn("scope", answer)
        self.assertEqual(answer["expires_in"], "3599")

    def test_consent_can_be_narrower_and_a_refresh_is_narrowed(self):
        self.change(grant_scopes=[people.SCOPES["imap"]])
        answer = self.bed.control("sign_in", user=ALICE)
        self.assertEqual(answer["scope"], people.SCOPES["imap"])
        renewed = self.refresh(answer["refresh_token"], scope=" ".join(people.SCOPES.values()))
        self.assertEqual(renewed["scope"], people.SCOPES["imap"])

    def test_declined_consent_comes_back_with_iss(self):
        issuer = self.bed.env["BED_ISSUER"]
        query = urllib.parse.urlencode({
            "client_id": self.bed.env["BED_CLIENT_ID"], "response_type": "code", "state": "s", "scope": "openid",
            "redirect_uri": "http://127.0.0.1:9/", "code_challenge": "c" * 43, "code_challenge_method": "S256"})
        url, _ = signin.sign_in(f"{issuer}/auth?{query}", ALICE, people.PASSWORDS[ALICE], deny=True,
                                ca=self.bed.env["BED_CA"], visit=False)
        answer = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
        self.assertEqual((answer["error"], answer["iss"]), (["access_denied"], [issuer]))

    def listen(self):
        """(address, paths) of a page that takes what a browser is redirected to."""
        paths = []

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                paths.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"<p>Signed in.</p>")

            def log_message(self, format, *args):
                pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_address[1]}/", paths

    def test_both_browsers_end_at_the_listener(self):
        for kind in ("script", "chromium"):
            if kind == "chromium" and not chromium.installed():
                continue
            for deny, wanted in (("", "code="), ("1", "error=access_denied")):
                with self.subTest(browser=kind, deny=deny):
                    redirect, paths = self.listen()
                    query = urllib.parse.urlencode({
                        "client_id": self.bed.env["BED_CLIENT_ID"], "response_type": "code", "state": "s",
                        "scope": f"offline_access {people.SCOPES['imap']}", "redirect_uri": redirect,
                        "code_challenge": "c" * 43, "code_challenge_method": "S256"})
                    env = {**self.bed.env, "BED_BROWSER": kind, "BED_BROWSER_USER": ALICE, "BED_BROWSER_DENY": deny}
                    url = f"{self.bed.env['BED_ISSUER']}/auth?{query}"
                    subprocess.run([os.path.join(HERE, "browser"), url], env=env, check=True, timeout=60,
                                   stdout=subprocess.DEVNULL)
                    self.assertTrue(any(wanted in path for path in paths), paths)

    def test_a_device_is_signed_in_by_its_code(self):
        issuer, ca = self.bed.env["BED_ISSUER"], self.bed.env["BED_CA"]
        client = {"client_id": self.bed.env["BED_CLIENT_ID"]}
        load = signin.Browser(ca).load
        scope = " ".join([people.SCOPES["imap"], "offline_access"])
        device = json.loads(load(f"{issuer}/device/auth", {**client, "scope": scope})[1])
        poll = {**client, "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
                "device_code": device["device_code"]}
        self.assertEqual(json.loads(load(f"{issuer}/token", poll)[1])["error"], "authorization_pending")
        signin.sign_in(device["verification_uri"], ALICE, people.PASSWORDS[ALICE], ca=ca, code=device["user_code"])
        self.assertIn("refresh_token", json.loads(load(f"{issuer}/token", poll)[1]))

    def test_the_keyring_keeps_a_secret(self):
        def tool(*arguments, **extra):
            return subprocess.run(["secret-tool", *arguments], env=self.bed.env, capture_output=True,
                                  text=True, check=False, **extra)
        tool("store", "--label=x", "kind", "test", input="a secret")
        self.assertEqual(tool("lookup", "kind", "test").stdout, "a secret")
        self.bed.control("lock_keyring")
        self.addCleanup(self.bed.control, "unlock_keyring")
        self.assertEqual(tool("lookup", "kind", "test").stdout, "")
        self.bed.control("unlock_keyring")
        self.assertEqual(tool("lookup", "kind", "test").stdout, "a secret")


class Ends(unittest.TestCase):
    """Nothing is left: no process, no file."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="beds-", dir="/tmp")
        os.chmod(self.folder, 0o711)
        self.addCleanup(os.rmdir, self.folder)

    def announce(self):
        """A command that says where its bed is and stays."""
        return run_bed("sh", "-c", "echo $BED_DIR; (setsid sleep 300 &); exec sleep 300")

    def gone(self, directory):
        self.assertFalse(os.path.exists(directory), directory)
        self.assertEqual(janitor.members(directory), set())

    def test_success_and_failure_pass_the_exit_code_on(self):
        for code in (0, 3):
            process = run_bed("sh", "-c", f"echo $BED_DIR; exit {code}")
            output, _ = process.communicate(timeout=30)
            self.assertEqual(process.returncode, code)
            self.gone(output.strip())

    def test_a_command_that_does_not_exist(self):
        process = run_bed("/does/not/exist", stderr=subprocess.PIPE)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 127)

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            with self.subTest(signal=number.name):
                process = self.announce()
                directory = process.stdout.readline().strip()
                process.send_signal(number)
                self.assertEqual(process.wait(20), -9 if number == signal.SIGKILL else 128 + number)
                process.stdout.close()
                wait_until(lambda: not os.path.exists(directory), "cleaning up", 10)
                self.gone(directory)

    def test_a_signal_while_it_starts(self):
        for delay in (0.02, 0.1, 0.3, 0.6):  # not to wait for something: to hit different moments
            process = run_bed("sleep", "300", env={**os.environ, "BED_ROOT": self.folder})
            time.sleep(delay)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
            self.assertIn(process.returncode, (128 + signal.SIGTERM, -signal.SIGTERM))
            wait_until(lambda: not os.listdir(self.folder), "cleaning up", 10)

    def test_several_at_once(self):
        with Bed(keyring=False) as one, Bed(keyring=False) as two:
            token = one.control("sign_in", user=ALICE)["access_token"]
            self.assertEqual(Client(one).imap(ALICE, token), "OK")
            self.assertNotEqual(Client(two).imap(ALICE, token), "OK")
            directories = one.directory, two.directory
        for directory in directories:
            self.gone(directory)

    def test_a_locked_keyring_is_locked_from_the_start(self):
        process = run_bed("secret-tool", "store", "--label=x", "a", "b", options=["--locked-keyring"],
                          stderr=subprocess.PIPE)
        _, errors = process.communicate(timeout=30)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn("locked", errors)


if __name__ == "__main__":
    unittest.main(verbosity=2)
