#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts for shared mailboxes that the plugin makes in the running host, from the page of the account that opens them."""
import os
import unittest

from gui import Person
from host_case import ALICE, BOB, OAUTH, PASSWORD, SHARED, HostCase, title, wait_for

FIELD = "Address of the mailbox"
SALES = "sales@contoso.test"  # which nobody has


class Shared(HostCase):
    def open(self, user=ALICE, **more):
        """The page of the only account, which is turned on; profile, host and person."""
        self.grant(user)
        work = self.account("Work", user, is_default=1, intent=self.intent(user), **more)
        profile = self.profile({1: work})
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        person.open_page()
        return profile, claws, person

    def picture(self, name):
        folder = os.environ.get("MAIL_OAUTH_SCREENSHOTS")
        if folder:
            self.display.screenshot(os.path.join(folder, name))

    def add(self, person, address, *keys):
        """By keyboard alone: the button, the address, what else is chosen."""
        person.press("alt+h")
        person.see("text", FIELD)
        self.type(address)
        person.press(*keys, "Return")
        person.see("label", SHARED)  # what became of it

    def type(self, text):
        self.display.run("type", "--delay", "1", text)

    def close_window(self, person, claws, button="OK"):
        person.click("push button", button)
        self.assert_windows(claws, title("Work"))

    def made(self, profile, claws, address=SHARED, number=2):
        """Waits until the account is there and its folders are read."""
        self.stored(profile, address, number)
        self.logged(claws, "Login to localhost successful")
        self.assert_windows(claws, title("Work"))
        return self.stored(profile, address, number)

    def stored(self, profile, address=SHARED, number=2):
        """The account of that mailbox, once it is there: the host renames its file away before a new one is written."""
        def found():
            account = profile.account(number)
            return account if account.get("user_id") == address else None
        return wait_for(found, f"the account of {address}")

    def receives(self, claws, total, mailbox=SHARED):
        """Fetches until the inbox of the new account holds so many messages."""
        inbox = f"#imap/{mailbox}/INBOX"

        def there():
            claws.remote("--receive-all")
            return claws.remote("--status-full", inbox).split()[2:3] == [str(total)]
        wait_for(there, f"{total} in {inbox}")

    def test_receives_and_sends_without_another_sign_in_and_after_a_restart(self):
        self.bed.control("deliver", mailbox=SHARED, subject="For the team")
        profile, claws, person = self.open()
        self.bed.control("clear_requests")
        self.add(person, f" alice@contoso.test\\{SHARED} ")  # the old name for it
        person.see("label", f"Added when you close this window with OK: {SHARED}")
        self.picture("shared-mailbox-added.png")
        self.close_window(person, claws)

        account = self.made(profile, claws)
        expected = {
            "account_name": SHARED, "name": SHARED, "address": SHARED, "is_default": "0", "receive_at_get_all": "1",
            "protocol": "1", "imap_auth_method": OAUTH["imap"], "smtp_auth_method": OAUTH["smtp"],
            "smtp_user_id": ALICE, "receive_server": "localhost", "imap_port": self.bed.env["BED_IMAP_PORT"],
            "smtp_port": self.bed.env["BED_SMTP_WIDE_PORT"], "ssl_imap": "1", "ssl_smtp": "1"}
        self.assertEqual({key: account[key] for key in expected}, expected)
        intent = self.stored_intent(profile, 2)
        self.assertEqual((intent["enabled"], intent["identity"], intent["mailbox"]), (True, ALICE, SHARED))
        self.assertNotIn("[account:2]", profile.read("passwordstorerc"))
        self.receives(claws, 1)
        self.queue(profile, 2, SHARED, BOB, "From the team")
        claws.remote("--send")
        wait_for(lambda: "From the team" in self.subjects(BOB), "the message at Bob's")
        self.assertEqual(self.bed.control("requests")["counts"].get("auth", 0), 0)
        self.in_the_menu(person)

        claws.exit()
        self.bed.control("deliver", mailbox=SHARED, subject="Once more")
        claws = self.start(profile)
        self.receives(claws, 2)
        self.assert_no_password_sent()

    def in_the_menu(self, person):
        person.click("menu", "Configuration")
        person.click("menu", "Change current account")
        person.see("menu item", SHARED)
        person.press("Escape", "Escape", "Escape")

    def test_what_is_wrong_is_told_beside_the_field(self):
        profile, claws, person = self.open()
        person.press("alt+h")
        for wrong, words in (("support", "Enter the address of the shared mailbox"),
                             (f"{BOB}\\{SHARED}", f"This name signs in as {BOB}"),
                             (ALICE, f'The account "Work" opens {ALICE} already')):
            person.fill(FIELD, wrong)
            person.press("Return")
            person.see("label", words)
        self.picture("shared-mailbox-wrong.png")
        person.fill(FIELD, SHARED)
        wait_for(lambda: not person.find("label", "already"), "the words go when the field changes")
        self.picture("shared-mailbox-dialog.png")
        person.press("Return")
        person.see("label", f"Added when you close this window with OK: {SHARED}")
        person.click("push button", "Add a shared mailbox")  # once more
        person.fill(FIELD, SHARED.upper())
        person.press("Return")
        person.see("label", "already")
        person.press("Escape")
        self.close_window(person, claws, "Cancel")

        self.queue(profile, 1, ALICE, BOB, "later")
        claws.remote("--send")
        wait_for(lambda: "later" in self.subjects(BOB), "the message at Bob's")
        self.assertEqual(profile.account(2), {})

    def test_waits_until_the_list_of_accounts_is_closed_and_makes_a_second_one(self):
        profile, claws, person = self.open()
        self.close_window(person, claws)
        person.open_menu("Configuration", "Edit accounts")
        person.click("table cell", "Work", times=2)
        person.click("table cell", "Sign in with OAuth")
        person.see("check box", "Sign in with OAuth")
        self.add(person, SHARED)
        person.click("push button", "OK")
        self.logged(claws, f"The account for {SHARED} is added as soon as the list of accounts is closed")
        self.assertEqual(profile.account(2), {})
        person.click("push button", "Close")
        self.made(profile, claws)

        person.open_page()
        self.add(person, SHARED)
        person.see("label", f'The account "{SHARED}" opens {SHARED} already')
        person.fill(FIELD, SALES)
        person.press("Return")
        person.see("label", SALES)
        person.click("push button", "OK")
        person.see("label", f"the server does not open {SALES}")
        person.close_box("Shared mailbox")
        wait_for(lambda: "Shared mailbox" not in claws.windows(), "the report is put away")
        self.assertNotRegex(claws.output(), "GTK_IS_|unclassed pointer")
        self.stored(profile, SALES, 3)
        self.assertEqual(self.stored_intent(profile, 3)["mailbox"], SALES)

    def test_a_strangers_mailbox_is_refused_in_the_servers_words(self):
        profile, claws, person = self.open(BOB)
        self.add(person, SHARED)
        person.click("push button", "OK")

        person.see("label", f'The account "{SHARED}" was added, but the server does not open {SHARED}')
        person.see("label", "Authentication failed.")
        person.see("label", "full access to the shared mailbox")
        self.picture("shared-mailbox-refused.png")
        person.click("push button", "Close")
        self.assert_windows(claws, title("Work"))
        self.assertIn('path="INBOX"', profile.read("folderlist.xml").partition(f'name="{SHARED}"')[2])

    def test_is_removed_in_the_hosts_list_of_accounts(self):
        profile, claws, person = self.open()
        self.add(person, SHARED)
        self.close_window(person, claws)
        self.made(profile, claws)

        person.open_menu("Configuration", "Edit accounts")
        person.click("table cell", SHARED)
        person.click("push button", "Delete")
        wait_for(lambda: "Delete account" in claws.windows(), "the host's question")
        person.press("alt+d")
        wait_for(lambda: "Delete account" not in claws.windows(), "the question closes")
        person.click("push button", "Close")

        wait_for(lambda: profile.account(2) == {}, "the account is gone")
        self.assertNotIn(SHARED, profile.read("folderlist.xml"))
        person.open_page()  # and can come again
        self.add(person, SHARED)
        self.close_window(person, claws)
        wait_for(lambda: f'address={SHARED}' in profile.read("accountrc"), "the account once more")
        self.assert_windows(claws, title("Work"))
        claws.exit()

    def test_without_a_local_mailbox_the_queue_is_the_persons_own_and_pop3_is_refused_in_words(self):
        """As the host's first-start wizard leaves a profile for IMAP."""
        self.grant()
        work = self.account("Work", is_default=1, oauth2_client_id=self.bed.env["BED_CLIENT_ID"])
        profile = self.profile({1: work}, {1: {"recv": PASSWORD[ALICE]}})
        profile.write("folderlist.xml", '<?xml version="1.0" encoding="UTF-8"?>\n<folderlist>\n'
                      '  <folder type="imap" name="Work" account_id="1">\n'
                      '    <folderitem type="inbox" name="INBOX" path="INBOX" />\n'
                      + "".join(f'    <folderitem type="{kind}" name="{name}" path="{name}" />\n' for kind, name in (
                          ("outbox", "Sent"), ("draft", "Drafts"), ("queue", "Queue"), ("trash", "Trash"))) +
                      '  </folder>\n</folderlist>\n')
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        person.open_page()
        person.press("alt+g")
        person.see("label", f"{ALICE} is signed in.")
        person.press("alt+h")
        person.see("text", FIELD)
        self.type(SHARED)
        person.press("alt+p", "Return")
        person.see("label", "Claws Mail has no local mailbox to put messages into that come by POP3.")
        person.press("alt+i", "Return")
        person.see("label", f"Added when you close this window with OK: {SHARED}")
        self.close_window(person, claws)
        account = self.made(profile, claws)
        self.assertEqual(("1", "#imap/Work/Queue"), (account["set_queue_folder"], account["queue_folder"]))

    def test_pop3_leaves_the_messages_on_the_server(self):
        self.bed.control("set", token_bytes=120)  # what 4.1 can carry
        self.bed.control("deliver", mailbox=SHARED, subject="By post")
        profile, claws, person = self.open()
        self.add(person, SHARED, "alt+p")
        self.close_window(person, claws)
        account = self.stored(profile)
        self.assertEqual((account["protocol"], account["remove_mail"], account["pop_auth_method"], account["pop_port"],
                          account["ssl_pop"]),
                         ("0", "0", OAUTH["pop"], self.bed.env["BED_POP_PORT"], "1"))

        def there():
            claws.remote("--receive-all")
            return os.listdir(os.path.join(profile.home, "Mail", "inbox"))
        wait_for(there, "the message in the local inbox")
        self.assertEqual(self.subjects(SHARED), ["By post"])
        self.assert_no_password_sent(*PASSWORD.values())


if __name__ == "__main__":
    unittest.main()
