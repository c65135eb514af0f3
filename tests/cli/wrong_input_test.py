#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be wrong, and what `mail-oauth` says about it, against the bed:

    tests/bed/bed.py run -- tests/cli/wrong_input_test.py
"""
import http.server
import json
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

from cli_case import (ALICE, CANCELLED, COMMAND, CONFIG, PROTOCOL, PROVIDERS, REAUTHORIZE, REFUSED, STORAGE, TRANSIENT, CliCase, bed,
                      write_manifest)
import certificates  # from the bed, whose folder cli_case makes known

SCOPES = {"imap": ["https://outlook.office.com/IMAP.AccessAsUser.All"], "always": ["offline_access"]}


class _Garbage(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # pylint: disable=invalid-name
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html>Please log in to the hotel's network</html>")

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


def latin_1():
    """The environment of an old terminal."""
    folder = os.path.join(os.environ["BED_DIR"], "locales")
    os.mkdir(folder)
    subprocess.run(["localedef", "-i", "de_DE", "-f", "ISO-8859-1", "--no-archive", os.path.join(folder, "latin_1")],
                   check=True, capture_output=True)
    return {"LOCPATH": folder, "LC_ALL": "latin_1"}


class Usage(CliCase):
    def test_wrong_usage_is_said_with_the_way_to_help(self):
        for words in ([], ["lgoin"], ["login"], ["login", "--porvider", "x", ALICE], ["login", ALICE, "more"],
                      ["login", "--provider"], ["token", "--json=1", ALICE], ["client", "set"],
                      ["list", "--provider", "a", "--provider", "b"]):
            with self.subTest(words=words):
                self.assert_fails(CONFIG, *words, words=["--help"])

    def test_wrong_usage_is_json_where_json_was_asked_for(self):
        self.assert_fails_json(CONFIG, "config", "token")
        self.assert_fails_json(CONFIG, "config", "login", "--nonsense")

    def test_half_a_command_is_answered_with_the_whole(self):
        self.assert_fails(CONFIG, "client", words=["client set"])

    def test_a_token_that_could_not_be_written_is_no_success(self):
        self.sign_in()
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([COMMAND, "token", ALICE], env=self.environment(), stdout=full,
                                  stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(STORAGE, done.returncode)
        self.assertIn("Standard output", done.stderr)

    def test_a_client_set_without_an_id_names_the_option(self):
        self.assert_fails(CONFIG, "client", "set", "bed", words=["--client-id"])

    def test_an_operand_has_to_be_an_address(self):
        for address in ("alice", "@contoso.test", "alice@", "a\nb@contoso.test", ""):
            with self.subTest(address=address):
                self.assert_fails(CONFIG, "login", "--provider", "bed", address)

    def test_an_address_that_is_not_text_is_refused_before_anybody_is_asked(self):
        bed("clear_requests")
        for command in ("login", "token", "status", "logout", "check"):
            with self.subTest(command=command):
                self.assert_fails(CONFIG, command, b"m\xfcller@contoso.test", words=["UTF-8"])
        self.assert_fails_json(CONFIG, "config", "login", "--provider", "bed", b"m\xfcller@contoso.test")
        self.assert_fails(CONFIG, "login", "--provider", "bed", "--client", b"\xfc", ALICE, words=["UTF-8"])
        self.assertEqual({}, bed("requests")["counts"])

    def test_an_address_of_a_latin_1_terminal_is_understood(self):
        done = subprocess.run([COMMAND, "token", b"m\xfcller@contoso.test"], env=self.environment(**latin_1()),
                              capture_output=True, check=False)
        self.assertEqual(REAUTHORIZE, done.returncode, done.stderr)
        self.assertIn(b"m\xfcller@contoso.test", done.stderr)

    def test_protocols_are_those_three(self):
        self.assert_fails(CONFIG, "login", "--protocols", "imap,jmap", ALICE, words=["jmap"])

    def test_a_protocol_is_judged_before_a_sign_in_is_looked_for(self):
        self.assert_fails(CONFIG, "token", "--protocol", "x", ALICE, words=["imap"])
        self.assert_fails_json(CONFIG, "config", "token", "--protocol", "x", ALICE,
                               DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus")


class Providers(CliCase):
    def test_an_unknown_provider_is_answered_with_the_known(self):
        self.assert_fails(CONFIG, "login", "--provider", "bde", ALICE, words=["bde", "bed", "microsoft365"])

    def test_an_unknown_domain_is_answered_with_the_known(self):
        # The proxy that is not there keeps the question on this machine.
        self.assert_fails(CONFIG, "login", "x@nowhere.test", words=["--provider", "bed", "microsoft365"],
                          https_proxy="http://127.0.0.1:9")

    def test_a_missing_client_id_is_answered_with_the_command_and_the_page(self):
        said = self.assert_fails(CONFIG, "login", "--provider", "microsoft365", ALICE)
        self.assertIn("mail-oauth client set microsoft365 --client-id", said)
        self.assertIn("https://learn.microsoft.com/", said)

    def test_a_broken_manifest_names_its_file_and_key_and_leaves_the_others(self):
        path = write_manifest("broken", name="B", nmae="x")
        self.assert_fails(CONFIG, "login", "--provider", "broken", ALICE, words=[path, "/nmae"])
        self.assertEqual("broken", self.run_json("providers")["broken"][0]["id"])
        self.sign_in()

    def test_a_manifest_that_others_can_write_is_refused(self):
        path = write_manifest("open", extends="bed", name="Open")
        os.chmod(path, 0o666)
        self.assert_fails(CONFIG, "login", "--provider", "open", ALICE, words=[path])

    def test_an_endpoint_without_tls_is_refused(self):
        write_manifest("plain", extends="bed", name="P", token_endpoint="http://mail.example/token")
        self.assert_fails(CONFIG, "login", "--provider", "plain", ALICE, words=["/token_endpoint", "https"])


class Servers(CliCase):
    def _issuer_only(self, issuer, **fields):
        write_manifest("other", name="Other", issuer=issuer, scopes=SCOPES, client_id="c", **fields)

    def test_a_server_that_cannot_be_reached(self):
        self._issuer_only("http://127.0.0.1:1")
        self.assert_fails(TRANSIENT, "login", "--provider", "other", ALICE)
        self.assert_fails_json(TRANSIENT, "transient", "login", "--provider", "other", ALICE)

    def _serve(self, context=None):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Garbage)
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_port

    def test_a_server_that_says_nothing_is_waited_for_with_words(self):
        terminal, other_end = os.openpty()
        self.addCleanup(os.close, terminal)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self._issuer_only(f"http://127.0.0.1:{silent.getsockname()[1]}")
            process = self.start("login", "--provider", "other", ALICE, stderr=other_end)
            os.close(other_end)
            self.assertIn(b"Ctrl-C", os.read(terminal, 1000))
            self.assertEqual(CANCELLED, self.interrupt(process)[0])

    def test_a_server_that_talks_garbage(self):
        self._issuer_only(f"http://127.0.0.1:{self._serve()}")
        self.assert_fails(PROTOCOL, "login", "--provider", "other", ALICE)

    def test_a_certificate_that_nobody_vouches_for(self):
        self._issuer_only(os.environ["BED_ISSUER"])
        said = self.assert_fails(TRANSIENT, "login", "--provider", "other", ALICE)
        self.assertIn("certificate", said.lower())

    def test_a_certificate_for_another_name(self):
        with tempfile.TemporaryDirectory() as folder:
            authority = certificates.Authority(folder)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*authority.server("wrong-name"))
            self._issuer_only(f"https://localhost:{self._serve(context)}", ca_file=authority.pem)
            said = self.assert_fails(TRANSIENT, "login", "--provider", "other", ALICE)
            self.assertIn("certificate", said.lower())

    def test_a_token_endpoint_that_talks_garbage(self):
        bed("set", token_answer={"status": 200, "headers": {"content-type": "text/html"}, "body": "<html>"})
        self.assert_login_fails(PROTOCOL, "protocol")

    def test_a_token_endpoint_that_is_down(self):
        bed("set", token_answer={"status": 503, "headers": {}, "body": ""})
        self.assert_login_fails(TRANSIENT, "transient")

    def test_a_sign_in_without_a_refresh_token(self):
        bed("set", omit_refresh_token=True)
        self.assert_login_fails(PROTOCOL, "protocol")

    def test_terminal_escapes_of_a_server_do_not_reach_the_terminal(self):
        body = json.dumps({"error": "invalid_grant", "error_description": "\x1b[31mred\x1b]0;title\x07\u202e"})
        bed("set", token_answer={"status": 400, "headers": {"content-type": "application/json"}, "body": body})
        said = self.assert_login_fails(REAUTHORIZE, "reauthorize")
        for escape in ("\x1b", "\x07", "\u202e"):
            self.assertNotIn(escape, said)

    def test_a_grant_that_the_provider_ended_wants_a_new_sign_in_and_no_browser(self):
        bed("set", token_ttl=1)
        self.sign_in()
        bed("revoke_user", user=ALICE)
        self.assert_fails(REAUTHORIZE, "token", ALICE, words=[ALICE], BROWSER="/bin/false")
        self.assert_fails_json(REAUTHORIZE, "reauthorize", "token", ALICE)

    def assert_login_fails(self, code, kind):
        self.assert_fails_json(code, kind, "login", ALICE)
        return self.assert_fails(code, "login", ALICE)


class People(CliCase):
    def test_consent_that_was_denied(self):
        # The bed's provider says why, as Microsoft does: it may have been a policy.
        self.assert_fails(REFUSED, "login", ALICE, BED_BROWSER_DENY="1", words=["declined"])
        self.assert_fails_json(REFUSED, "refused", "login", ALICE, BED_BROWSER_DENY="1")
        self.assertEqual([], self.run_json("list")["grants"])

    def test_ctrl_c_ends_the_waiting(self):
        process = self.start("login", "--json", ALICE, BROWSER="/bin/true")
        self.assertEqual("authorization_url", json.loads(process.stdout.readline())["event"])
        code, out, _ = self.interrupt(process)
        self.assertEqual(CANCELLED, code)
        self.assertEqual(("error", "cancelled"), (json.loads(out)["event"], json.loads(out)["kind"]))

    def test_a_pasted_address_of_another_sign_in(self):
        done = self.run_command("login", "--paste", "--json", ALICE, text="http://127.0.0.1/?code=x&state=y\n")
        self.assertEqual(PROTOCOL, done.returncode, done.stderr)

    def test_nothing_pasted_at_all(self):
        done = self.run_command("login", "--paste", "--json", ALICE)
        self.assertEqual(CONFIG, done.returncode, done.stderr)

    def test_nobody_to_sign_out(self):
        self.assert_fails(CONFIG, "logout", ALICE, words=[ALICE])
        self.assert_fails(REAUTHORIZE, "status", ALICE, words=[ALICE])


class Keyring(CliCase):
    def setUp(self):
        super().setUp()
        self.opened = os.path.join(os.environ["BED_DIR"], "opened")
        self.browser = os.path.join(PROVIDERS, "..", "browser")
        with open(os.open(self.browser, os.O_WRONLY | os.O_CREAT, 0o700), "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n: > {self.opened}\n")

    def damage(self):
        """Overwrites the item of ALICE in the keyring."""
        grant = self.run_json("list")["grants"][0]
        names = [word for name in ("provider", "client", "tenant", "identity") for word in (name, grant[name])]
        subprocess.run(["secret-tool", "store", "--label=x", "xdg:schema", "org.mail_oauth.Grant",
                        "kind", "grant", *names], input="{", text=True, check=True)

    def test_a_damaged_item_is_named_and_can_be_signed_out(self):
        self.sign_in()
        self.damage()
        self.assert_fails(STORAGE, "token", ALICE, words=["damaged", "Sign in again"])
        self.assertEqual("unusable", self.run_json("status")["grants"][0]["state"])
        self.assertIn("damaged", self.run_command("logout", ALICE).stderr)
        self.assertEqual([], self.run_json("list")["grants"])

    def assert_no_sign_in(self, **env):
        said = self.assert_fails(STORAGE, "login", ALICE, BROWSER=self.browser, **env)
        self.assertFalse(os.path.exists(self.opened), "a browser was opened in vain")
        self.assert_fails_json(STORAGE, "storage", "token", ALICE, **env)
        return said

    def test_three_failures_that_are_told_apart_and_open_no_browser(self):
        no_bus = self.assert_no_sign_in(DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus")
        bed("stop_keyring")
        try:
            no_service = self.assert_no_sign_in()
        finally:
            bed("start_keyring")
        self.sign_in()
        bed("lock_keyring")
        try:
            locked = self.assert_no_sign_in()
        finally:
            bed("stop_keyring")
            bed("start_keyring")
        self.assertEqual(3, len({no_bus, no_service, locked}))


if __name__ == "__main__":
    unittest.main()
