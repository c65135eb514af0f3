#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host has received over POP3 does not come again when an account gets another name, and nothing is kept from a mailbox
that is another one.
"""
import os
import unittest

from claws_host import section
from gui import Person
from host_case import ALICE, SHARED, VERSION, HostCase, wait_for


class Lists(HostCase):
    """The host keeps what it has received in a list under the names of server and user."""

    bed_options = {"token_bytes": 120}

    def entries(self, profile, user):
        """How many the list of that user holds; None without one."""
        path = profile.path(f"uidl/localhost-{user}")
        if not os.path.exists(path):
            return None
        with open(path, encoding="utf-8") as file:
            return len(file.readlines())

    def received(self, profile):
        return sum(name.isdigit() for name in os.listdir(os.path.join(profile.home, "Mail", "inbox")))

    def checked(self, claws):
        """One more whole session."""
        before = claws.log().count("POP> QUIT")
        claws.remote("--receive")
        wait_for(lambda: claws.log().count("POP> QUIT") > before, "the session ends")

    def test_what_was_received_by_another_name_does_not_come_again_on_or_off(self):
        """The account had the short name, and has a longer one while it is on."""
        self.grant()
        self.bed.control("deliver", mailbox=ALICE, subject="Before")
        account = self.account("Post", pop=True, is_default=1, intent=self.intent())
        profile = self.profile({1: account})
        claws = self.start(profile)
        self.checked(claws)
        wait_for(lambda: self.received(profile) == 1, "the first message")
        claws.exit()
        os.rename(profile.path(f"uidl/localhost-{ALICE}"), profile.path("uidl/localhost-alice"))
        profile.write("accountrc", section("Account: 1", {**account, "user_id": "alice", "config_version": 4 if VERSION < (4, 3) else 5}))

        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        wait_for(lambda: profile.account(1).get("user_id") == ALICE, "the fields follow")
        self.checked(claws)
        self.assertEqual(1, self.received(profile))
        self.bed.control("deliver", mailbox=ALICE, subject="Meanwhile")
        self.checked(claws)
        wait_for(lambda: self.received(profile) == 2, "the second message")
        person.open_page()
        person.press("alt+g", "alt+o")
        wait_for(lambda: profile.account(1).get("user_id") == "alice", "the fields are back")

        self.assertEqual(2, self.entries(profile, "alice"))
        claws.exit()

    def test_another_mailbox_gets_no_list_of_the_last(self):
        """What was received there may have the same numbers."""
        profile = self.profile({1: self.account("Post", pop=True, is_default=1, intent=self.intent(mailbox=SHARED))})
        os.mkdir(profile.path("uidl"))
        profile.write(f"uidl/localhost-{ALICE}", "1-1\t1\t0\n")
        claws = self.start(profile)
        wait_for(lambda: profile.account(1).get("user_id") == SHARED, "the fields follow")
        self.assertIsNone(self.entries(profile, SHARED))
        claws.exit()


if __name__ == "__main__":
    unittest.main()
