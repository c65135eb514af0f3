#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""When mail is looked for: at the start, by the host's own timer, by hand; offline; after a suspend; at the end.

Elsewhere: a provider that is down and a keyring that is locked at the start (notice_test), accounts that wait for one
renewal (endurance_test), sign-ins that are needed (notice_test).
"""
import signal
import time
import unittest

from gui import Person
from host_case import ALICE, SHARED, HostCase, wait_for

NEEDED = f"Not receiving: {ALICE} has to sign in."
LOGIN = "Login to localhost successful"
#: Of the host, in seconds; it takes no shorter one.
TIMER = {"autochk_newmail": 1, "autochk_interval": 10}


class Fetching(HostCase):
    def setUp(self):
        super().setUp()
        self.bed.control("set", rotate=True)

    def sign_in(self, fate):
        """Alice's, in the keyring."""
        if fate == "fresh":
            self.grant()
        elif fate == "expired":
            self.grant(expires_at=1)
        else:
            self.grant(refresh_token="ended", expires_at=1)
        self.bed.control("clear_requests")

    def renewals(self):
        return self.bed.control("requests")["counts"].get("token", 0)

    def begin(self, *arguments, accounts=None, common=None):
        work = self.account("Work", is_default=1, intent=self.intent())
        claws = self.start(self.profile({1: work, **(accounts or {})}, common=common), *arguments)
        return claws, Person(claws, self.bed.env)

    def assert_fetched(self, claws, person, fate):
        """Mail, and what it cost; or the notice, and nothing at the mail server."""
        if fate == "dead":
            person.see("label", NEEDED)
            self.assertEqual(1, person.count("label", NEEDED))
            self.assertNotIn("AUTHENTICATE", "".join(self.sent_bytes()))
        else:
            self.logged(claws, LOGIN)
        self.only_main_window(claws, "Work")
        self.assertEqual(0 if fate == "fresh" else 1, self.renewals())
        self.assert_no_password_sent()

    def fetch_by_hand(self, claws, person, logins):
        """Until there were so many: the host does nothing for two seconds after a connection was lost."""
        def logged_in():
            person.press_in("Work - Claws", "ctrl+i")
            return claws.log().count(LOGIN) >= logins
        wait_for(logged_in, f"{logins} logins")

    def test_at_the_start(self):
        for fate in ("fresh", "expired", "dead"):
            with self.subTest(fate):
                self.sign_in(fate)
                self.bed.control("clear_transcript")
                claws, person = self.begin(common={"check_on_startup": 1})
                self.assert_fetched(claws, person, fate)
                claws.exit()

    def test_by_hand(self):
        for fate in ("fresh", "expired", "dead"):
            with self.subTest(fate):
                self.sign_in(fate)
                self.bed.control("clear_transcript")
                claws, person = self.begin()
                person.press_in("Work - Claws", "ctrl+i")
                self.assert_fetched(claws, person, fate)
                claws.exit()

    def test_by_the_hosts_timer_again_and_again(self):
        for fate in ("fresh", "expired", "dead"):
            with self.subTest(fate):
                self.sign_in(fate)
                self.bed.control("clear_transcript")
                claws, person = self.begin(common=TIMER)
                self.assert_fetched(claws, person, fate)
                before = self.checks(claws)
                self.bed.control("hang_up")  # or the connection stays logged in
                wait_for(lambda: self.checks(claws) > before, "the timer's next check")
                self.assert_fetched(claws, person, fate)
                claws.exit()

    def checks(self, claws):
        """How often the account was looked at, by the host's log."""
        return claws.log().count(LOGIN) + claws.log().count("Work: ")

    def test_three_accounts_on_one_sign_in_renew_it_once(self):
        self.sign_in("expired")
        more = {2: self.account("Support", SHARED, intent=self.intent(mailbox=SHARED)),
                3: self.account("Again", intent=self.intent(), smtp_user_id="")}
        claws, _ = self.begin(accounts=more)
        claws.remote("--receive-all")
        wait_for(lambda: claws.log().count(LOGIN) == 3, "three logins")
        self.assertEqual(1, self.renewals())
        claws.exit()

    def test_started_offline_it_asks_nobody_and_online_again_mail_comes(self):
        self.sign_in("expired")
        claws, person = self.begin("--offline")  # a check at the start would be the host's own question
        person.see("push button", "Get Mail")
        self.only_main_window(claws, "Work")
        self.assertEqual([], self.bed.control("requests")["requests"])
        self.assertEqual([], self.sent_bytes())
        self.assertIsNone(person.find("label", "Not receiving"))

        claws.remote("--online")
        claws.remote("--status")  # answered once it is: asked while it is offline, it would ask whether it may go online
        self.fetch_by_hand(claws, person, 1)
        self.assert_fetched(claws, person, "expired")
        claws.exit()

    def test_what_expired_while_it_slept_is_renewed_once_and_nothing_old_is_sent(self):
        self.bed.control("set", token_ttl=20)
        self.sign_in("expired")
        claws, person = self.begin()
        person.press_in("Work - Claws", "ctrl+i")
        self.logged(claws, LOGIN)
        expired = time.time() + 20
        claws.process.send_signal(signal.SIGSTOP)  # as a suspended machine: no timer of it runs
        self.bed.control("hang_up")
        wait_for(lambda: time.time() > expired, "the token's end")
        self.bed.control("clear_requests")
        self.bed.control("clear_transcript")
        claws.process.send_signal(signal.SIGCONT)
        self.fetch_by_hand(claws, person, 2)
        self.assertEqual(1, self.renewals())
        self.assertEqual(1, "".join(self.sent_bytes()).count("AUTHENTICATE XOAUTH2"))
        claws.exit()


if __name__ == "__main__":
    unittest.main()
