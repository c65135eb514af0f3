#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two POP3 accounts of which one is refused, while a person is in the host's windows.

    pop_fault_test.py [--all]
"""
import os
import sys
import unittest

from host_case import ALICE, BOB, SHARED, title, wait_for
from host_faults import EVERY, LIMIT, WAITING, HostFaults, ServerLate


class TwoPopAccounts(HostFaults):
    """The host asks for the tokens of both, and then connects for both; while an account window is open it does neither."""

    current = ""

    def test_of_two_pop3_accounts_the_refused_one_is_told_whatever_window_was_open(self):
        """Bob may not open the shared mailbox. The window is that of the first account."""
        for first, second in (("Bad", "Good"), ("Good", "Bad")):
            for moment, end in (("waiting", "close box"), ("waiting", "Cancel"), ("untouched", "close box"), ("typed", "OK"),
                                ("applied", "Cancel")):
                if EVERY or (first, moment, end) in (("Bad", "applied", "Cancel"), ("Good", "waiting", "close box")):
                    with self.subTest(first=first, moment=moment, end=end):
                        try:
                            self.play(first, second, moment, end)
                        finally:
                            self.drop()

    def play(self, first, second, moment, end):
        self.begin_with(first, second)
        wait_for(self.put_aside, "the passwords of both are put aside")
        accounts, passwords = self.accounts(), self.passwords()
        self.row_begins()
        if moment == "waiting":
            self.close_the_wait(end)
        else:
            accounts[1].update(self.work_the_window(f"{first} - Account preferences", moment, end))
        self.bed.control("deliver", mailbox=ALICE, subject="By post")
        self.both_ask(2)
        inbox = os.path.join(self.profile.home, "Mail", "inbox")
        wait_for(lambda: os.listdir(inbox), "the message in the inbox", LIMIT)
        self.keys.see("label", 'Not receiving: the mail server refuses the account "Bad".')
        self.assertIsNone(self.keys.find("label", 'the account "Good"'))
        self.assert_windows(self.claws, title(first))
        wait_for(lambda: self.passwords() == passwords, "the passwords as they were")
        self.assertEqual(accounts, self.accounts())
        self.assert_no_password_sent()

    def put_aside(self):
        """Whether the fields of both accounts have followed, and their passwords are no longer in the host's own places."""
        passwords = self.passwords()
        return passwords and not any(block.startswith("[account:") for block in passwords) and all(
            "saved" in (self.stored_intent(self.profile, number) or {}) for number in (1, 2))

    def close_the_wait(self, end):
        """That of the first account: the other one waits on."""
        late = ServerLate()
        late.begin(self)
        self.claws.remote("--receive-all")
        self.close_window(WAITING, end)
        late.end(self)
        self.says("AUTH XOAUTH2")

    def work_the_window(self, window, moment, end):
        """What it changes."""
        self.open_account()
        if moment != "untouched":
            self.keys.enter(window, "Full name", "Somebody else")
        if moment == "applied":
            self.keys.press_in(window, "alt+a")
            self.page()
        self.claws.remote("--receive-all")
        self.close_window(window, end)
        return {"name": "Somebody else"} if moment != "untouched" else {}

    def begin_with(self, *names):
        accounts = {"Bad": self.account("Bad", BOB, pop=True, intent=self.intent(BOB, SHARED)),
                    "Good": self.account("Good", ALICE, pop=True, intent=self.intent())}
        self.forget_grants()
        for user in (ALICE, BOB):
            self.grant(user, expires_at=1)
        self.current = names[0]
        self.begin({number: {**accounts[name], "is_default": int(number == 1)} for number, name in enumerate(names, 1)})

    def both_ask(self, times):
        """Each account has shown its token so often since the row began."""
        def asked():
            self.claws.remote("--receive-all")
            return self.claws.log()[self.begins:].count("POP> AUTH XOAUTH2") >= 2 * times
        wait_for(asked, f"{times} logins each", LIMIT)


if __name__ == "__main__":
    unittest.main(argv=[word for word in sys.argv if word != "--all"])
