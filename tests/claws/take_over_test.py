#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sign-in that Claws Mail's own OAuth has: taken over on the page, and given back.

The server changes the refresh token at each use and ends a sign-in whose old one comes again: were a token in two
hands, or an old one given back, a renewal would fail.
"""
import os
import ssl
import unittest
import urllib.error
import urllib.parse
import urllib.request

from claws_host import revealed
from gui import Person
from host_case import ALICE, BOB, OAUTH, PASSWORD, SHARED, HostCase, wait_for

OFFER = "Use the sign-in that Claws Mail has"
TAKEN = f"{ALICE} is signed in, with the sign-in that Claws Mail had"


class TakeOver(HostCase):
    def setUp(self):
        super().setUp()
        self.bed.control("set", rotate=True, token_ttl=2)

    def signed_in_by_itself(self, refresh_token=None, others=None, **more):
        """An account as the host's own OAuth leaves it, and others."""
        token = refresh_token or self.bed.control("sign_in", user=ALICE)["refresh_token"]
        fields = {"imap_auth_method": OAUTH["imap"], "smtp_auth_method": OAUTH["smtp"], "oauth2_auth_provider": "3",
                  "oauth2_client_id": self.bed.env["BED_CLIENT_ID"], **more}
        work = self.account("Work", is_default=1, **fields)
        stored = {"recv": "an-old-access-token", "oauth2_refresh": token, "oauth2_access_expiry": "1"}
        return work, self.profile({1: work, **(others or {})}, {1: stored})

    def entry(self, profile, name="oauth2_refresh"):
        """In the host's own place, in clear; None when there is none."""
        block = profile.read("passwordstorerc").partition("[account:1]")[2].partition("[")[0]
        line = next((line for line in block.splitlines() if line.startswith(f"{name} ")), None)
        return line and revealed(line.partition(" ")[2])

    def open(self, profile):
        claws = self.start(profile)
        return claws, Person(claws, self.bed.env)

    def turn(self, person, claws, on):
        """With the keyboard."""
        person.open_page()
        person.press("alt+g")
        if on:
            person.see("check box", OFFER)
            person.see("label", f"Claws Mail is signed in as {ALICE} by itself. That sign-in is used from \"OK\" on.")
        person.press("alt+o")
        self.only_main_window(claws, "Work")

    def receive(self, claws):
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")

    def renewals(self):
        return self.bed.control("requests")["counts"].get("token", 0)

    def renew(self, refresh_token):
        """The status of the token endpoint's answer."""
        form = urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": refresh_token,
                                       "client_id": self.bed.env["BED_CLIENT_ID"]}).encode()
        context = ssl.create_default_context(cafile=self.bed.env["BED_CA"])
        try:
            with urllib.request.urlopen(f"{self.bed.env['BED_ISSUER']}/token", form, timeout=30, context=context) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def test_it_is_used_renewed_and_the_newest_is_given_back(self):
        work, profile = self.signed_in_by_itself()
        first = self.entry(profile)
        claws, person = self.open(profile)
        person.open_page()
        person.see("label", "Off: Claws Mail signs in to this account by itself. Turned on, this page can use that "
                            "sign-in, without a new one.")
        person.press("alt+g")
        person.see("check box", OFFER)
        folder = os.environ.get("MAIL_OAUTH_SCREENSHOTS")
        if folder:
            self.display.screenshot(os.path.join(folder, "take_over.png"))
        person.click("push button", "Cancel")
        self.only_main_window(claws, "Work")
        self.assertEqual(first, self.entry(profile))
        self.bed.control("clear_requests")

        self.turn(person, claws, on=True)
        self.logged(claws, TAKEN)
        self.assertEqual(1, self.renewals())
        self.assertIsNone(self.entry(profile))
        self.assertEqual(ALICE, self.stored_intent(profile)["taken_over"])
        self.receive(claws)
        claws.exit()

        claws, person = self.open(profile)
        self.receive(claws)
        self.turn(person, claws, on=False)
        self.logged(claws, "Work: Claws Mail has its own sign-in back.")
        self.assertEqual({key: str(work[key]) for key in work if key.endswith("auth_method")},
                         {key: profile.account(1)[key] for key in work if key.endswith("auth_method")})
        self.assertEqual("3", profile.account(1)["oauth2_auth_provider"])
        self.assertNotIn("taken_over", self.stored_intent(profile))
        newest = self.entry(profile)
        self.assertNotEqual(first, newest)
        self.assertEqual("0", self.entry(profile, "oauth2_access_expiry"))
        claws.exit()
        # As the host's own code would ask; an old token would end the sign-in.
        self.assertEqual(200, self.renew(newest))
        self.assert_no_password_sent("an-old-access-token", *PASSWORD.values())

    def test_it_is_left_alone_where_its_box_was_turned_off_after_apply(self):
        _, profile = self.signed_in_by_itself()
        claws, person = self.open(profile)
        person.open_page()
        person.press("alt+g")
        person.see("check box", OFFER)
        self.bed.control("clear_requests")
        person.click("push button", "Apply")
        person.click("check box", OFFER)
        person.see("label", f"{ALICE} is not signed in yet")
        person.click("push button", "OK")
        self.only_main_window(claws, "Work")
        wait_for(lambda: "saved" in (self.stored_intent(profile) or {}), "the fields follow")
        claws.remote("--receive")
        person.see("label", f"Not receiving: {ALICE} has to sign in.")
        self.assertEqual(0, self.renewals())
        self.assertNotIn("taken_over", self.stored_intent(profile))
        claws.exit()

    def test_one_that_has_ended_asks_for_a_sign_in_and_goes_back_as_it_was(self):
        work, profile = self.signed_in_by_itself("a-refresh-token-that-ended")
        claws, person = self.open(profile)
        self.turn(person, claws, on=True)
        person.see("push button", "Sign in")  # in the notice
        self.only_main_window(claws, "Work")
        self.turn(person, claws, on=False)
        wait_for(lambda: self.entry(profile) == "a-refresh-token-that-ended", "it comes back")
        claws.exit()
        self.assertEqual(str(work["imap_auth_method"]), profile.account(1)["imap_auth_method"])

    def test_a_late_answer_gives_nothing_away_from_an_account_that_is_on_again(self):
        _, profile = self.signed_in_by_itself()
        claws, person = self.open(profile)
        self.turn(person, claws, on=True)
        self.logged(claws, TAKEN)
        self.receive(claws)
        self.bed.control("hold_keyring")
        self.addCleanup(self.bed.control, "let_keyring_go")
        self.turn(person, claws, on=False)
        wait_for(lambda: "saved" not in self.stored_intent(profile), "the fields are back")
        person.open_page()
        person.press("alt+g", "alt+o")
        self.only_main_window(claws, "Work")
        wait_for(lambda: "saved" in self.stored_intent(profile), "the fields follow")

        person.open_page()
        self.bed.control("let_keyring_go")

        person.see("label", f"{ALICE} is signed in.")  # asked for after what is to be given back
        person.press("Escape")
        self.only_main_window(claws, "Work")
        self.assertIsNone(self.entry(profile))
        self.assertEqual(ALICE, self.stored_intent(profile)["taken_over"])
        claws.exit()
        self.assertTrue(self.signed_in())
        claws, _ = self.open(profile)
        self.receive(claws)
        claws.exit()

    def test_where_another_account_uses_it_it_stays(self):
        team = self.account("Team", intent=self.intent(mailbox=SHARED))
        _, profile = self.signed_in_by_itself(others={2: team})
        claws, person = self.open(profile)
        self.turn(person, claws, on=True)
        self.logged(claws, TAKEN)
        self.turn(person, claws, on=False)
        self.logged(claws, "Work: its sign-in stays here, because Team uses it, too.")
        claws.exit()

    def test_two_accounts_stay_apart_when_the_answer_comes_while_an_account_window_is_open(self):
        """The host's writer uses the variable that the window edits: the window's OK would make the account another one."""
        second = self.account("Private", BOB)
        _, profile = self.signed_in_by_itself(others={2: second})
        stored = profile.read("passwordstorerc")
        words = {"recv": "bobs-own-password", "send": "bobs-other-password"}
        profile.store_passwords({2: words})
        profile.write("passwordstorerc", profile.read("passwordstorerc") + stored[stored.index("[account:1]"):])
        claws, person = self.open(profile)
        person.open_page()
        person.press("alt+g")
        person.see("check box", OFFER)
        self.bed.control("hold_keyring")
        self.addCleanup(self.bed.control, "let_keyring_go")
        person.press("alt+o")
        self.only_main_window(claws, "Work")
        person.open_page()
        self.bed.control("let_keyring_go")
        self.logged(claws, TAKEN)
        person.click("push button", "OK")
        self.only_main_window(claws, "Work")
        wait_for(lambda: (self.stored_intent(profile) or {}).get("taken_over") == ALICE, "what was taken is known for good")
        claws.exit()

        names = [profile.account(number).get("account_name") for number in (1, 2)]
        self.assertEqual((["Work", "Private"], 1), (names, profile.read("accountrc").count("[Account: 2]")))
        self.assertEqual((ALICE, BOB), tuple(profile.account(number)["user_id"] for number in (1, 2)))
        block = profile.read("passwordstorerc").partition("[account:2]")[2].partition("[")[0]
        kept = dict(line.split(" ", 1) for line in block.strip().splitlines())
        self.assertEqual(words, {name: revealed(value) for name, value in kept.items()})

    def test_nothing_is_offered_where_it_is_not_known_with_what_it_signs_in(self):
        for fields in ({"oauth2_client_id": ""}, {"receive_server": "127.0.0.1"}, {"imap_auth_method": "4", "smtp_auth_method": "16"}):
            with self.subTest(fields=fields):
                _, profile = self.signed_in_by_itself(**fields)
                claws, person = self.open(profile)
                person.open_page()
                person.see("label", "Off: this account logs in as before.")
                person.press("alt+g")
                person.see("push button", "Sign in with browser")
                self.assertIsNone(person.find("check box", OFFER))
                claws.kill()


if __name__ == "__main__":
    unittest.main()
