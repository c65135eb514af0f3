#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`mail-oauth check` against the bed's mail servers, and against ones that refuse in every way:

    tests/bed/bed.py run -- tests/cli/check_test.py
"""
import email.utils
import json
import os
import re
import socket
import time
import unittest

from cli_case import (ALICE, BOB, CANCELLED, CONFIG, PROTOCOL, REAUTHORIZE, REFUSED, SECONDS, STORAGE, TRANSIENT, CliCase,
                      bed, write_manifest)

SUPPORT = "support@contoso.test"
BEFORE = ["store", "dns", "tls", "clock", "metadata", "client", "grant", "refresh", "scopes", "identity"]
CHAIN = ["connect", "tls", "certificate", "greeting", "capabilities", "token", "login", "mailbox"]
STARTTLS_CHAIN = ["connect", "greeting", "tls", "certificate", *CHAIN[4:]]
IMAP_OPEN = [["send", "* OK ready\r\n"], ["expect", r"\S+ CAPABILITY"],
             ["send", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK done\r\n"],
             ["expect", r"\S+ CAPABILITY"],
             ["send", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK done\r\n"],
             ["expect", r"\S+ AUTHENTICATE XOAUTH2 \S+"], ["send", "{tag} OK in\r\n"]]
SMTP_OPEN = [["send", "220 ready\r\n"], ["expect", "EHLO .*"], ["send", "250-hello\r\n250 AUTH XOAUTH2\r\n"]]


def port(name):
    return int(os.environ[f"BED_{name}_PORT"])


def scripted(script, **how):
    return bed("scripted", script=script, **how)["port"]


def unexpected(number):
    return bed("scripted_log", port=number)["unexpected"]


class CheckCase(CliCase):
    """Alice is signed in at the provider "odd", which is the bed with mail servers of the test's choice."""

    def setUp(self):
        super().setUp()
        bed("clear_mailbox", mailbox=ALICE)

    def servers(self, user=ALICE, **servers):
        """Each is a port, or a port and "starttls"."""
        named = {}
        for protocol, at in servers.items():
            number, tls = at if isinstance(at, tuple) else (at, "tls")
            named[protocol] = {"host": "localhost", "port": number, "tls": tls}
        write_manifest("odd", extends="bed", name="Odd", domains=[], servers=named)
        self.sign_in(user, "--provider", "odd", BED_BROWSER_USER=user)

    def check(self, code, *arguments, user=ALICE, **env):
        """The links by protocol and name, of the one JSON object."""
        done = self.run_command("check", user, "--provider", "odd", "--json", *arguments, **env)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        self.assertEqual(1, len(done.stdout.splitlines()))
        self.assert_fit_for_a_report(done.stdout + done.stderr, user, full="--full" in arguments)
        self.answer = json.loads(done.stdout)
        self.assertEqual(1, self.answer["v"])
        self.assertEqual(code != 0, "error" in self.answer)
        return {(link.get("protocol"), link["name"]): link for link in self.answer["links"]}

    def assert_fit_for_a_report(self, text, user=ALICE, full=False):
        token = self.run_ok("token", user) if self.run_json("list")["grants"] else "no token"
        self.assertNotIn(token.strip(), text)
        self.assertNotIn(os.environ["BED_DIR"], text)
        if not full:
            self.assertNotRegex(text, r"(?i)(alice|support@|bob|stranger)")

    def assert_broken(self, links, protocol, name, kind, words="", code=None):
        """That link is the protocol's last that was tried."""
        mine = [link for (of, _), link in links.items() if of == protocol]
        outcomes = [link["outcome"] for link in mine]
        at = [link["name"] for link in mine].index(name)
        self.assertEqual(["ok"] * at + ["failed"] + ["not_tried"] * (len(mine) - at - 1), outcomes, mine)
        self.assertEqual(kind, mine[at]["error"]["kind"])
        self.assertIn(words, mine[at]["error"]["message"])
        if code is not None:
            self.assertEqual(code, mine[at]["error"]["code"])

    def assert_whole(self, links, *protocols):
        for (protocol, name), link in links.items():
            if protocol in (None, *protocols):
                self.assertEqual("ok", link["outcome"], (protocol, name, link))


class Mailboxes(CheckCase):
    def test_ones_own_mailbox_by_all_three(self):
        bed("deliver", mailbox=ALICE)
        self.servers()
        sent = bed("sent")
        links = self.check(0)
        self.assertEqual([(None, name) for name in BEFORE] + [(p, n) for p in ("imap", "pop", "smtp") for n in CHAIN],
                         list(links))
        self.assert_whole(links, "imap", "pop", "smtp")
        self.assertTrue(all(isinstance(link["ms"], int) for link in links.values()))
        self.assertEqual("2500 bytes", links["smtp", "token"]["message"])
        self.assertIn("XOAUTH2", links["imap", "login"]["message"])
        self.assertIn("messages: 1", links["imap", "mailbox"]["message"])
        self.assertIn("messages: 1", links["pop", "mailbox"]["message"])
        self.assertIn("AUTH=OAUTHBEARER", links["imap", "capabilities"]["capabilities"])
        self.assertEqual(("odd", "a***@c***.test"), (self.answer["provider"], self.answer["mailbox"]))
        self.assertEqual(sent, bed("sent"))

    def test_ones_own_address_in_capitals_is_no_shared_mailbox(self):
        self.servers(smtp=scripted("smtp-535"))
        links = self.check(REFUSED, "--mailbox", ALICE.upper())
        self.assert_whole(links, "imap", "pop")
        self.assertEqual("a***@c***.test", self.answer["mailbox"])
        self.assertEqual("smtp-refused", links["smtp", "login"]["error"]["explanation"]["id"])

    def test_starttls_comes_before_the_certificate(self):
        self.servers(**{name.lower(): (port(f"{name}_STARTTLS"), "starttls") for name in ("IMAP", "POP", "SMTP")})
        links = self.check(0)
        self.assertEqual(STARTTLS_CHAIN, [name for protocol, name in links if protocol == "pop"])
        self.assert_whole(links, "imap", "pop", "smtp")

    def test_servers_are_told_by_which_name_they_are_wanted(self):
        """Some have no certificate for those who do not say it (SNI)."""
        at_once, later = scripted("imap-ok"), scripted("pop-ok", tls="starttls")
        self.servers(imap=at_once, pop=(later, "starttls"))
        self.assert_whole(self.check(0), "imap", "pop")
        for number in (at_once, later):
            self.assertEqual(["localhost"], bed("scripted_log", port=number)["names"])

    def test_the_mechanism_is_the_manifests(self):
        self.servers()
        write_manifest("odd", extends="bed", name="Odd", domains=[], mechanism="OAUTHBEARER")
        links = self.check(0)
        for protocol in ("imap", "pop", "smtp"):
            self.assertIn("OAUTHBEARER", links[protocol, "login"]["message"])

    def test_a_shared_mailbox_and_a_message_to_oneself(self):
        self.servers(smtp=port("SMTP_WIDE"))
        links = self.check(0, "--mailbox", SUPPORT, "--send-test", "--full")
        self.assertIn(SUPPORT, links["imap", "login"]["message"])
        self.assertIn(SUPPORT, links["pop", "login"]["message"])
        self.assertIn(ALICE, links["smtp", "login"]["message"])
        self.assertEqual("ok", links["smtp", "message"]["outcome"])
        message = bed("messages", mailbox=ALICE)["messages"][-1]
        self.assertEqual(("mail-oauth check", SUPPORT, ALICE), (message["subject"], message["from"], message["to"]))
        self.assertEqual(ALICE, bed("sent")["sent"][-1]["user"])

    def test_a_person_who_is_no_delegate(self):
        self.servers(user=BOB, smtp=port("SMTP_WIDE"))
        links = self.check(REFUSED, "--mailbox", SUPPORT, user=BOB)
        self.assert_broken(links, "imap", "login", "refused", code="AUTHENTICATIONFAILED")
        self.assert_broken(links, "pop", "login", "refused")
        self.assert_broken(links, "smtp", "mailbox", "refused", words="send as")

    def test_a_server_that_lets_nobody_send_as_the_shared_mailbox(self):
        """Its words alone do not say that this is about the other address."""
        number = scripted([*SMTP_OPEN, ["expect", "AUTH XOAUTH2"], ["send", "334 \r\n"], ["expect", r"\S+"],
                           ["send", "235 ok\r\n"], ["expect", "MAIL FROM:.*"],
                           ["send", "553 5.7.1 Sender address rejected\r\n"], ["silence"]])
        self.servers(smtp=number)
        own, shared = [self.check(REFUSED, *more)["smtp", "mailbox"]["error"] for more in ((), ("--mailbox", SUPPORT))]
        self.assertNotEqual("send-as", own["explanation"].get("id"))
        self.assertEqual("send-as", shared["explanation"]["id"])
        self.assertIn("Send As", shared["explanation"]["what_to_do"])

    def test_a_person_without_a_mailbox(self):
        self.servers(user="stranger@elsewhere.test")
        links = self.check(REFUSED, user="stranger@elsewhere.test")
        for protocol in ("imap", "pop", "smtp"):
            self.assert_broken(links, protocol, "login", "refused")

    def test_a_token_that_the_servers_refuse_is_renewed(self):
        self.servers()
        bed("expire_tokens")
        links = self.check(0)
        self.assertIn("second token", links["imap", "login"]["message"])

    def test_a_grant_that_leaves_a_protocol_out(self):
        bed("set", grant_scopes=["openid", "offline_access", "https://outlook.office.com/IMAP.AccessAsUser.All"])
        self.servers()
        links = self.check(REFUSED)
        self.assertIn("does not cover POP3, SMTP", links[None, "scopes"]["error"]["message"])
        self.assertEqual("ok", links["imap", "mailbox"]["outcome"])
        self.assert_broken(links, "smtp", "token", "refused", words="SMTP")



JSON = {"Content-Type": "application/json"}


def dated(seconds):
    return {**JSON, "Date": email.utils.formatdate(time.time() + seconds, usegmt=True)}


def answers(status=400, error="invalid_grant", headers=None):
    """An authorization server that says this to everything."""
    body = json.dumps({"error": error, "error_description": "AADSTS0: no."})
    return bed("scripted_http", answers=[{"status": status, "headers": headers or JSON, "body": body}])["port"]


class BeforeTheMailServers(CheckCase):
    """The store, the way to the authorization server, and what it says."""

    def at(self, port_, **fields):
        """The provider "odd" with an authorization server of the test's choice; nobody is signed in there."""
        endpoint = f"https://localhost:{port_}"
        write_manifest("odd", extends="bed", name="Odd", domains=[], client_id="c", token_endpoint=f"{endpoint}/token",
                       authorization_endpoint=f"{endpoint}/authorize", device_authorization_endpoint=f"{endpoint}/device",
                       servers={"imap": {"host": "localhost", "port": port("IMAP"), "tls": "tls"}}, **fields)

    def outcomes(self, links):
        return {name: link["outcome"] for (protocol, name), link in links.items() if protocol is None}

    def test_the_links_say_what_they_saw(self):
        self.servers()
        links = self.check(0)
        said = {name: links[None, name].get("message", "") for name in BEFORE}
        self.assertEqual("1 sign-in is kept", said["store"])
        self.assertEqual("localhost", said["dns"])
        self.assertRegex(said["clock"], r"^\d seconds? off$")
        self.assertIn("refused only the token", said["client"])
        self.assertRegex(said["refresh"], r"^not needed: the access token is good until \d{4}-")
        self.assertEqual("IMAP, POP3, SMTP", said["scopes"])
        self.assertEqual("a***@c***.test", said["identity"])
        self.assertEqual("All of it works.", self.answer["verdict"])

    def test_a_token_that_is_not_fresh_is_renewed_once(self):
        bed("set", token_ttl=1)
        self.servers()
        bed("set", token_ttl=3600)
        bed("clear_requests")
        links = self.check(0)
        self.assertRegex(links[None, "refresh"]["message"], "^renewed: the access token is good until")
        refreshes = [request["status"] for request in bed("requests")["requests"]
                     if request.get("grant_type") == "refresh_token"]
        self.assertEqual([400, 200], refreshes)  # the first asks about the client, with a token of nobody

    def test_a_fresh_token_is_not_renewed(self):
        self.servers()
        before = self.run_ok("token", ALICE)
        self.check(0)
        self.assertEqual(before, self.run_ok("token", ALICE))

    def test_nobody_is_signed_in_and_the_rest_is_looked_at(self):
        write_manifest("odd", extends="bed", name="Odd", domains=[], client_id=os.environ["BED_CLIENT_ID"])
        links = self.check(REAUTHORIZE)
        self.assertEqual({**dict.fromkeys(BEFORE[:6], "ok"), "grant": "failed"}, self.outcomes(links))
        self.assertEqual(("ok", "not_tried", "not_tried"), tuple(links["imap", name]["outcome"] for name in
                                                                 ("capabilities", "token", "login")))
        self.assertIn("mail-oauth login", self.answer["error"]["message"])

    def test_nobody_is_signed_in_at_a_provider_that_nobody_named(self):
        done = self.run_command("check", "someone@nowhere.test", "--json")
        self.assertEqual(REAUTHORIZE, done.returncode)
        self.assertEqual(["store", "grant"], [link["name"] for link in json.loads(done.stdout)["links"]])

    def test_a_keyring_that_is_locked_hides_nothing_else(self):
        self.servers()
        bed("lock_keyring")
        self.addCleanup(bed, "unlock_keyring")
        done = self.run_command("check", ALICE, "--provider", "odd", "--json")
        bed("unlock_keyring")
        links = {(link.get("protocol"), link["name"]): link for link in json.loads(done.stdout)["links"]}
        self.assertEqual(STORAGE, done.returncode)
        self.assertEqual("ok", links[None, "client"]["outcome"])
        self.assertIn("locked", links[None, "refresh"]["error"]["message"])
        self.assertEqual("ok", links["imap", "capabilities"]["outcome"])

    def test_without_a_bus_the_way_to_the_servers_is_walked(self):
        write_manifest("odd", extends="bed", name="Odd", domains=[], client_id=os.environ["BED_CLIENT_ID"])
        done = self.run_command("check", ALICE, "--provider", "odd", "--json", DBUS_SESSION_BUS_ADDRESS=None,
                                XDG_RUNTIME_DIR=None, DISPLAY=None)
        self.assertEqual(STORAGE, done.returncode)
        links = {(link.get("protocol"), link["name"]): link["outcome"] for link in json.loads(done.stdout)["links"]}
        self.assertEqual(("failed", "ok", "not_tried", "ok"), (links[None, "store"], links[None, "tls"],
                                                               links[None, "grant"], links["imap", "greeting"]))

    def test_a_clock_that_is_wrong(self):
        for seconds, words in ((-7300, "2 hours ahead"), (3 * 86400 + 60, "3 days behind")):
            with self.subTest(words):
                self.at(answers(headers=dated(seconds)))
                links = self.check(CONFIG)
                self.assertIn(words, links[None, "clock"]["error"]["message"])
                self.assertEqual("ok", links[None, "client"]["outcome"])
                self.assertIn('"Sign-in, clock", and you can mend it', self.answer["verdict"])

    def test_a_clock_that_is_a_little_wrong(self):
        self.at(answers(headers=dated(-120)))
        self.assertRegex(self.check(REAUTHORIZE)[None, "clock"]["message"], r"^12\d seconds off$")

    def test_a_client_that_the_provider_does_not_know(self):
        self.at(answers(error="unauthorized_client"))
        links = self.check(CONFIG)
        self.assertEqual("unauthorized_client", links[None, "client"]["error"]["code"])
        self.assertIn('It breaks at "Sign-in, client"', self.answer["verdict"])

    def test_no_client_is_set(self):
        write_manifest("odd", name="Odd", ca_file=os.environ["BED_CA"], scopes={"imap": ["mail"]},
                       **{f"{name}_endpoint": f"{os.environ['BED_ISSUER']}/{name}" for name in ("authorization", "token")})
        self.assertIn("mail-oauth client set odd", self.check(CONFIG)[None, "client"]["error"]["message"])

    def test_a_name_that_the_dns_does_not_know(self):
        write_manifest("odd", extends="bed", name="Odd", domains=[], client_id="c", token_endpoint="https://no.invalid/token",
                       authorization_endpoint="https://no.invalid/authorize")
        links = self.check(REAUTHORIZE)
        self.assertEqual(["failed", "not_tried", "not_tried"],
                         [links[None, name]["outcome"] for name in ("dns", "metadata", "client")])
        self.assertIn("no.invalid", links[None, "dns"]["error"]["message"])
        self.assertEqual("ok", links["imap", "capabilities"]["outcome"])

    def test_a_certificate_of_the_provider_that_does_not_hold(self):
        for kind, words in (("wrong-name", "was not issued for localhost"), ("expired", "has expired"),
                            ("self-signed", "does not know")):
            with self.subTest(kind):
                number = bed("scripted_http", answers=[{"status": 400, "headers": JSON, "body": "{}"}],
                             certificate=kind)["port"]
                self.at(number)
                links = self.check(REAUTHORIZE)
                self.assertIn(words, links[None, "tls"]["error"]["message"])
                self.assertEqual("not_tried", links[None, "client"]["outcome"])

    def test_metadata_of_another_issuer(self):
        number = bed("scripted_http", answers=[{"status": 200, "headers": JSON, "body": json.dumps(
            {"issuer": "https://mallory.test", "authorization_endpoint": "https://mallory.test/a",
             "token_endpoint": "https://mallory.test/t"})}])["port"]
        write_manifest("odd", name="Odd", client_id="c", issuer=f"https://localhost:{number}", ca_file=os.environ["BED_CA"],
                       scopes={"imap": ["mail"]}, servers={"imap": {"host": "localhost", "port": port("IMAP"), "tls": "tls"}})
        links = self.check(REAUTHORIZE)
        self.assertEqual("protocol", links[None, "metadata"]["error"]["kind"])
        self.assertEqual("not_tried", links[None, "client"]["outcome"])

    def test_a_grant_that_was_ended_at_the_provider(self):
        bed("set", token_ttl=1)
        self.servers()
        bed("revoke_user", user=ALICE)
        bed("set", token_ttl=3600)
        done = self.run_command("check", ALICE, "--provider", "odd", "--json")
        self.assertEqual(REAUTHORIZE, done.returncode, done.stdout)
        links = {(link.get("protocol"), link["name"]): link for link in json.loads(done.stdout)["links"]}
        self.assertEqual("invalid_grant", links[None, "refresh"]["error"]["code"])
        self.assertEqual("not_tried", links[None, "scopes"]["outcome"])
        self.assertEqual("ok", links["imap", "capabilities"]["outcome"])


class Refusals(CheckCase):
    def test_certificates_that_do_not_hold_get_no_token(self):
        kinds = {"imap": "wrong-name", "pop": "expired", "smtp": "self-signed"}
        ports = {name: scripted(f"{name}-ok", certificate=kind) for name, kind in kinds.items()}
        self.servers(**ports)
        links = self.check(TRANSIENT)
        for protocol, number in ports.items():
            self.assert_broken(links, protocol, "certificate", "transient", code="certificate")
            self.assertEqual([], bed("scripted_log", port=number)["received"])

    def test_one_server_is_down_and_the_others_are_looked_at(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            free = taken.getsockname()[1]
        self.servers(pop=free)
        links = self.check(TRANSIENT)
        self.assert_broken(links, "pop", "connect", "transient", words=str(free))
        self.assert_whole(links, "imap", "smtp")

    def test_a_login_that_opens_no_mailbox(self):
        """Exchange Online, IMAP disabled: OK, and then nothing opens."""
        number = scripted([*IMAP_OPEN, ["expect", r'\S+ LIST "" INBOX'],
                           ["send", "{tag} BAD User is authenticated but not connected.\r\n"], ["silence"]])
        self.servers(imap=number)
        links = self.check(REFUSED)
        self.assert_broken(links, "imap", "mailbox", "refused", "authenticated but not connected", "not-connected")
        self.assertEqual([], unexpected(number))

    def test_smtp_auth_is_switched_off(self):
        number = scripted([*SMTP_OPEN, ["expect", "AUTH XOAUTH2"], ["send", "334 \r\n"], ["expect", r"\S+"],
                           ["send", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled "
                            "for the Tenant.\r\n"], ["silence"]])
        self.servers(smtp=number)
        links = self.check(REFUSED)
        self.assert_broken(links, "smtp", "login", "refused", "disabled for the Tenant", "5.7.139")
        self.assert_whole(links, "imap", "pop")

    def test_a_go_ahead_without_a_space(self):
        answer = "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n{tag} OK done\r\n"
        number = scripted([["send", "* OK ready\r\n"], ["expect", r"\S+ CAPABILITY"], ["send", answer],
                           ["expect", r"\S+ CAPABILITY"], ["send", answer], ["expect", r"\S+ AUTHENTICATE XOAUTH2"],
                           ["send", "+\r\n"], ["expect", r"[\w+/=]{3000,}"], ["send", "3 OK in\r\n"],
                           ["expect", r"\S+ LIST .*"], ["send", "{tag} OK done\r\n"],
                           ["expect", r"\S+ EXAMINE .*"], ["send", "* 3 EXISTS\r\n{tag} OK done\r\n"], ["silence"]])
        self.servers(imap=number)
        self.assertIn("messages: 3", self.check(0)["imap", "mailbox"]["message"])

    def test_a_server_that_knows_passwords_only_gets_no_token(self):
        number = scripted([["send", "* OK ready\r\n"], *[["expect", r"\S+ CAPABILITY"],
                           ["send", "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN\r\n{tag} OK done\r\n"]] * 2, ["silence"]])
        self.servers(imap=number)
        links = self.check(REFUSED)
        self.assert_broken(links, "imap", "login", "refused", code="no-mechanism")
        self.assertIn("PLAIN", links["imap", "capabilities"]["message"])

    def test_a_server_without_starttls_gets_no_token(self):
        number = scripted([["send", "220 ready\r\n"], ["expect", "EHLO .*"], ["send", "250-hello\r\n250 AUTH XOAUTH2\r\n"],
                           ["expect", "STARTTLS"], ["send", "502 5.5.1 Unknown command\r\n"], ["silence"]], tls="none")
        self.servers(smtp=(number, "starttls"))
        links = self.check(REFUSED)
        self.assert_broken(links, "smtp", "tls", "refused", code="no-tls")

    def test_a_server_that_speaks_something_else(self):
        number = scripted([*SMTP_OPEN, ["expect", "AUTH XOAUTH2"], ["send", "+OK POP3 here\r\n"], ["silence"]])
        self.servers(smtp=number)
        self.assert_broken(self.check(PROTOCOL), "smtp", "login", "protocol")

    def test_a_server_that_does_not_want_us(self):
        number = scripted([["send", "421 4.3.2 Too many connections\r\n"], ["close"]])
        self.servers(smtp=number)
        self.assert_broken(self.check(TRANSIENT), "smtp", "greeting", "transient", "Too many connections")

    def test_addresses_in_a_servers_words_are_shortened_and_tokens_never_shown(self):
        number = scripted([*SMTP_OPEN, ["expect", "AUTH XOAUTH2"], ["send", "334 \r\n"], ["expect", r"\S+"],
                           ["send", "235 ok\r\n"], ["expect", "MAIL FROM:.*"],
                           ["send", "550 5.7.60 <Alice@contoso.test> CONTOSO\\alice (/var/mail/alice) may not send; "
                            + "bWFpbA" * 8 + "\r\n"], ["silence"]])
        self.servers(smtp=number)
        message = self.check(REFUSED)["smtp", "mailbox"]["error"]["message"]
        self.assertIn("<A***@c***.test> CONTOSO\\a*** (.../a***) may not send", message)
        self.assertNotIn("bWFpbA", message)
        full = self.check(REFUSED, "--full")["smtp", "mailbox"]["error"]["message"]
        self.assertIn("<Alice@contoso.test>", full)

    def test_the_worst_error_makes_the_exit_code(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            free = taken.getsockname()[1]
        self.servers(imap=free, pop=scripted("pop-err"))
        self.check(REFUSED)
        self.assertEqual("refused", self.answer["error"]["kind"])


class Person(CheckCase):
    def test_the_lines_stand_in_columns_with_their_times(self):
        self.servers(pop=scripted("pop-err"))
        done = self.run_command("check", ALICE, "--provider", "odd")
        self.assertEqual(REFUSED, done.returncode)
        self.assert_fit_for_a_report(done.stdout + done.stderr)
        lines = [line for line in done.stdout.splitlines() if line.startswith("  ")]
        self.assertEqual(len(BEFORE) + 3 * len(CHAIN), len(lines), done.stdout)
        for line in lines:
            self.assertRegex(line, r"^  \S.{11}  (  \d\.\d{3} s|        -)  (ok {7}|ok$|FAILED {5}|not tried)")
        self.assertEqual(["IMAP", "POP3", "SMTP"], re.findall(r"^(\w+)  localhost:\d+$", done.stdout, re.M))
        self.assertIn("unknown user name", done.stderr)
        self.assertRegex(done.stdout.splitlines()[-1], r'^It breaks at "POP3, login", and you can mend it: .*\w')
        self.servers()
        self.assertTrue(self.run_ok("check", ALICE, "--provider", "odd").endswith("All of it works.\n"))

    def test_ctrl_c_ends_the_waiting_and_what_was_found_is_told(self):
        terminal, other_end = os.openpty()
        self.addCleanup(os.close, terminal)
        self.servers(imap=scripted([["silence"]]))
        process = self.start("check", ALICE, "--provider", "odd", "--json", stderr=other_end)
        os.close(other_end)
        self.assertIn(b"Ctrl-C", os.read(terminal, 1000))
        code, out, _ = self.interrupt(process)
        self.assertEqual(CANCELLED, code)
        answer = json.loads(out)
        self.assertEqual("cancelled", answer["error"]["kind"])
        self.assertEqual("ok", answer["links"][0]["outcome"])

    def test_servers_that_take_more_than_ten_seconds_are_waited_for(self):
        """A greeting and the answer to AUTH, at the same time."""
        wait = ["wait", 10.5]
        self.servers(imap=scripted([wait, *IMAP_OPEN, ["expect", r"\S+ LIST .*"], ["send", "{tag} OK done\r\n"],
                                    ["expect", r"\S+ EXAMINE .*"], ["send", "* 0 EXISTS\r\n{tag} OK done\r\n"], ["silence"]]))
        greeted = self.start("check", ALICE, "--provider", "odd")
        self.assertTrue(any(line.startswith("  DNS ") for line in greeted.stdout))  # it has read its manifest
        self.servers(imap=port("IMAP"), smtp=scripted(
            [*SMTP_OPEN, ["expect", "AUTH XOAUTH2"], ["send", "334 \r\n"], ["expect", r"\S+"], wait,
             ["send", "235 ok\r\n"], ["expect", "MAIL FROM:.*"], ["send", "250 ok\r\n"],
             ["expect", "RSET"], ["send", "250 ok\r\n"], ["silence"]]))
        self.assertGreater(self.check(0)["smtp", "login"]["ms"], 10000)
        out, err = greeted.communicate(timeout=SECONDS)
        self.assertEqual(0, greeted.returncode, out + err)
        self.assertRegex(out, r"greeting +1\d\.\d{3} s  ok")


if __name__ == "__main__":
    unittest.main()
