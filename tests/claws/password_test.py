#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A password never leaves as a token: whatever happens to the plugin, and to the tokens.

The accounts start with stored passwords. Every byte that the mail servers receive is looked at, raw and inside
base64.
"""
import os
import unittest

from gui import Person
from host_case import ALICE, BOB, OAUTH, PASSWORD, PLUGIN, HostCase, decoded, wait_for

OLDER = os.environ.get("MAIL_OAUTH_OLDER_PLUGIN", "")
STORED = {"recv": "alice-mail-password", "send": "another-smtp-password"}
FATES = ("good", "none", "refused", "locked", "provider down")
CORES = {"oauth2_refresh": "core-refresh-token", "oauth2_auth": "core-authorization-code"}


class Passwords(HostCase):
    """One test for each fate of the plugin; in each, one round for each fate of the token."""

    def accounts(self):
        return {1: self.account("Work", is_default=1, intent=self.intent()),
                2: self.account("Post", pop=True, intent=self.intent(), smtp_user_id="")}

    def managed_profile(self):
        """As an administrator deploys it, passwords and the core's own tokens stored."""
        return self.profile(self.accounts(), {1: {**STORED, **CORES}, 2: {"recv": PASSWORD[ALICE]}})

    def settled_profile(self):
        """After the plugin has run once."""
        profile = self.managed_profile()
        self.start(profile).exit()
        self.assertEqual(profile.account(1)["imap_auth_method"], OAUTH["imap"])
        self.assertNotIn("[account:", profile.read("passwordstorerc"))
        self.assertEqual(profile.read("passwordstorerc").count("1:"), 4)
        self.bed.control("clear_transcript")
        return profile

    def token(self, fate):
        """Makes the sign-in as `fate` says."""
        self.bed.control("provider_up")
        self.bed.control("unlock_keyring")
        self.forget_grants()
        self.bed.control("clear_transcript")
        if fate == "good":
            self.grant()
        elif fate == "refused":
            self.grant()
            self.bed.control("expire_tokens")
        elif fate == "locked":
            self.grant()
            self.bed.control("lock_keyring")
            self.addCleanup(self.bed.control, "unlock_keyring")
        elif fate == "provider down":
            self.grant(expires_at=1)
            self.bed.control("provider_down", mode="drop")

    def use_everything(self, profile, claws):
        """Receives with both accounts, and sends with both."""
        self.bed.control("clear_requests")
        self.queue(profile, 1, ALICE, BOB, "one")
        self.queue(profile, 2, ALICE, BOB, "two")
        claws.remote("--receive-all")
        wait_for(lambda: "Connecting to IMAP" in claws.log() and "Post" in claws.log(), "both accounts receive")
        claws.remote("--send")

    def check(self, claws=None):
        self.assert_no_password_sent(*STORED.values(), *CORES.values(), PASSWORD[ALICE])
        if claws:
            self.assertNotIn("OAuth2 obtaining access token", claws.log())  # the core's own request
            self.assert_only_our_requests()
            self.no_prompt_stays(claws)

    def assert_only_our_requests(self):
        """What the authorization server saw since the host was started came from the plugin."""
        for request in self.bed.control("requests")["requests"]:
            self.assertIn(request["endpoint"], ("discovery", "token"), request)
            self.assertTrue(request["user_agent"].startswith("mail-oauth/"), request)

    def receive_and_be_asked(self, claws):
        """Without the plugin the host finds nothing, asks, and sends nothing."""
        claws.remote("--receive-all")
        wait_for(lambda: "Input password" in claws.windows(), "the host asks, having nothing")
        self.check()

    def assert_no_password_as_token(self):
        """Killed before the fields follow, it logs in with its password as it always did."""
        for talk in self.sent_bytes():
            for word in map(decoded, talk.split()):
                if "Bearer" in word:
                    for password in (*STORED.values(), *CORES.values(), PASSWORD[ALICE]):
                        self.assertNotIn(password, word)

    def kept(self, profile):
        """(account, entry) of all that is stored, here or there, or in both while it moves."""
        found, section = set(), ""
        for line in profile.read("passwordstorerc").splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif " {AES" in line:
                name = line.split()[0] if section.startswith("plugin:") else f"{section[len('account:'):]}:{line}"
                found.add(tuple(name.split()[0].split(":")[:2]))
        return found

    def round(self, fate, line):
        profile = self.settled_profile()
        self.token(fate)
        claws = self.start(profile)
        self.use_everything(profile, claws)
        self.logged(claws, line)
        wait_for(lambda: "to SMTP server" in claws.log() or "Work: " in claws.log(), "the sending was tried")
        self.check(claws)

    def test_the_host_alone_would_send_it(self):
        """Why all of this is needed, and that these tests would see it."""
        account = self.account("Work", is_default=1, imap_auth_method=OAUTH["imap"])
        claws = self.start(self.profile({1: account}, {1: STORED}, plugin=None))
        claws.remote("--receive")
        wait_for(lambda: any("AUTHENTICATE" in talk for talk in self.sent_bytes()), "the login")

        with self.assertRaises(AssertionError):
            self.assert_no_password_sent(STORED["recv"])

    def test_loaded_with_a_good_token(self):
        self.round("good", "Login to localhost successful")

    def test_loaded_without_a_token(self):
        self.round("none", "Work: ")

    def test_loaded_with_a_token_that_the_server_refuses(self):
        self.round("refused", "Error logging in to localhost")

    def test_loaded_with_a_locked_keyring(self):
        self.round("locked", "Work: ")

    def test_loaded_with_the_provider_down(self):
        self.round("provider down", "Work: ")

    def test_not_loaded(self):
        profile = self.settled_profile()
        profile.plugins(None)
        for fate in FATES:
            with self.subTest(token=fate):
                self.token(fate)
                claws = self.start(profile)
                self.receive_and_be_asked(claws)
                claws.close()

    def test_refused_for_its_version(self):
        profile = self.settled_profile()
        profile.plugins(OLDER)
        for fate in FATES:
            with self.subTest(token=fate):
                self.token(fate)
                claws = self.start(profile, ready=False)
                person = Person(claws, self.bed.env)
                person.see("label", "plugin failed to load")
                person.click("push button", "Close")
                claws.wait_until_ready()
                if fate == FATES[0]:
                    person.open_menu("Configuration", "Plugins")
                    person.click("table cell", "Sign in with OAuth")
                    person.read("newer than the version")
                    person.click("push button", "Close")
                self.receive_and_be_asked(claws)
                claws.close()
                profile.plugins(OLDER)  # the host has forgotten it

    def test_killed_while_logging_in(self):
        profile = self.settled_profile()
        for fate in FATES:
            with self.subTest(token=fate):
                self.token(fate)
                profile.plugins(PLUGIN)
                claws = self.start(profile)
                self.use_everything(profile, claws)
                claws.kill()
                self.check()
                profile.plugins(None)
                claws = self.start(profile)
                self.receive_and_be_asked(claws)
                claws.kill()

    def test_passwords_that_cannot_be_moved_stay_and_the_account_stays_as_it_was(self):
        """A disk that is full, say: the host cannot write its store."""
        profile = self.managed_profile()
        os.mkdir(profile.path("passwordstorerc.tmp"))
        before = profile.read("passwordstorerc")
        claws = self.start(profile)
        self.logged(claws, "Work: The stored passwords could not be moved out of reach")

        self.assertEqual(profile.read("passwordstorerc"), before)
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        self.assert_no_password_as_token()
        claws.exit()
        self.assertNotEqual(profile.account(1)["imap_auth_method"], OAUTH["imap"])
        self.assertEqual(profile.read("passwordstorerc"), before)

    def test_what_cannot_be_moved_is_not_sent_with_mail(self):
        """The fields say OAuth, and the password stands where the host looks for it."""
        profile = self.settled_profile()
        profile.store_passwords({1: STORED, 2: {"recv": PASSWORD[ALICE]}})
        os.mkdir(profile.path("passwordstorerc.tmp"))
        claws = self.start(profile)
        self.logged(claws, "Work: The stored passwords could not be moved out of reach")

        self.use_everything(profile, claws)

        wait_for(lambda: any("AUTH XOAUTH2" in talk for talk in self.sent_bytes()), "a login to send")
        self.check(claws)

    def test_while_the_fields_cannot_follow_nobody_elses_token_goes_by_them(self):
        self.grant()
        other = self.grant(BOB)
        profile = self.settled_profile()
        self.bed.control("clear_requests")
        profile.store_passwords({1: STORED})
        os.mkdir(profile.path("passwordstorerc.tmp"))
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        person.open_page()
        person.fill("Sign in as", BOB)
        person.click("push button", "OK")
        wait_for(lambda: claws.log().count("Work: The stored passwords could not be moved") == 2, "it cannot follow")

        claws.remote("--receive")

        self.logged(claws, "Work: The connection to localhost is older than the account's settings")
        self.assertEqual(ALICE, profile.account(1)["user_id"])
        self.assertFalse([talk for talk in self.sent_bytes() if any(other in decoded(word) for word in talk.split())])
        self.check(claws)

    def test_killed_while_it_is_turned_on(self):
        # The log is begun anew, empty; the other files are renamed away for a moment before the new one is there.
        for moment, unfinished in (("passwordstorerc", ""), ("accountrc", ""), ("claws.log", None)):
            with self.subTest(killed_after=moment):
                profile = self.managed_profile()
                profile.write("claws.log", "of the last run")
                before = profile.read(moment)
                self.token("good")
                claws = self.start(profile, ready=False)
                wait_for(lambda: profile.read(moment) not in (unfinished, before), f"{moment} is written", 15)
                claws.kill()
                profile.plugins(None)
                self.bed.control("clear_transcript")
                claws = self.start(profile)
                claws.remote("--receive-all")
                wait_for(lambda: "Connecting to IMAP" in claws.log(), "it receives")
                wait_for(lambda: "Input password" in claws.windows() or "Logg" in claws.log(), "a login or a prompt")
                claws.kill()
                self.assert_no_password_as_token()
                self.assertEqual(len(self.kept(profile)), 5, "no password is lost")

    def test_an_intent_that_became_unreadable_keeps_them_away(self):
        """The fields say OAuth still, and nobody can tell what was meant."""
        profile = self.settled_profile()
        text = profile.read("accountrc")
        for line in [line for line in text.splitlines() if line.startswith("privacy_prefs=")]:
            text = text.replace(line, "privacy_prefs=" + self.intent(v=2))
        profile.write("accountrc", text)
        profile.store_passwords({1: STORED, 2: {"recv": PASSWORD[ALICE]}})
        claws = self.start(profile)
        self.assertNotIn("[account:", profile.read("passwordstorerc"))

        self.use_everything(profile, claws)

        self.logged(claws, '"v" is missing or wrong')
        self.check(claws)
        self.assertEqual(profile.read("passwordstorerc").count(" {AES"), 3, "no password is lost")


if __name__ == "__main__":
    unittest.main()
