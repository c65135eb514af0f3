#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What needs somebody is told once, in the main window and by one notification, and never by a dialog."""
import os
import signal
import socket
import unittest
import urllib.parse

from gui import Person
from host_case import ALICE, BOB, OAUTH, SHARED, HostCase, title, wait_for
from notifications import Notifications
from people import SCOPES  # the bed's, which host_case leads to

NEEDED = f"Not receiving: {ALICE} has to sign in."
BROWSER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bed", "browser")


class Notices(HostCase):
    bed_options = {"token_bytes": 120}

    def setUp(self):
        super().setUp()
        self.notifications = Notifications(self.bed.env)
        self.addCleanup(self.notifications.close)

    def begin(self, account, *arguments, more=None, common=None):
        profile = self.profile({1: account, **(more or {})}, common=common)
        claws = self.start(profile, *arguments, env={"BROWSER": BROWSER, "BED_BROWSER_USER": ALICE})
        return claws, Person(claws, self.bed.env)

    def work(self, **more):
        return self.account("Work", is_default=1, intent=self.intent(), **more)

    def polled(self, claws, times, line="Work: "):
        """`times` checks have come to their end without a token."""
        def enough():
            claws.remote("--receive")
            return claws.log().count(line) >= times
        wait_for(enough, f"{times} checks")

    def bars(self, person, text):
        return person.count("label", text)

    def test_a_dead_grant_at_start_is_told_once_and_a_sign_in_in_the_notice_brings_mail(self):
        self.grant()
        self.bed.control("revoke_user", user=ALICE)
        self.grant(refresh_token="ended", expires_at=1)
        self.bed.control("deliver", mailbox=ALICE, subject="Good morning")
        team = self.account("Team", SHARED, intent=self.intent(mailbox=SHARED))
        claws, person = self.begin(self.work(), more={2: team}, common={"check_on_startup": 1, "newmsgs_startup": 1})

        person.see("label", NEEDED)
        self.only_main_window(claws, "Work")
        self.polled(claws, 3)
        self.assertEqual(self.bars(person, NEEDED), 1, "for both accounts and all checks")
        self.only_main_window(claws, "Work")
        wait_for(self.notifications.seen, "a notification")
        self.assertEqual(self.notifications.seen(), [(NEEDED, 'Open Claws Mail and choose "Sign in".')])
        self.screenshot(claws, "notice")

        self.display.run("windowfocus", "--sync", self.display.run("search", "--onlyvisible", "--name", "Work - Claws").split()[0])
        person.press("alt+s")

        person.see("label", f"Signed in as {ALICE}")
        self.logged(claws, "Login to localhost successful")
        wait_for(lambda: not person.find("label", NEEDED), "the notice goes")
        self.only_main_window(claws, "Work")  # the sign-in's window closes by itself
        self.assertEqual(len(self.notifications.seen()), 1)
        claws.exit()

    def screenshot(self, claws, name):
        folder = os.environ.get("MAIL_OAUTH_SCREENSHOTS")
        if folder:
            os.makedirs(folder, exist_ok=True)
            claws.display.screenshot(os.path.join(folder, f"{name}.png"))

    def test_asked_twice_there_is_one_sign_in_and_exit_ends_it(self):
        profile = self.profile({1: self.work()})
        claws = self.start(profile, "--receive", env={"BROWSER": "/bin/true"})  # nobody comes back from it
        person = Person(claws, self.bed.env)
        for _ in range(2):
            person.click("push button", "Sign in", whole=True)
            person.see("push button", "Copy address")
        self.assert_windows(claws, title("Work"), "Sign in: Work")
        claws.exit()

    def test_two_accounts_that_fit_are_named_in_the_notice(self):
        """As the host's own Copy of an account leaves them: mail stopped, and only the log knew."""
        copy = self.account("Copy of Work", imap_auth_method=256)
        claws, person = self.begin(self.work(), "--receive", more={2: copy})
        person.see("label", 'Not receiving: a setting of the account "Work" is wrong.')
        person.see("label", 'The accounts "Work" and "Copy of Work" log in to localhost with the same user name')
        self.no_prompt_stays(claws)

    def test_while_another_account_signs_in_its_window_says_whose_it_is(self):
        other = self.account("Other", BOB, intent=self.intent(BOB))
        profile = self.profile({1: self.work(), 2: other})
        claws = self.start(profile, "--receive-all", env={"BROWSER": "/bin/true"})
        person = Person(claws, self.bed.env)
        person.see("label", f"Not receiving: {BOB} has to sign in.")
        person.click("push button", "Sign in", whole=True)
        person.see("push button", "Copy address")
        first = next(title for title in claws.windows() if title.startswith("Sign in: "))
        for number in range(2):
            person.click_nth("push button", "Sign in", number)
        person.see("label", "This is the sign-in for the account")
        self.assert_windows(claws, title("Work"), first)
        claws.exit()

    def listening(self):
        """A browser that stays open and keeps the address it was given; the file of the address."""
        address, number, script = (os.path.join(self.folder, name) for name in ("address", "number", "browser"))
        with open(os.open(script, os.O_WRONLY | os.O_CREAT, 0o700), "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\necho $$ >{number}\nprintf %s "$1" >{address}.new\nmv {address}.new {address}\nexec sleep 300\n')

        def close():
            if os.path.exists(number):
                with open(number, encoding="utf-8") as file:
                    os.kill(int(file.read()), signal.SIGTERM)
        self.addCleanup(close)
        return script, address

    def port(self, address):
        """Where the sign-in waits for the browser."""
        wait_for(lambda: os.path.exists(address), "the browser starts")
        with open(address, encoding="utf-8") as file:
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(file.read()).query)
        return urllib.parse.urlsplit(query["redirect_uri"][0]).port

    def hears(self, port):
        """Whether somebody listens there."""
        with socket.socket() as probe:
            probe.settimeout(5)
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def test_asked_to_exit_with_the_browser_open_it_listens_no_more_and_nobody_is_signed_in(self):
        browser, address = self.listening()
        claws = self.start(self.profile({1: self.work()}), "--receive", env={"BROWSER": browser})
        person = Person(claws, self.bed.env)
        person.click("push button", "Sign in", whole=True)
        port = self.port(address)
        self.assertTrue(self.hears(port))

        claws.exit()

        self.assertFalse(self.hears(port))
        self.assertFalse(self.signed_in())

    def test_asked_to_exit_with_a_code_shown_a_code_that_is_entered_later_signs_nobody_in(self):
        claws, person = self.begin(self.work(), "--receive")
        person.click("push button", "Sign in with a code")
        code = person.user_code()

        claws.exit()

        self.enter_code(code)
        self.assertFalse(self.signed_in())

    def test_a_sign_in_with_a_code_from_the_notice_closes_by_itself_and_brings_mail(self):
        claws, person = self.begin(self.work(), "--receive")
        person.click("push button", "Sign in with a code")
        self.enter_code(person.user_code())

        person.see("label", f"Signed in as {ALICE}")
        self.logged(claws, "Login to localhost successful")
        wait_for(lambda: not person.find("label", NEEDED), "the notice goes")
        self.only_main_window(claws, "Work")
        self.assertTrue(self.signed_in())

    def test_the_other_way_that_is_chosen_in_the_notice_takes_the_place_of_the_first(self):
        browser, address = self.listening()
        claws = self.start(self.profile({1: self.work()}), "--receive", env={"BROWSER": browser})
        person = Person(claws, self.bed.env)
        person.click("push button", "Sign in", whole=True)
        port = self.port(address)
        person.click("push button", "Sign in with a code")
        code = person.user_code()

        self.assert_windows(claws, title("Work"), "Sign in: Work")
        self.assertIsNone(person.find("push button", "Copy address"))
        self.assertFalse(self.hears(port))
        person.click("push button", "Sign in with a code")  # once more: the one that runs stays, and its code is good
        self.enter_code(code)
        person.see("label", f"Signed in as {ALICE}")

    def test_no_code_is_offered_where_the_provider_has_none(self):
        self.another_manifest("codeless", name="No codes", extends="bed", device_flow="none")
        account = self.account("Work", is_default=1, intent=self.intent(provider="codeless"))
        _, person = self.begin(account, "--receive")

        person.see("push button", "Sign in", whole=True)

        self.assertIsNone(person.find("push button", "Sign in with a code"))

    def test_a_sign_in_by_the_command_mends_it(self):
        claws, person = self.begin(self.work(), "--receive")
        person.see("label", NEEDED)
        self.grant()

        self.receives(claws)

        wait_for(lambda: not person.find("label", NEEDED), "the notice goes")

    def test_a_locked_keyring_is_no_sign_in_and_mail_comes_once_it_is_unlocked(self):
        self.grant()
        self.bed.control("lock_keyring")
        self.addCleanup(self.bed.control, "unlock_keyring")
        claws, person = self.begin(self.work(), "--receive")
        person.see("label", f"Not receiving: the sign-in of {ALICE} cannot be read.")
        self.assertIsNone(person.find("push button", "Sign in"))

        self.bed.control("unlock_keyring")

        self.receives(claws)
        wait_for(lambda: not person.find("label", "Not receiving"), "the notice goes")

    def receives(self, claws):
        """Again and again: soon after a failed attempt the host does nothing."""
        def logged_in():
            claws.remote("--receive")
            return "Login to localhost successful" in claws.log()
        wait_for(logged_in, "mail comes without a restart")

    def test_a_provider_that_is_down_at_start_is_nobodys_business_at_once(self):
        self.grant(expires_at=1)
        self.bed.control("provider_down")
        claws, person = self.begin(self.work(), "--receive")
        self.logged(claws, "Work: ")
        self.only_main_window(claws, "Work")
        self.assertIsNone(person.find("label", "Not receiving"))

        self.bed.control("provider_up")

        self.receives(claws)
        self.assertEqual(self.notifications.seen(), [])

    def test_smtp_auth_that_is_off_shows_the_servers_reason_and_no_sign_in(self):
        self.grant()
        self.bed.control("clear_requests")
        words = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."
        server = self.bed.scripted([
            ["send", "220 mail ready\r\n"], ["expect", "EHLO .*"], ["send", "250-mail\r\n250 AUTH XOAUTH2\r\n"],
            ["expect", "AUTH XOAUTH2 .*"], ["send", f"{words}\r\n"], ["expect", "QUIT"], ["close"]], tls="tls")
        account = self.work(smtp_port=server.port)
        profile = self.profile({1: account})
        self.queue(profile, 1, ALICE, BOB, "one")
        claws = self.start(profile)
        person = Person(claws, self.bed.env)

        claws.remote("--send")

        person.see("label", 'Not sending: the mail server refuses the account "Work".')
        person.see("label", "SmtpClientAuthentication is disabled for the Mailbox.")
        person.see("label", "What your administrator can do")
        self.assertIsNone(person.find("push button", "Sign in"))
        self.assertEqual(self.bed.control("requests")["counts"].get("token", 0), 0)

    def test_what_smtp_refuses_another_account_is_not_told_of_the_one_that_sent_before(self):
        self.grant()
        words = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."
        server = self.bed.scripted([
            ["send", "220 mail ready\r\n"], ["expect", "EHLO .*"], ["send", "250-mail\r\n250 AUTH XOAUTH2\r\n"],
            ["expect", "AUTH XOAUTH2 .*"], ["send", f"{words}\r\n"], ["expect", "QUIT"], ["close"]], tls="tls")
        other = self.account("Other", BOB, smtp_auth_method=OAUTH["smtp"], smtp_port=server.port)  # the host's own OAuth
        profile = self.profile({1: self.work(), 2: other}, {2: {"send": "a-token-of-its-own"}})
        self.queue(profile, 1, ALICE, BOB, "ours")
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        claws.remote("--send")
        wait_for(lambda: self.subjects(BOB) == ["ours"], "the message of ours")
        self.logged(claws, "ESMTP< 235")
        self.queue(profile, 2, BOB, ALICE, "another's")

        claws.remote("--send")

        self.logged(claws, words)
        person.close_box("Error")  # it is read in the box's loop at the latest
        self.only_main_window(claws, "Work")
        self.assertIsNone(person.find("label", "Not sending"))

    def sends(self, account):
        """Tries to send a message over the bed's Dovecot, which refuses by XOAUTH2's challenge, as Google does; the host and
        what tries again. The host takes the challenge for a yes, and an error box is what it makes of what comes then."""
        profile = self.profile({1: account})
        self.queue(profile, 1, account["address"], ALICE, "one")
        self.bed.control("clear_requests")
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        claws.remote("--send")

        def again():
            self.assert_windows(claws, title(account["account_name"]), "Error")
            person.close_box("Error")
            self.only_main_window(claws, account["account_name"])
            claws.remote("--send")
        return person, again

    def tokens_asked_for(self):
        return self.bed.control("requests")["counts"].get("token", 0)

    def test_a_token_that_smtp_refuses_by_a_challenge_is_renewed_and_the_message_goes_out(self):
        self.grant()
        self.bed.control("expire_tokens")  # as seen by the server only
        _, again = self.sends(self.work(smtp="SMTP"))
        again()
        wait_for(lambda: self.subjects(ALICE) == ["one"], "the message")
        self.assertEqual(1, self.tokens_asked_for())

    def test_an_account_that_smtp_refuses_by_challenges_is_told_after_one_renewal(self):
        self.addCleanup(self.bed.control, "set", omit_scope=False)
        self.bed.control("set", omit_scope=True)
        self.grant(scopes=[SCOPES["imap"], "offline_access", "openid", "profile", "email"])  # only the server knows
        person, again = self.sends(self.work(smtp="SMTP"))
        again()
        person.see("label", 'Not sending: the mail server refuses the account "Work".')
        self.assertEqual(1, self.tokens_asked_for())

    def test_a_mailbox_that_refuses_every_token_is_told_in_the_servers_words_after_one_renewal(self):
        self.grant(BOB)
        self.bed.control("clear_requests")
        stranger = self.account("Bob", BOB, is_default=1, intent=self.intent(BOB, SHARED))
        claws, person = self.begin(stranger, "--receive")

        def told():
            claws.remote("--receive")
            return person.find("label", 'Not receiving: the mail server refuses the account "Bob".')
        wait_for(told, "the notice")
        self.polled(claws, 5, "Error logging in to localhost")

        person.see("label", "The server does not let you open the shared mailbox")
        self.assertIsNone(person.find("push button", "Sign in"))
        self.assertEqual(self.bed.control("requests")["counts"].get("token"), 1)
        person.click("push button", "Hide")
        wait_for(lambda: not person.find("label", "Not receiving"), "the notice is put away")

    def test_without_a_bus_for_notifications_the_notice_comes_all_the_same(self):
        self.notifications.close()
        claws, person = self.begin(self.work(), "--receive")

        person.see("label", NEEDED)

        claws.exit()


if __name__ == "__main__":
    unittest.main()
