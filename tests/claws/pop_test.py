#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""POP3, whose tokens have to fit what this version of the host can send; and servers that the host does not understand.

Claws Mail 4.1 writes command and token into one line of 512 bytes. Since 4.2 an account that names one of Microsoft's
providers gets two lines, of 8 KB.
"""
import os
import unittest

from gui import Person
from host_case import ALICE, BOB, SHARED, VERSION, HostCase, only_for, wait_for
from people import SCOPES  # the bed's, which host_case leads to
import dovecot

#: Name and token together.
LIMIT = 352 if VERSION < (4, 2) else 6100


class Pop(HostCase):
    def receive(self, token_bytes):
        """Receives one message by POP3 with a token of that length; the profile and the running host."""
        self.bed.control("set", token_bytes=token_bytes)
        self.assertEqual(len(self.grant()), token_bytes)
        self.bed.control("deliver", mailbox=ALICE, subject="By post")
        profile = self.profile({1: self.account("Post", pop=True, is_default=1, intent=self.intent())})
        claws = self.start(profile)
        claws.remote("--receive")
        return profile, claws

    def assert_receives(self, token_bytes):
        profile, claws = self.receive(token_bytes)
        wait_for(lambda: os.listdir(os.path.join(profile.home, "Mail", "inbox")), "the message in the inbox")
        self.only_main_window(claws, "Post")
        claws.exit()

    def assert_refused(self, token_bytes, *words):
        self.bed.control("clear_transcript")
        _, claws = self.receive(token_bytes)
        for part in ("cannot send this account's token over POP3", f"it can send {LIMIT}", *words):
            self.logged(claws, part)
        self.assertEqual([talk for talk in self.sent_bytes("POP") if "AUTH" in talk], [])
        self.assertIsNone(claws.process.poll())
        self.only_main_window(claws, "Post")
        claws.exit()

    def test_short_tokens(self):
        self.assert_receives(40)

    def test_the_longest_token_and_one_byte_more(self):
        self.assert_receives(LIMIT - len(ALICE))
        self.forget_grants()
        self.assert_refused(LIMIT - len(ALICE) + 1)

    @only_for(VERSION >= (4, 2))
    def test_tokens_of_microsofts_size_in_two_lines(self):
        self.assert_receives(2500)
        talk = next(talk for talk in self.sent_bytes("POP") if "AUTH" in talk)
        self.assertIn("AUTH XOAUTH2\r\n", talk)

    @only_for(VERSION < (4, 2))
    def test_tokens_of_microsofts_size_are_refused_and_the_way_out_is_named(self):
        self.assert_refused(2500, "Use IMAP for this account, or Claws Mail 4.2 or newer.")


class Refused(HostCase):
    """Dovecot refuses by XOAUTH2's challenge, as Google does, and the host shows nothing else of it in time.

    Its status is 401 for a token that is not good there, which another one may mend. Dovecot 2.4 tells two more apart: 403
    for who may not open the mailbox, 500 for a failure of its own. 2.3 has 401 for the former, too, and no challenge for the
    latter.
    """

    bed_options = {"token_bytes": 120}
    BAD = 'Not receiving: the mail server refuses the account "Bad".'

    def setUp(self):
        super().setUp()
        self.addCleanup(self.bed.control, "set", omit_scope=False)

    def receives(self, *accounts):
        """Asks for mail until each has logged in twice more; the running host and who looks at it."""
        self.bed.control("clear_requests")
        profile = self.profile(dict(enumerate(accounts, 1)))
        claws = self.start(profile)
        for times in (2, 4):
            def asked(times=times):
                claws.remote("--receive-all")
                return claws.log().count("POP> AUTH XOAUTH2") >= times * len(accounts)
            wait_for(asked, f"{times} checks")
        return claws, Person(claws, self.bed.env)

    def bad(self, **more):
        """Bob's, who has tokens for IMAP only, which nobody but the server knows."""
        self.bed.control("set", omit_scope=True)
        self.grant(BOB, scopes=[SCOPES["imap"], "offline_access", "openid", "profile", "email"])
        return self.account("Bad", BOB, pop=True, intent=self.intent(BOB), **more)

    def good(self, **more):
        self.grant()
        return self.account("Good", ALICE, pop=True, intent=self.intent(), **more)

    def tokens_asked_for(self):
        return self.bed.control("requests")["counts"].get("token", 0)

    def test_a_refused_account_is_told_after_one_renewal(self):
        _, person = self.receives(self.bad(is_default=1))
        person.see("label", self.BAD)
        self.assertEqual(1, self.tokens_asked_for())

    def assert_told_and_not_the_other(self, *accounts):
        _, person = self.receives(*accounts)
        person.see("label", self.BAD)
        self.assertIsNone(person.find("label", 'the account "Good"'))
        self.assertEqual(1, self.tokens_asked_for(), "Bad's; Good's token is good")

    def test_before_a_good_account_the_refused_one_is_told_and_not_the_other(self):
        self.assert_told_and_not_the_other(self.bad(is_default=1), self.good())

    def test_after_a_good_account_the_refused_one_is_told_and_not_the_other(self):
        self.assert_told_and_not_the_other(self.good(is_default=1), self.bad())

    def test_who_may_not_open_the_mailbox_is_told_and_where_the_server_says_so_no_token_is_asked_for(self):
        self.grant(BOB)
        stranger = self.account("Bad", BOB, pop=True, is_default=1, intent=self.intent(BOB, SHARED))
        _, person = self.receives(stranger)
        person.see("label", self.BAD)
        self.assertEqual(0 if dovecot.version() >= (2, 4) else 1, self.tokens_asked_for())

    def test_a_server_that_fails_itself_refuses_nobody(self):
        good = self.good(is_default=1)
        self.bed.control("set", judge_down=True)
        claws, person = self.receives(good)
        self.bed.control("set", judge_down=False)

        def received():
            claws.remote("--receive")
            return "POP< +OK Logged in" in claws.log()
        wait_for(received, "mail comes again")
        self.assertNotIn("refused to sign", claws.log())
        self.assertIsNone(person.find("label", "Not receiving"))
        self.assertEqual(0, self.tokens_asked_for(), "the token was good all the time")


class OnlyOauthbearer(HostCase):
    """The host speaks XOAUTH2 only."""

    bed_options = {"token_bytes": 120, "mechanisms": "oauthbearer plain"}

    def refused(self, protocol, command, **more):
        self.grant()
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent(), **more)})
        self.queue(profile, 1, ALICE, BOB, "one")
        claws = self.start(profile)
        self.bed.control("clear_requests")
        claws.remote(command)
        self.logged(claws, f"Work: localhost does not take XOAUTH2 over {protocol}")
        self.no_prompt_stays(claws)
        self.assert_no_password_sent()
        # The token is good: nothing is renewed.
        self.assertEqual(self.bed.control("requests")["counts"].get("token", 0), 0)

    def test_imap(self):
        self.refused("IMAP", "--receive")

    def test_pop3(self):
        self.refused("POP3", "--receive", pop=True)

    def test_smtp(self):
        self.refused("SMTP", "--send", smtp="SMTP")

    def test_smtp_with_starttls(self):
        self.refused("SMTP", "--send", smtp="SMTP_STARTTLS", ssl_smtp=2)


if __name__ == "__main__":
    unittest.main()
