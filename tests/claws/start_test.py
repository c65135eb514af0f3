#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to mail: each way in which people begin ends with mail in INBOX, no password asked, no restart and no menu of the
host that nobody knows. Through the real windows, with the keyboard.
"""
import os
import unittest

from host_case import ALICE, HERE, PLUGIN, VERSION, HostCase, title, wait_for
from keyboard import Keyboard

BROWSER = os.path.join(os.path.dirname(HERE), "bed", "browser")
WIZARD = "Claws Mail Setup Wizard"
NEW = "Preferences for new account"
PROMPT = "Input password"
CERTIFICATE = "TLS certificate is unknown"
PAGE = "Sign in with OAuth"


class Start(HostCase):
    bed_options = {"token_bytes": 120}

    def setUp(self):
        super().setUp()
        self.bed.control("deliver", mailbox=ALICE, subject="Welcome")
        self.titles = set()
        self.manifest(client_id=self.bed.env["BED_CLIENT_ID"])

    def begin(self, profile, *arguments, **more):
        env = {"BROWSER": BROWSER, "BED_BROWSER_USER": ALICE}
        claws = self.start(profile, *arguments, env=env, **more)
        return claws, Keyboard(claws, self.bed.env)

    def nothing(self):
        """As on the first day: no account, no folders, no plugin."""
        profile = self.profile({}, plugin=None)
        for name in ("accountrc", "folderlist.xml", "passwordstorerc"):
            os.unlink(profile.path(name))
        return profile

    def mail_in(self, claws, account, ask=False):
        """Waits until INBOX of the account holds the message, which nobody asked for unless `ask`."""
        inbox = f"#imap/{account}/INBOX"

        def there():
            if ask:
                claws.remote("--receive")
            return claws.remote("--status-full", inbox).split()[2:3] == ["1"]
        try:
            wait_for(there, f"the message in {inbox}", 30)
        except AssertionError as error:
            raise AssertionError(f"{error}\nwindows: {claws.windows()}\nlog:\n{claws.log()}\n{claws.output()[-1500:]}") from None

    def main_window(self, claws):
        return next(name for name in claws.windows() if " - Claws Mail " in name)

    def page(self, keys, window):
        """The row of our page in the list of an account window, by arrow keys."""
        keys.walk_to(window, keys.in_list, "the list of pages")
        keys.walk_to(window, lambda: keys.find("check box", PAGE), "our page", key="Down")

    def load(self, claws, keys):
        """The plugin, as README says it."""
        main = self.main_window(claws)
        keys.press_in(main, "alt+c")
        keys.see("menu item", "Plugins...")
        keys.press_in(main, "g")
        keys.see("push button", "Load...")
        keys.press_in("Plugins", "alt+l")
        wait_for(lambda: "Select the Plugins to load" in claws.windows(), "the file window")
        keys.press_in("Select the Plugins", "ctrl+l")
        keys.type_in("Select the Plugins", PLUGIN)

        def gone():
            # The first Return may be the completion's, which comes up when it likes.
            keys.press_if_there("Select the Plugins", "Return")
            return "Select the Plugins to load" not in claws.windows()
        wait_for(gone, "the file window closes")
        keys.see("table cell", PAGE)
        keys.press_in("Plugins", "alt+c")
        self.assert_windows(claws, main)

    def turn_on(self, claws, keys):
        """The page of the current account, and on it the box."""
        main = self.main_window(claws)
        keys.press_in(main, "alt+c")
        keys.see("menu item", "Preferences for current account...")
        keys.press_in(main, "p")
        name = f"{main.partition(' - Claws Mail')[0]} - Account preferences"
        wait_for(lambda: name in claws.windows(), "the account window")
        self.page(keys, name)
        keys.press_in(name, "alt+g")
        keys.see("push button", "Sign in with browser")

    def sign_in(self, keys, window):
        keys.press_in(window, "alt+b")
        keys.see("label", f"Signed in as {ALICE}")

    def nobody_was_asked(self, claws, account):
        """Nothing stays but the main window, and no password went anywhere."""
        self.only_main_window(claws, account)
        self.assert_no_password_sent()
        claws.exit()

    # The first-start wizard ---------------------------------------------------------------

    def answer_the_host(self, claws, keys, until):
        """What it asks and tells after the wizard, until `until` can be seen: no password is given."""
        def done():
            titles = claws.windows()
            self.titles.update(titles)
            for name in titles:
                answer = {PROMPT: "Escape", "Error": "Return", CERTIFICATE: "alt+a"}.get(name)
                if answer:
                    keys.press_if_there(name, answer)
            return until(titles)
        wait_for(done, "the main window alone", 60)

    def wizard(self, keys):
        keys.press_in(WIZARD, "alt+n")
        keys.enter(WIZARD, "Your name", "Alice")
        keys.enter(WIZARD, "Your email", ALICE)
        keys.press_in(WIZARD, "alt+n")
        keys.see("label", "Server type")
        keys.choose(WIZARD, "Auto-configure", "IMAP")
        keys.enter(WIZARD, "Server address", f"localhost:{self.bed.env['BED_IMAP_PORT']}")
        keys.enter(WIZARD, "Username", ALICE)
        keys.set(WIZARD, "Use TLS to connect")
        keys.press_in(WIZARD, "alt+n")
        keys.enter(WIZARD, "SMTP server", f"localhost:{self.bed.env['BED_SMTP_PORT']}")
        keys.press_in(WIZARD, "alt+n")
        keys.see("label", "Configuration finished")
        keys.press_in(WIZARD, "alt+s")

    def first_start(self):
        """The wizard, what comes after it, and the plugin; the host, the keyboard and the account's name."""
        profile = self.nothing()
        claws, keys = self.begin(profile, ready=False)
        wait_for(lambda: WIZARD in claws.windows(), "the wizard")
        self.wizard(keys)
        account = f"{ALICE}@localhost:{self.bed.env['BED_IMAP_PORT']}"  # as the wizard calls it
        # Before the plugin is there, a password is asked for, and the mailbox is called incomplete.
        self.answer_the_host(claws, keys, lambda titles: titles == [title(account)] and {PROMPT, "Error"} <= self.titles)
        self.load(claws, keys)
        return claws, keys, account

    def test_the_first_start_wizard_and_the_offer_in_the_main_window(self):
        self.manifest(no_passwords=True)
        claws, keys, account = self.first_start()
        keys.see("label", f'Test bed takes no passwords any more for the account "{account}".')
        self.sign_in(keys, title(account))
        self.mail_in(claws, account)
        self.nobody_was_asked(claws, account)

    def test_the_first_start_wizard_and_the_account_page(self):
        claws, keys, account = self.first_start()
        self.turn_on(claws, keys)
        self.sign_in(keys, f"{account} - Account preferences")
        keys.press_in(f"{account} - Account", "alt+o")
        self.mail_in(claws, account)
        self.nobody_was_asked(claws, account)

    # An account that is made anew ---------------------------------------------------------

    def new_account(self, keys, main, server="localhost"):
        """What a person types on Basic."""
        keys.press_in(main, "alt+c")
        keys.see("menu item", "Create new account...")
        keys.press_in(main, "n")
        keys.see("label", "Mail address")
        keys.enter(NEW, "Name of account", "Work")
        keys.enter(NEW, "Mail address", ALICE)
        keys.choose(NEW, "Auto-configure", "IMAP")
        keys.enter(NEW, "Server for receiving", server)
        keys.enter(NEW, "SMTP server (send)", server)
        keys.enter(NEW, "User ID", ALICE)

    def finish(self, claws, keys, key):
        """The host shows its list of accounts behind the window of a new one."""
        keys.press_in(NEW, key)
        wait_for(lambda: NEW not in claws.windows() and "Edit accounts" in claws.windows(), "the list of accounts")
        self.assertNotIn(PROMPT, claws.windows())
        keys.press_in("Edit accounts", "Escape")
        if VERSION < (4, 3):  # which asks, though the authority is known
            wait_for(lambda: CERTIFICATE in claws.windows(), "the question about the bed's own authority")
            keys.press_if_there(CERTIFICATE, "alt+a")

    def local(self):
        """A host that is in use already, for mail that is fetched from nowhere we know."""
        return self.account("Local", "local@localhost", pop=True, is_default=1, receive_at_get_all=0)

    def test_create_new_account_with_the_providers_servers(self):
        profile = self.profile({1: self.local()})
        claws, keys = self.begin(profile)
        self.new_account(keys, title("Local"))
        self.page(keys, NEW)
        keys.press_in(NEW, "alt+g")
        self.sign_in(keys, NEW)
        keys.press_in(NEW, "alt+v")
        self.finish(claws, keys, "alt+o")
        self.mail_in(claws, "Work")
        account = profile.account(2)
        self.assertEqual((account["receive_server"], account["imap_port"], account["ssl_imap"]),
                         ("localhost", self.bed.env["BED_IMAP_PORT"], "1"))
        self.nobody_was_asked(claws, "Local")

    def test_create_new_account_and_sign_in_afterwards_from_the_notice(self):
        profile = self.profile({1: self.local()})
        claws, keys = self.begin(profile)
        self.new_account(keys, title("Local"))
        self.page(keys, NEW)
        keys.press_in(NEW, "alt+g")
        keys.see("check box", "Use the provider's servers")
        keys.press_in(NEW, "alt+v")
        self.finish(claws, keys, "alt+o")
        self.sign_in_from_the_notice(claws, keys, "Local")
        self.mail_in(claws, "Work")
        self.nobody_was_asked(claws, "Local")

    def sign_in_from_the_notice(self, claws, keys, account):
        keys.see("label", f"Not receiving: {ALICE} has to sign in.")
        self.only_main_window(claws, account)
        keys.press_in(title(account), "alt+s")
        keys.see("label", f"Signed in as {ALICE}")

    def test_the_page_follows_what_is_typed_on_basic(self):
        profile = self.profile({1: self.local()})
        claws, keys = self.begin(profile)
        self.new_account(keys, title("Local"))
        self.page(keys, NEW)
        keys.press_in(NEW, "alt+g")
        wait_for(lambda: keys.text("Sign in as") == ALICE, "the address that was typed")
        keys.see("label", f"IMAP localhost:{self.bed.env['BED_IMAP_PORT']} (TLS)")
        if VERSION < (4, 3):  # where a new account begins without TLS
            keys.see("label", "No token is sent over IMAP: the connection is not encrypted")
        self.assertIsNone(keys.find("label", "POP3"))
        self.assertIsNone(keys.find("label", "choose who the mail account is with"))
        keys.press_in(NEW, "alt+v")
        wait_for(lambda: not keys.find("label", "not encrypted"), "no warning about servers that will not be used")
        keys.press_in(NEW, "Escape")
        wait_for(lambda: NEW not in claws.windows(), "the window closes")

    # The offer in the main window ---------------------------------------------------------

    def offer(self, account):
        return f'Test bed takes no passwords any more for the account "{account}".'

    def test_an_offer_that_is_taken_brings_mail_and_does_not_come_again(self):
        self.manifest(no_passwords=True)
        profile = self.profile({1: self.account("Work", is_default=1), 2: self.account("Other", "bob@contoso.test")},
                               {1: {"recv": "alice-mail-password"}})
        claws, keys = self.begin(profile)
        keys.see("label", self.offer("Work"))
        keys.press_in(title("Work"), "alt+b")  # the first of two has the key at once
        keys.press_in(title("Work"), "Return")
        keys.see("label", f"Signed in as {ALICE}")
        self.mail_in(claws, "Work")
        keys.see("label", self.offer("Other"))
        self.assertIsNone(keys.find("label", self.offer("Work")))
        self.assertEqual(self.stored_intent(profile)["identity"], ALICE)
        self.assertIsNone(self.stored_intent(profile, 2))
        self.nobody_was_asked(claws, "Work")

    def test_an_offer_that_is_declined_never_comes_again(self):
        self.manifest(no_passwords=True)
        off = self.intent("bob@contoso.test", enabled=False)
        profile = self.profile({1: self.account("Work", is_default=1), 2: self.account("Off", "bob@contoso.test", intent=off)})
        claws, keys = self.begin(profile)
        keys.see("label", self.offer("Work"))
        self.assertIsNone(keys.find("label", self.offer("Off")), "who turned it off was asked")
        keys.press_in(title("Work"), "alt+n")
        wait_for(lambda: not keys.find("label", self.offer("Work")), "the offer goes")
        wait_for(lambda: "mail_oauth_offer=" in profile.account(1).get("privacy_prefs", ""), "the answer")
        claws.exit()

        claws, keys = self.begin(profile)  # offers come while the plugin is loaded
        self.assertIsNone(keys.find("label", self.offer("Work")))
        claws.exit()

    def test_after_a_cancelled_offer_a_sign_in_on_a_page_that_is_cancelled_turns_nothing_on(self):
        self.manifest(no_passwords=True)
        profile = self.profile({1: self.account("Work", is_default=1)}, {1: {"recv": "alice-mail-password"}})
        claws = self.start(profile, env={"BROWSER": "/bin/true"})  # nobody signs in with it
        keys = Keyboard(claws, self.bed.env)
        keys.see("label", self.offer("Work"))
        keys.press_in(title("Work"), "alt+b")
        keys.see("push button", "Copy address")
        keys.press_in("Sign in: Work", "Escape")
        self.only_main_window(claws, "Work")

        self.turn_on(claws, keys)
        keys.click("push button", "Sign in with a code on another device")
        self.enter_code(keys.user_code())
        keys.see("label", f"Signed in as {ALICE}. Press OK to use it.")
        keys.press_in("Work - Account", "Escape")
        self.only_main_window(claws, "Work")
        keys.press_in(title("Work"), "alt+n")  # the offer is still there, and this answer comes after what is to be done
        wait_for(lambda: "mail_oauth_offer=" in profile.account(1).get("privacy_prefs", ""), "the answer")
        claws.exit()
        self.assertIsNone(self.stored_intent(profile))
        self.assertNotEqual("256", profile.account(1)["imap_auth_method"])

    def test_nothing_is_offered_where_passwords_are_taken_or_the_client_is_missing(self):
        claws, keys = self.begin(self.profile({1: self.account("Work", is_default=1)}))
        self.assertIsNone(keys.find("label", "takes no passwords"))
        claws.exit()

        self.manifest(no_passwords=True, client_id=None)
        claws, keys = self.begin(self.profile({1: self.account("Work", is_default=1)}))
        keys.see("label", "No client id is set for Test bed.")
        self.assertIsNone(keys.find("push button", "Sign in with browser"))

    # An account that is there -------------------------------------------------------------

    def turned_on(self, **more):
        """An account with a password, turned on and signed in; whose INBOX is known or not."""
        profile = self.profile({1: self.account("Work", is_default=1, **more)}, {1: {"recv": "alice-mail-password"}})
        claws, keys = self.begin(profile)
        self.turn_on(claws, keys)
        self.sign_in(keys, "Work - Account preferences")
        keys.press_in("Work - Account", "alt+o")
        self.only_main_window(claws, "Work")
        # Nobody is as fast as a machine: its next key would come before the host's fields are changed.
        wait_for(lambda: "saved" in (self.stored_intent(profile) or {}), "the fields follow")
        return profile, claws, keys

    def test_an_existing_account(self):
        _, claws, keys = self.turned_on()
        keys.press_in(title("Work"), "ctrl+i")  # Get mail
        self.mail_in(claws, "Work")
        self.nobody_was_asked(claws, "Work")

    def test_a_pop3_account(self):
        profile, claws, keys = self.turned_on(pop=True)
        keys.press_in(title("Work"), "ctrl+i")
        wait_for(lambda: os.listdir(os.path.join(profile.home, "Mail", "inbox")), "the message in the inbox")
        self.nobody_was_asked(claws, "Work")

    def test_days_later_from_the_notice(self):
        profile = self.profile({1: self.account("Work", is_default=1)})
        self.without_inbox(profile)
        claws, keys = self.begin(profile)
        self.turn_on(claws, keys)
        keys.press_in("Work - Account", "alt+o")
        keys.see("label", f"Not receiving: {ALICE} has to sign in.")
        claws.exit()

        claws, keys = self.begin(profile, "--receive")
        self.sign_in_from_the_notice(claws, keys, "Work")
        self.mail_in(claws, "Work")
        self.folders_in(profile, "Sent", "Drafts", "Trash")
        self.nobody_was_asked(claws, "Work")

    def without_inbox(self, profile):
        """As the host leaves an account whose first login failed."""
        text = profile.read("folderlist.xml")
        profile.write("folderlist.xml", text.replace('    <folderitem type="inbox" name="INBOX" path="INBOX" />\n', ""))

    def folders_in(self, profile, *names):
        wait_for(lambda: all(f'name="{name}"' in profile.read("folderlist.xml") for name in names), f"the folders {names}")

    def test_an_account_without_folders_gets_them_after_a_restart_too(self):
        self.grant()
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent())})
        self.without_inbox(profile)
        claws, _ = self.begin(profile)
        self.mail_in(claws, "Work")
        self.folders_in(profile, "INBOX", "Sent", "Drafts", "Trash")
        self.nobody_was_asked(claws, "Work")

    def test_an_account_whose_folder_is_missing_gets_it_and_its_mail(self):
        """As an administrator deploys it: before plugins are loaded the host asks once, and nothing has to be answered."""
        self.grant()
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent())})
        text = profile.read("folderlist.xml")
        profile.write("folderlist.xml", text[:text.index('  <folder type="imap"')] + "</folderlist>\n")
        claws, keys = self.begin(profile, ready=False)
        self.answer_the_host(claws, keys, lambda titles: titles == [title("Work")] and PROMPT in self.titles)
        self.mail_in(claws, "Work")
        self.nobody_was_asked(claws, "Work")

        claws = self.start(profile)
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        self.nobody_was_asked(claws, "Work")


if __name__ == "__main__":
    unittest.main()
