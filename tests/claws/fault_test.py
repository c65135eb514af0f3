#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of the keyring and of the authorization server while a person is in the host's windows.

    fault_test.py [--all]

Each row: what is said, what accountrc and the store of passwords hold afterwards (as before, unless somebody saved), that the
keyring has the newest sign-in that the server gave, that nobody is asked for a password, and that mail comes afterwards.
"""
import collections
import sys
import unittest

import sanitized
from host_case import ALICE, wait_for
from host_faults import (EVERY, LIMIT, LIST, LOGIN, MAIN, SIGN_IN, WINDOW, HostFaults, KeyringLate, KeyringLocked, Refused, ServerDown,
                         ServerLate)

FAULTS = {"keyring late": KeyringLate("all"), "keyring late to store": KeyringLate("SetSecret"), "keyring locked": KeyringLocked(),
          "server down": ServerDown(), "server late": ServerLate(), "grant refused": Refused()}
ENDS = ("close box", "Cancel", "OK")
# Which of them keep what was typed in the account window.
KEEPS = {"untouched": (), "typed": ("OK",), "applied": ENDS, "another server": ("OK",), "list": ()}
# What happens one after the other: a login asks for its token, the window opens and closes, the answer comes. A login that asked
# before the window goes on after it: the host's own loops are nested.
LATE = ("asked, opened, closed, answered", "opened, asked, closed, answered", "opened, asked, answered, closed")
AT_ONCE = ("opened, asked, closed", "asked, opened, closed")
# A sign-in's window closes; and then the account window, which has been told what became of it, or has not.
TOLD, UNTOLD, SIGNED_IN = "opened, asked, closed, answered, left", "opened, asked, closed, left, answered", "opened, asked, answered, left"
NOTICED = ("opened, asked, closed, answered", "opened, asked, answered")
Row = collections.namedtuple("Row", "moment fault end order")


def rows():
    for moment in KEEPS:
        for name, fault in FAULTS.items():
            for end in ENDS if moment != "list" else ENDS[:2]:
                yield from (Row(moment, name, end, order) for order in (LATE if fault.late else AT_ONCE))
    for name in ("keyring late", "keyring late to store", "keyring locked", "server down", "server late"):
        for end in ENDS[:2]:
            yield from (Row("sign-in", name, end, order) for order in (TOLD, UNTOLD))
            yield Row("notice", name, end, NOTICED[0])
        if FAULTS[name].late:
            yield Row("sign-in", name, "itself", SIGNED_IN)
            yield Row("notice", name, "itself", NOTICED[1])


# From "Apply" to the window's end the host reads strings of the account that it has freed itself when another folder is opened
# (folder_item_close, 4.1.1; the plugin has no part in it). The address sanitizer ends it there: with it, the login comes before.
APPLIED = LATE[0] if sanitized.FIRST else LATE[1]
SHORT_FORM = (Row("untouched", "keyring late", "OK", LATE[0]), Row("applied", "server late", "close box", APPLIED),
              Row("sign-in", "keyring late to store", "close box", TOLD), Row("notice", "server late", "Cancel", NOTICED[0]),
              Row("list", "keyring locked", "close box", AT_ONCE[0]), Row("another server", "server late", "OK", LATE[0]))


class WindowFaults(HostFaults):
    number = 0
    code = ""

    def test_whatever_is_late_down_or_refused_while_a_window_is_open(self):
        wanted = list(rows()) if EVERY else SHORT_FORM
        for row in wanted:
            with self.subTest(row=row):
                try:
                    self.play(row, FAULTS[row.fault])
                except BaseException:
                    self.drop()
                    raise
        self.assert_no_password_sent()
        print(f"{len(wanted)} rows", file=sys.stderr)

    def test_windows_opened_and_closed_while_the_keyring_is_late_leave_nothing_behind(self):
        """No thread and no connection. (Memory tells nothing here: GTK's own grows with each window.)"""
        fault, rounds = FAULTS["keyring late"], 60 if EVERY else 6
        self.begin()
        self.come_and_go(fault, 4)
        threads, files, _ = self.claws.settled()
        self.come_and_go(fault, rounds)
        after = self.claws.settled(threads)
        self.drop()
        self.assertLessEqual(after[0], threads)
        self.assertLessEqual(after[1], files)

    def test_letters_on_the_page_are_no_questions_to_the_keyring(self):
        """Once they rest, it is asked who is signed in."""
        self.begin()
        self.open_account()
        self.page()
        self.keys.see("label", f"{ALICE} is signed in.")
        address = "somebody@a-name-with-many-letters.contoso.test"
        before = self.keyring.asked("SearchItems")
        self.keys.enter(WINDOW, "Sign in as", address)
        self.keys.see("label", f"{address} is not signed in yet")
        self.assertLess(self.keyring.asked("SearchItems") - before, len(address) // 2)
        self.close_window(WINDOW, "Cancel")
        self.drop()

    def come_and_go(self, fault, rounds):
        """The page, a sign-in and the list of accounts are there, and are closed, before the keyring answers."""
        for number in range(rounds):
            fault.begin(self)
            self.open_account()
            self.page()
            self.close_window(WINDOW, ENDS[number % 3])
            fault.end(self)
            self.open_account()
            self.page()
            self.keys.press_in(WINDOW, "alt+d")
            self.keys.user_code()
            fault.begin(self)
            self.close_window(SIGN_IN, "close box")
            self.close_window(WINDOW, "close box")
            self.open_list()
            self.close_window(LIST, "close box")
            fault.end(self)
            self.mail_arrives()

    def play(self, row, fault):
        if self.claws is None:
            self.begin()
        accounts, passwords = self.accounts(), wait_for(self.passwords, "the passwords on disk")
        self.number += 1
        self.row_begins()
        steps = {"sign-in": "sign_in_", "notice": "notice_"}.get(row.moment, "window_")
        for step in row.order.split(", "):
            getattr(self, steps + step)(row, fault)
        fault.end(self)
        if steps == "window_" and fault.notice:
            self.keys.see("label", fault.notice)
            fault.mend(self)
        self.mail_arrives()
        if row.end in KEEPS.get(row.moment, ()):
            accounts[1].update(self.typed(row))
        self.assert_kept(accounts, passwords)
        if row.moment == "another server" and row.end == "OK":
            self.claws.exit()
            self.claws = None  # the next row has one with the provider's server

    # Account windows, and the list of accounts -----------------------------------------------

    def typed(self, row):
        """Into which field of accountrc, and what."""
        return {"receive_server": "127.0.0.1"} if row.moment == "another server" else {"name": f"Alice {self.number}"}

    def window_opened(self, row, _):
        if row.moment == "list":
            return self.open_list()
        self.open_account()
        if row.moment != "untouched":
            label = "Server for receiving" if row.moment == "another server" else "Full name"
            self.keys.enter(WINDOW, label, *self.typed(row).values())
        if row.moment == "applied":
            self.keys.press_in(WINDOW, "alt+a")
        return self.page()

    def window_asked(self, _, fault):
        fault.begin(self)
        self.login_meets(fault)

    def window_closed(self, row, fault):
        if row.moment == "list":
            return self.close_window(LIST, row.end)
        if fault.told and (fault.told_at_once or row.order == AT_ONCE[1]):
            self.keys.see("label", fault.told)
        if row.moment == "another server":
            self.keys.see("label", "127.0.0.1 is not known as a server of Test bed, and it gets a token of your sign-in")
        return self.close_window(WINDOW, row.end)

    def window_answered(self, row, fault):
        fault.end(self)
        if (row.moment, row.end) == ("another server", "OK") and row.order != LATE[2]:
            return self.says("The account was changed while it waited for its token")
        return self.says(LOGIN)

    # A sign-in from the account window -------------------------------------------------------

    def sign_in_opened(self, *_):
        self.open_account()
        self.page()
        self.keys.press_in(WINDOW, "alt+d")
        self.code = self.keys.user_code()

    def sign_in_asked(self, row, fault):
        fault.begin(self)
        self.enter_code(self.code)
        wait_for(lambda: self.answers(200, 503), "an answer to the code", LIMIT)
        self.await_fault(row, fault)

    def await_fault(self, row, fault):
        """Until who signs in has come to it, or was told."""
        if fault.late:
            return wait_for(lambda: fault.met(self), "the fault is met", LIMIT)
        if fault is FAULTS["keyring locked"]:
            return self.keys.see("label", "The keyring is locked")
        words = ("label", "It is tried again.") if row.moment == "sign-in" else ("push button", "Try again")
        return self.keys.see(*words, limit=LIMIT)

    def kept(self, row, fault):
        """Whether the sign-in goes on when its window closes: it is with the keyring."""
        return row.end == "itself" or isinstance(fault, (KeyringLate, KeyringLocked))

    def sign_in_closed(self, row, fault):
        self.close_window(SIGN_IN, row.end)
        if not self.kept(row, fault):
            self.keys.see("label", "The sign-in was cancelled.")
            if fault.late:
                self.dropped.add(self.newest())  # the answer, which nobody waits for any more

    def sign_in_answered(self, row, fault):
        fault.end(self)
        if not fault.late or not self.kept(row, fault):
            return
        if WINDOW in self.claws.windows():
            self.keys.see("label", f"Signed in as {ALICE}", limit=LIMIT)
        else:
            self.says(f"Work: Signed in as {ALICE}")

    def sign_in_left(self, *_):
        self.close_window(WINDOW, "Cancel")

    # A sign-in from the notice ---------------------------------------------------------------

    def notice_opened(self, *_):
        refused = FAULTS["grant refused"]
        refused.begin(self)
        self.login_meets(refused)
        self.keys.see("label", refused.notice)

    def notice_asked(self, row, fault):
        fault.begin(self)
        self.bed.control("clear_requests")
        self.keys.press_in(MAIN, "alt+s")
        self.await_fault(row, fault)

    def notice_closed(self, row, _):
        self.close_window(SIGN_IN, row.end)

    def notice_answered(self, row, fault):
        fault.end(self)
        if row.end == "itself" or row.fault == "keyring late to store":
            return self.says(f"Work: Signed in as {ALICE}")
        self.keys.see("label", FAULTS["grant refused"].notice)
        return FAULTS["grant refused"].mend(self)

    # Afterwards ------------------------------------------------------------------------------

    def assert_kept(self, accounts, passwords):
        self.assert_windows(self.claws, MAIN)
        self.assertIsNone(self.keys.find("label", "Not receiving"))
        wait_for(lambda: self.passwords() == passwords, "the passwords as they were")
        self.assertEqual(accounts, self.accounts())
        wait_for(lambda: self.newest() == self.item()["refresh_token"], "the newest sign-in in the keyring", LIMIT)
        self.assertNotRegex(self.claws.output(), "GTK_IS_|unclassed pointer")


if __name__ == "__main__":
    unittest.main(argv=[word for word in sys.argv if word != "--all"])
