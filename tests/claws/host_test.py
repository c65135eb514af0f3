#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail comes in and goes out with tokens, in the real Claws Mail against the bed."""
import os
import subprocess
import sys
import unittest

from host_case import ALICE, BOB, GIVE_BACK, OAUTH, PASSWORD, PLUGIN, SHARED, HostCase, wait_for


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
