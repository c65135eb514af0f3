#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail comes in and goes out with tokens, in the real Claws Mail against the bed."""
import os
import subprocess
import sys
import unittest

from claws_host import encrypted, revealed
from gui import Person
from host_case import ALICE, BOB, GIVE_BACK, OAUTH, PASSWORD, PLUGIN, SHARED, HostCase, decoded, wait_for


class Mail(HostCase):
    def test_receives_over_imap_and_sends_over_smtp(self):
        token = self.grant()
        self.bed.control("deliver", mailbox=ALICE, subject="Good morning")
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent())})
        self.queue(profile, 1, ALICE, BOB, "Good evening")
        claws = self.start(profile)

        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        self.logged(claws, "6 UID FETCH")
        claws.remote("--send")
        wait_for(lambda: self.subjects(BOB) == ["Good evening"], "the message in Bob's mailbox")

        self.assertEqual(len(token), 2500)
        self.only_main_window(claws, "Work")
        claws.exit()

    def sent(self):
        return self.bed.control("sent")["sent"]

    def test_opens_a_shared_mailbox_beside_the_own_one(self):
        self.grant()
        before = len(self.sent())
        profile = self.profile({
            1: self.account("Own", is_default=1, intent=self.intent()),
            2: self.account("Support", SHARED, intent=self.intent(mailbox=SHARED))})
        self.queue(profile, 2, SHARED, BOB, "From the team")
        claws = self.start(profile)

        claws.remote("--receive-all")
        self.logged(claws, f"Logging {ALICE} to localhost using XOAUTH2")
        self.logged(claws, f"Logging {SHARED} to localhost using XOAUTH2")
        wait_for(lambda: claws.log().count("Login to localhost successful") == 2, "both logins")
        claws.remote("--send")
        wait_for(lambda: self.subjects(BOB) == ["From the team"], "the message from the shared mailbox")

        self.assertEqual(profile.account(2)["user_id"], SHARED)
        self.assertEqual(profile.account(2)["smtp_user_id"], ALICE)
        sent = wait_for(lambda: self.sent()[before:], "the server's word on who sent it")
        self.assertEqual([one["user"] for one in sent], [ALICE])

    def test_renews_an_expired_token_unseen(self):
        self.grant(expires_at=1)
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent())})
        claws = self.start(profile)

        claws.remote("--receive")

        self.logged(claws, "Login to localhost successful")

    def test_a_token_that_the_server_refuses_is_renewed_for_the_next_login(self):
        self.grant()
        self.bed.control("expire_tokens")  # to us it looks fresh
        claws = self.start(self.profile({1: self.account("Work", is_default=1, intent=self.intent())}))
        claws.remote("--receive")
        self.logged(claws, "Error logging in to localhost")

        def receives():
            claws.remote("--receive")
            return "Login to localhost successful" in claws.log()
        wait_for(receives, "the next login succeeds")

    def test_refuses_a_stranger(self):
        self.grant(BOB)
        profile = self.profile({1: self.account("Bob", BOB, is_default=1, intent=self.intent(BOB, SHARED))})
        claws = self.start(profile)

        claws.remote("--receive")

        self.logged(claws, "Error logging in to localhost")
        self.only_main_window(claws, "Bob")

    def test_gives_no_token_to_an_unencrypted_connection(self):
        self.grant()
        plain = self.account("Plain", is_default=1, intent=self.intent(), ssl_imap=0,
                             imap_port=self.bed.env["BED_IMAP_STARTTLS_PORT"])
        claws = self.start(self.profile({1: plain}))

        claws.remote("--receive")

        self.logged(claws, "No token is sent over IMAP: the connection is not encrypted")
        self.assertFalse(any("AUTHENTICATE" in talk for talk in self.sent_bytes()))

    def test_gives_no_token_with_certificate_checks_off(self):
        self.grant()
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent())},
                               common={"skip_ssl_cert_check": 1})
        claws = self.start(profile)

        claws.remote("--receive")

        self.logged(claws, "certificate checks are off")
        self.assertFalse(any("AUTHENTICATE" in talk for talk in self.sent_bytes()))

    def test_refuses_a_request_that_fits_two_accounts(self):
        self.grant()
        self.grant(BOB)
        other = self.account("Second", is_default=0, intent=self.intent(BOB, ALICE))
        claws = self.start(self.profile({1: self.account("First", is_default=1, intent=self.intent()), 2: other}))

        claws.remote("--receive")

        self.logged(claws, 'The accounts "First" and "Second" log in to localhost with the same user name')
        self.assertFalse(any("AUTHENTICATE" in talk for talk in self.sent_bytes()))
        self.only_main_window(claws, "First")


class Settings(HostCase):
    def test_follows_the_intent_and_restores_what_was_there(self):
        before = self.account("Work", is_default=1, intent=self.intent(), smtp_user_id="smtp-name")
        profile = self.profile({1: before}, {1: {"recv": PASSWORD[ALICE], "send": "smtp-password"}})
        self.start(profile).exit()

        on = profile.account(1)
        self.assertEqual(on["imap_auth_method"], OAUTH["imap"])
        self.assertEqual(on["smtp_auth_method"], OAUTH["smtp"])
        self.assertEqual(on["smtp_user_id"], ALICE)
        self.assertEqual(self.stored_intent(profile)["saved"]["smtp_userid"], "smtp-name")
        self.assertNotIn("[account:1]", profile.read("passwordstorerc"))

        off = {**self.stored_intent(profile), "enabled": False}
        self._rewrite_intent(profile, off)
        claws = self.start(profile)
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        claws.exit()

        restored = profile.account(1)
        for key in ("user_id", "smtp_user_id", "imap_auth_method", "smtp_auth_method", "use_smtp_auth"):
            self.assertEqual(restored[key], str(before[key]), key)
        self.assertNotIn("saved", self.stored_intent(profile))
        self.assertNotIn("[plugin:mail_oauth]", profile.read("passwordstorerc"))
        self.assertEqual(profile.read("passwordstorerc").count("send {"), 1)

    def test_after_uninstalling_the_account_logs_in_with_its_password_again(self):
        account = self.account("Work", is_default=1, intent=self.intent(), user_id=ALICE, smtp_user_id=ALICE)
        profile = self.profile({1: account}, {1: {"recv": PASSWORD[ALICE], "send": PASSWORD[ALICE]}})
        claws = self.start(profile)
        refused = self._give_back(profile)
        self.assertEqual(1, refused.returncode)
        self.assertIn("Claws Mail is running", refused.stderr)
        claws.exit()
        self.assertNotIn("[account:1]", profile.read("passwordstorerc"))

        self.assertEqual("Work: logs in as before again.\n", self._give_back(profile).stderr)
        profile.plugins(None)
        self.queue(profile, 1, ALICE, BOB, "By password")
        claws = self.start(profile)
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        claws.remote("--send")
        wait_for(lambda: self.subjects(BOB) == ["By password"], "the message in Bob's mailbox")
        self.only_main_window(claws, "Work")
        claws.exit()
        self.assertEqual({key: str(account[key]) for key in account if key.endswith("auth_method")},
                         {key: profile.account(1)[key] for key in account if key.endswith("auth_method")})

    def _give_back(self, profile):
        return subprocess.run([sys.executable, "-B", GIVE_BACK, profile.folder], capture_output=True, text=True, check=False,
                              env={**os.environ, "SUDO_USER": ""})

    def test_says_what_is_wrong_with_a_broken_intent(self):
        broken = "mail_oauth=" + self.intent(identity=7).partition("=")[2]
        claws = self.start(self.profile({1: self.account("Work", is_default=1, intent=broken)}))

        self.logged(claws, '"identity" is missing or wrong')

    def _rewrite_intent(self, profile, intent):
        text = profile.read("accountrc")
        old = next(line for line in text.splitlines() if line.startswith("privacy_prefs="))
        profile.write("accountrc", text.replace(old, "privacy_prefs=" + self.intent(**intent)))


class PutAway(HostCase):
    def test_tokens_that_the_hosts_own_oauth_fetches_meanwhile_do_not_replace_the_password(self):
        saved = {"userid": ALICE, "smtp_userid": ALICE, "use_smtp_auth": True, "imap_auth_method": 1, "smtp_auth_method": 16}
        account = self.account("Work", is_default=1, intent=self.intent(saved=saved), imap_auth_method=OAUTH["imap"])
        profile = self.profile({1: account}, {1: {"recv": "a-token", "oauth2_refresh": "r", "oauth2_access_expiry": "9"}})
        ours = f"1:recv:{ALICE.replace('@', '%40')}:localhost"
        profile.write("passwordstorerc", profile.read("passwordstorerc") +
                      f"[plugin:mail_oauth]\n{ours} {encrypted(PASSWORD[ALICE])}\n\n")
        self.start(profile).exit()
        line = next(line for line in profile.read("passwordstorerc").splitlines() if line.startswith(ours))
        self.assertEqual(PASSWORD[ALICE], revealed(line.partition(" ")[2]))
        self.assertNotIn("\nrecv {", profile.read("passwordstorerc"))


class Sending(HostCase):
    """Over a server that is neither the provider's nor the one that mail comes from."""

    def foreign(self, **more):
        self.grant()
        account = self.account("Work", is_default=1, intent=self.intent(**more.pop("of_intent", {})),
                               **{"smtp_server": "127.0.0.1", **more})
        return account

    def sends(self, account, passwords=None):
        """A message goes out; the profile and the running host."""
        profile = self.profile({1: account}, passwords)
        self.queue(profile, 1, ALICE, BOB, "one")
        claws = self.start(profile)
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")  # receiving signs in all the same
        claws.remote("--send")
        return profile, claws

    def test_a_relay_that_wants_no_login_gets_mail_as_before(self):
        relay = self.bed.scripted([
            ["send", "220 relay ready\r\n"], ["expect", "(EHLO|HELO) .*"], ["send", "250 relay\r\n"],
            ["expect", "MAIL FROM:.*"], ["send", "250 fine\r\n"], ["expect", "RCPT TO:.*"], ["send", "250 fine\r\n"],
            ["expect", "DATA"], ["send", "354 go on\r\n"], ["until", r"\."], ["send", "250 taken\r\n"],
            ["expect", "QUIT"], ["send", "221 bye\r\n"]], tls="none")
        account = self.foreign(use_smtp_auth=0, ssl_smtp=0, smtp_port=relay.port)
        profile, claws = self.sends(account)
        self.logged(claws, "DATA")
        self.assertEqual("0", profile.account(1)["use_smtp_auth"])
        self.only_main_window(claws, "Work")

    def test_another_companys_server_gets_its_own_password_and_no_token(self):
        profile, claws = self.sends(self.foreign(), {1: {"recv": "unused", "send": PASSWORD[ALICE]}})
        wait_for(lambda: self.subjects(BOB) == ["one"], "the message in Bob's mailbox")
        said = "".join(self.sent_bytes("SMTP_WIDE"))
        self.assertIn("AUTH PLAIN", said)
        self.assertNotIn("XOAUTH2", said)
        self.assertNotIn("Bearer", "".join(map(decoded, said.split())))
        claws.exit()
        self.assertEqual(("16", ALICE), tuple(profile.account(1)[key] for key in ("smtp_auth_method", "smtp_user_id")))
        self.assertIn("\nsend {", profile.read("passwordstorerc"))
        self.assertNotIn("\nrecv {", profile.read("passwordstorerc"))

    def test_what_sends_with_the_name_and_password_of_receiving_goes_on_to(self):
        account = self.foreign(smtp_user_id="")
        _, claws = self.sends(account, {1: {"recv": PASSWORD[ALICE]}})
        wait_for(lambda: self.subjects(BOB) == ["one"], "the message in Bob's mailbox")
        self.assertIn("AUTH PLAIN", "".join(self.sent_bytes("SMTP_WIDE")))
        self.only_main_window(claws, "Work")

    def test_claws_mails_own_oauth_for_another_companys_server_gets_no_token_of_ours(self):
        _, claws = self.sends(self.foreign(smtp_auth_method=OAUTH["smtp"]), {1: {"send": PASSWORD[ALICE]}})
        self.logged(claws, "127.0.0.1 gets no token: its box is off.")
        self.no_prompt_stays(claws)
        said = "".join(self.sent_bytes("SMTP_WIDE"))
        self.assertNotIn("Bearer", "".join(map(decoded, said.split())))
        self.assert_no_password_sent()

    def test_a_password_that_claws_mail_remembers_for_another_companys_server_is_not_forgotten(self):
        profile = self.profile({1: self.foreign()}, common={"session_passwords": 1})
        self.queue(profile, 1, ALICE, BOB, "one")
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        claws.remote("--send")
        person.press_in("Input password", "ctrl+a")  # once it is there
        self.display.run("type", "--delay", "1", PASSWORD[ALICE])
        person.press_in("Input password", "Return")
        wait_for(lambda: self.subjects(BOB) == ["one"], "the message in Bob's mailbox")
        person.open_page()
        person.click("push button", "OK")
        self.only_main_window(claws, "Work")
        wait_for(lambda: "1:oauth2_access_expiry:" in profile.read("passwordstorerc"), "what the window has stored is put away")
        self.queue(profile, 1, ALICE, BOB, "two")
        claws.remote("--select", "#mh/Mailbox/queue")  # it looks for new ones there
        claws.remote("--send")
        self.no_prompt_stays(claws)
        wait_for(lambda: self.subjects(BOB) == ["one", "two"], "the next message without another question")
        self.only_main_window(claws, "Work")

    def test_where_it_was_decided_so_the_server_gets_a_token(self):
        _, claws = self.sends(self.foreign(of_intent={"send": True}))
        wait_for(lambda: self.subjects(BOB) == ["one"], "the message in Bob's mailbox")
        self.assertIn("XOAUTH2", "".join(self.sent_bytes("SMTP_WIDE")))
        self.only_main_window(claws, "Work")

    def test_an_older_version_that_forced_the_sign_in_on_it_is_mended_at_the_start(self):
        """As 0.1.0 left the account: the fields say OAuth, and the password is put away."""
        saved = {"userid": ALICE, "smtp_userid": ALICE, "use_pop_auth": False, "use_smtp_auth": True, "imap_auth_method": 1,
                 "pop_auth_method": 0, "smtp_auth_method": 16, "oauth2_provider": 0}
        account = self.foreign(of_intent={"saved": saved}, imap_auth_method=OAUTH["imap"], smtp_auth_method=OAUTH["smtp"])
        profile = self.profile({1: account})
        profile.write("passwordstorerc", profile.read("passwordstorerc") + "[plugin:mail_oauth]\n1:send:"
                      f"{ALICE.replace('@', '%40')}:127.0.0.1 {encrypted(PASSWORD[ALICE])}\n\n")
        self.queue(profile, 1, ALICE, BOB, "one")
        claws = self.start(profile)
        claws.remote("--send")
        wait_for(lambda: self.subjects(BOB) == ["one"], "the message in Bob's mailbox")
        self.assertIn("AUTH PLAIN", "".join(self.sent_bytes("SMTP_WIDE")))


class News(HostCase):
    def test_a_news_account_keeps_its_name_and_password(self):
        account = self.account("News", is_default=1, intent=self.intent(), protocol=2, nntp_server="127.0.0.1",
                               use_nntp_auth=1, user_id="reader")
        profile = self.profile({1: account}, {1: {"recv": "news-password"}})
        claws = self.start(profile)
        claws.exit()
        self.assertEqual("reader", profile.account(1)["user_id"])
        self.assertIn("\nrecv {", profile.read("passwordstorerc"))
        self.assertEqual(OAUTH["smtp"], profile.account(1)["smtp_auth_method"], "it sends over the provider's server")


class Module(unittest.TestCase):
    def test_exports_nothing_but_what_the_host_looks_for(self):
        listed = subprocess.run(["nm", "-D", "--defined-only", PLUGIN], capture_output=True, text=True, check=True)
        names = {line.split()[-1] for line in listed.stdout.splitlines()}
        self.assertEqual(names, {f"plugin_{word}" for word in
                                 ("init", "done", "name", "desc", "version", "type", "licence", "provides")})

    def test_stays_mapped_and_links_nothing_of_the_host(self):
        dynamic = subprocess.run(["readelf", "-d", PLUGIN], capture_output=True, text=True, check=True).stdout
        self.assertIn("NODELETE", dynamic)
        self.assertIn("SYMBOLIC", dynamic)
        self.assertNotIn("cpprest", dynamic)
        self.assertTrue(os.path.exists(PLUGIN))


if __name__ == "__main__":
    unittest.main()
