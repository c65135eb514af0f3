#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""POP3, whose tokens have to fit what this version of the host can send; and servers that the host does not understand.

Claws Mail 4.1 writes command and token into one line of 512 bytes. Since 4.2 an account that names one of Microsoft's
providers gets two lines, of 8 KB.
"""
import os
import unittest

from host_case import ALICE, BOB, VERSION, HostCase, only_for, wait_for

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
