#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where sign-ins are kept: the host's own store of passwords, and memory, beside the keyring.

The server changes the refresh token at each use and ends a sign-in whose old one comes again: a change that was
lost shows as a failing renewal.
"""
import os
import subprocess
import sys
import unittest

from claws_host import primary_passphrase
from gui import Person
from host_case import ALICE, BOB, GIVE_BACK, PLUGIN, SHARED, HostCase, wait_for

NAME = "grant:bed:"


class Stores(HostCase):
    def setUp(self):
        super().setUp()
        self.bed.control("set", rotate=True, token_delay_ms=0)

    def managed(self, store, **more):
        return self.profile({1: self.account("Work", is_default=1, intent=self.intent(store=store))}, **more)

    def in_keyring(self):
        found = subprocess.run(["secret-tool", "lookup", *self._attributes(ALICE)], env=self.bed.env, capture_output=True,
                               check=False)
        return found.stdout != b""

    def in_claws(self, profile):
        return NAME in profile.read("passwordstorerc")

    def receive(self, claws):
        """One login that succeeds."""
        logins = claws.log().count("Login to localhost successful")
        claws.remote("--receive")
        wait_for(lambda: claws.log().count("Login to localhost successful") > logins, f"a login in\n{claws.log()}")

    def test_the_hosts_store_keeps_a_renewed_sign_in_and_the_keyring_forgets_it(self):
        self.bed.control("set", token_ttl=2)
        self.grant(expires_at=1)
        profile = self.managed("claws")
        claws = self.start(profile)
        self.receive(claws)
        self.assertTrue(self.in_claws(profile))
        self.assertFalse(self.in_keyring())
        claws.kill()

        stored = profile.read("passwordstorerc")
        self.assertIn(f"{NAME}{self.bed.env['BED_CLIENT_ID']}::alice%40contoso.test {{AES", stored)
        self.assertNotIn("refresh_token", stored)
        claws = self.start(profile)
        self.receive(claws)  # renews with what the host's store holds
        self.assertNotEqual(stored, profile.read("passwordstorerc"))
        claws.exit()

    def test_unloaded_and_loaded_again_the_sign_in_in_the_hosts_store_is_still_there(self):
        self.grant(expires_at=1)
        profile = self.managed("claws")
        self.queue(profile, 1, ALICE, BOB, "Loaded again")
        claws = self.start(profile)
        self.receive(claws)
        person = Person(claws, self.bed.env)
        person.unload()
        self.assertTrue(self.in_claws(profile))
        person.load(PLUGIN)
        claws.remote("--send")
        wait_for(lambda: self.subjects(BOB) == ["Loaded again"], "the message in Bob's mailbox")
        claws.exit()

    def test_after_uninstalling_the_sign_in_in_the_hosts_store_is_there_for_the_next_time(self):
        self.grant(expires_at=1)
        profile = self.managed("claws")
        claws = self.start(profile)
        self.receive(claws)
        claws.exit()
        stored = [line for line in profile.read("passwordstorerc").splitlines() if line.startswith(NAME)]
        subprocess.run([sys.executable, "-B", GIVE_BACK, profile.folder], check=True, env={**os.environ, "SUDO_USER": ""})
        self.assertEqual(1, len(stored))
        self.assertEqual(stored, [line for line in profile.read("passwordstorerc").splitlines() if line.startswith(NAME)])
        self.assertFalse(self.stored_intent(profile)["enabled"])

    def test_a_renewal_that_is_answered_while_the_program_ends_is_stored(self):
        """Nobody runs the main loop then."""
        self.grant(expires_at=1)
        profile = self.managed("claws")
        claws = self.start(profile)
        self.bed.control("clear_requests")
        self.bed.control("set", token_delay_ms=1500)
        claws.remote("--receive")
        wait_for(lambda: [request for request in self.bed.control("requests")["requests"] if request["endpoint"] == "token"],
                 "the refresh token is sent")
        claws.exit()
        self.assertTrue(self.in_claws(profile))

        self.bed.control("set", token_delay_ms=0)
        claws = self.start(profile)
        self.receive(claws)
        claws.exit()

    def test_without_the_primary_passphrase_nothing_asks_for_it_in_the_background_and_the_grant_is_kept(self):
        self.grant(expires_at=1)
        profile = self.managed("claws", common=primary_passphrase("open sesame"))
        claws = self.start(profile)
        claws.remote("--receive")
        wait_for(lambda: len(claws.windows()) > 1, "the host asks for its passphrase")
        self.assertTrue(self.in_keyring())
        self.assertFalse(self.in_claws(profile))
        claws.kill()

    def test_what_is_kept_for_the_session_ends_with_it(self):
        self.grant(expires_at=1)
        profile = self.managed("session")
        claws = self.start(profile)
        self.receive(claws)
        self.assertFalse(self.in_keyring())
        self.assertFalse(self.in_claws(profile))
        claws.exit()

        claws = self.start(profile)
        claws.remote("--receive")
        self.logged(claws, "is not signed in")
        self.no_prompt_stays(claws)
        claws.exit()

    def test_another_choice_on_the_page_moves_the_sign_in_for_all_its_accounts(self):
        self.grant()
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent()),
                                2: self.account("Team", intent=self.intent(mailbox=SHARED))})
        claws = self.start(profile)
        for key, in_keyring, word in (("Down", False, "claws"), ("Up", True, "keyring")):
            with self.subTest(key=key):
                person = Person(claws, self.bed.env)
                person.open_page()
                person.press("alt+n")
                person.see("combo box", "User name for receiving")
                person.press("alt+k", key)
                if not in_keyring:
                    wait_for(lambda: person.find("label", "Without a primary passphrase this only hides it", showing=False),
                             "the sentence about the choice")
                    folder = os.environ.get("MAIL_OAUTH_SCREENSHOTS")
                    if folder:
                        self.display.screenshot(os.path.join(folder, "store.png"))
                person.click("push button", "OK")
                wait_for(lambda: (self.in_claws(profile), self.in_keyring()) == (not in_keyring, in_keyring), "it moved")
                self.assertEqual([word, word], [self.stored_intent(profile, number)["store"] for number in (1, 2)])
        self.receive(claws)
        claws.exit()

    def test_accounts_that_share_a_sign_in_get_the_first_ones_store(self):
        self.grant()
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent(store="claws")),
                                2: self.account("Team", intent=self.intent(mailbox=SHARED))})
        self.start(profile).exit()
        self.assertEqual(["claws", "claws"], [self.stored_intent(profile, number)["store"] for number in (1, 2)])


if __name__ == "__main__":
    unittest.main()
