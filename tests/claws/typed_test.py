#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person types on the host's own pages while an account is on, and in the OK that turns it off."""
import unittest

from claws_host import revealed
from gui import Person
from host_case import ALICE, BOB, OAUTH, PASSWORD, HostCase, wait_for

READER = "reader"


class Typed(HostCase):
    def begin(self, account, passwords=None):
        """An account that is on, its fields too, and its page."""
        profile = self.profile({1: account}, passwords)
        claws = self.start(profile)
        wait_for(lambda: "saved" in (self.stored_intent(profile) or {}), "the fields follow")
        person = Person(claws, self.bed.env)
        person.open_page()
        return profile, claws, person

    def ok(self, person, claws, account="Work"):
        person.click("push button", "OK")
        self.only_main_window(claws, account)

    def is_off(self, profile):
        wait_for(lambda: "saved" not in (self.stored_intent(profile) or {"saved": 1}), "it is off")

    def type_password(self, person, page, text):
        """In the first field for one, on a page of the host's."""
        person.click("table cell", page)
        person.click("password text")
        person.press("ctrl+a")
        self.display.run("type", "--delay", "1", text)

    def put_away(self, profile):
        """What the plugin keeps of passwords for receiving, in clear."""
        lines = profile.read("passwordstorerc").splitlines()
        return [revealed(line.partition(" ")[2]) for line in lines if line.startswith("1:recv:")]

    def test_names_and_a_login_typed_as_it_is_turned_off_stay_and_the_rest_is_as_before(self):
        work = self.account("Work", is_default=1, intent=self.intent(), smtp_user_id="old-sender", imap_auth_method=4)
        profile, claws, person = self.begin(work)
        person.press("alt+g")
        person.click("table cell", "Basic")
        person.fill_beside("label", "User ID", BOB)
        person.click("table cell", "Send")
        person.fill_beside("label", "User ID", "new-sender")
        person.click("combo box", "OAUTH2")
        person.click("menu item", "LOGIN")
        self.ok(person, claws)
        self.is_off(profile)
        claws.exit()
        now = profile.account(1)
        self.assertEqual((BOB, "new-sender", "1", "1", "4"),
                         tuple(now[key] for key in ("user_id", "smtp_user_id", "smtp_auth_method", "use_smtp_auth", "imap_auth_method")))

    def test_a_password_typed_as_it_is_turned_off_is_out_of_reach_until_the_window_is_gone_and_used_then(self):
        """Applied, the account is off, and its fields say OAuth: a login would send the password as a token."""
        self.grant()
        profile, claws, person = self.begin(self.account("Work", is_default=1, intent=self.intent()), {1: {"recv": "an-older-one"}})
        self.bed.control("clear_transcript")
        person.press("alt+g")
        self.type_password(person, "Basic", PASSWORD[ALICE])
        person.click("push button", "Apply")
        wait_for(lambda: self.put_away(profile) == [PASSWORD[ALICE]] and "recv" not in profile.passwords(1), "it is out of the host's reach")
        self.assertEqual(OAUTH["imap"], profile.account(1)["imap_auth_method"])
        self.ok(person, claws)
        self.is_off(profile)
        wait_for(lambda: profile.passwords(1).get("recv") == PASSWORD[ALICE], "it comes back")
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        self.assertNotIn("XOAUTH2", "".join(self.sent_bytes()))
        self.only_main_window(claws, "Work")
        claws.exit()

    def test_the_name_of_a_news_account_is_the_persons_while_it_is_on_and_as_it_is_turned_off(self):
        """It signs in to send: whoever reads news has another name."""
        news = self.account("News", is_default=1, intent=self.intent(), protocol=2, nntp_server="127.0.0.1", use_nntp_auth=1,
                            user_id=READER, smtp_user_id="")
        profile, claws, person = self.begin(news, {1: {"recv": "news-password"}})
        self.assertEqual((READER, ALICE), (profile.account(1)["user_id"], profile.account(1)["smtp_user_id"]))
        person.click("table cell", "Basic")
        person.fill_beside("label", "User ID", "another-reader")
        self.ok(person, claws, "News")
        person.open_page()  # after the fields have followed
        self.assertEqual(ALICE, person.text("Sign in as"))
        self.assertEqual((ALICE, "another-reader"), (self.stored_intent(profile)["identity"], profile.account(1)["user_id"]))

        person.press("alt+g")
        person.click("table cell", "Basic")
        person.fill_beside("label", "User ID", "third-reader")
        self.ok(person, claws, "News")
        self.is_off(profile)
        claws.exit()
        self.assertEqual(("third-reader", "", "16"), tuple(profile.account(1)[key] for key in ("user_id", "smtp_user_id", "smtp_auth_method")))
        self.assertEqual("news-password", profile.passwords(1).get("recv"))

    # The password for receiving, lent for sending ----------------------------------------------

    def lent(self, **of_intent):
        """It sends over a foreign server with the name and password that it receives with."""
        work = self.account("Work", is_default=1, intent=self.intent(**of_intent), smtp_server="127.0.0.1", smtp_user_id="")
        profile, claws, person = self.begin(work, {1: {"recv": PASSWORD[ALICE]}})
        wait_for(lambda: profile.passwords(1).get("send") == PASSWORD[ALICE], "the password is lent")
        self.assertNotIn("recv", profile.passwords(1))
        return profile, claws, person

    def turn_off(self, profile, claws, person):
        """What the host has stored then."""
        person.press("alt+g")
        self.ok(person, claws)
        self.is_off(profile)
        claws.exit()
        return {name: word for name, word in profile.passwords(1).items() if name in ("recv", "send")}

    def test_a_password_lent_for_sending_goes_back_when_it_is_turned_off(self):
        profile, claws, person = self.lent()
        self.assertEqual({"recv": PASSWORD[ALICE]}, self.turn_off(profile, claws, person))
        self.assertEqual("", profile.account(1)["smtp_user_id"])
        self.assertNotIn("[plugin:mail_oauth]", profile.read("passwordstorerc"))

    def test_a_newer_password_for_receiving_is_lent_in_its_place(self):
        profile, claws, person = self.lent()
        self.type_password(person, "Basic", "newer")
        self.ok(person, claws)
        wait_for(lambda: profile.passwords(1).get("send") == "newer", "it is lent")
        self.assertNotIn("recv", profile.passwords(1))
        person.open_page()
        self.assertEqual({"recv": "newer"}, self.turn_off(profile, claws, person))

    def test_what_is_lent_is_not_taken_for_the_accounts_own_when_the_server_gets_a_token(self):
        profile, claws, person = self.lent()
        person.press("alt+p")
        self.ok(person, claws)
        wait_for(lambda: profile.account(1).get("smtp_auth_method") == OAUTH["smtp"], "the fields follow")
        self.assertNotIn("send", profile.passwords(1))
        self.assertNotIn("1:send:", profile.read("passwordstorerc"))
        person.open_page()
        self.assertEqual({"recv": PASSWORD[ALICE]}, self.turn_off(profile, claws, person))

    def test_a_password_of_its_own_typed_in_the_place_of_the_lent_one_stays_with_its_name(self):
        profile, claws, person = self.lent()
        self.type_password(person, "Send", "my-own")
        self.ok(person, claws)
        wait_for(lambda: profile.passwords(1).get("send") == "my-own", "it is stored")
        person.open_page()
        self.assertEqual({"recv": PASSWORD[ALICE], "send": "my-own"}, self.turn_off(profile, claws, person))
        self.assertEqual(ALICE, profile.account(1)["smtp_user_id"])


if __name__ == "__main__":
    unittest.main()
