#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate to the host's accounts: what happens while its windows are open and while it is inside a call of its own."""
import unittest

from gui import Person
from host_case import ALICE, BOB, OAUTH, PASSWORD, SHARED, VERSION, HostCase, decoded, title, wait_for

WAITING = "^Sign in with OAuth$"
#: Whose text does not fit where Alice's was.
LONGER = "somebody.with.a.much.longer.name@contoso.test"
#: Each freed byte becomes another one, so that what is read after it was freed is not what it was.
PERTURBED = {"MALLOC_PERTURB_": "165"}


class Gate(HostCase):
    def fill_in_a_new_account(self, person, port):
        """As a person types it, with a server of their own choice at a port without TLS."""
        person.open_menu("Configuration", "Create new account")
        person.click("table cell", "Basic")
        person.see("label", "Protocol")
        person.click("combo box", "POP")
        person.press("Down", "Return")
        person.see("combo box", "IMAP")
        for label, text in (("Name of account", "Fresh"), ("Full name", "Alice"), ("Mail address", ALICE),
                            ("Server for receiving", "localhost"), ("SMTP server", "localhost"), ("User ID", ALICE)):
            person.fill_beside("label", label, text)
        person.click("table cell", "Advanced")
        person.click("check box", "IMAP port")
        person.fill_beside("check box", "IMAP port", port)
        person.press("Tab")

    def the_only_client(self):
        """The bed's provider is the only one with a client, so that the page proposes it."""
        self.manifest(client_id=self.bed.env["BED_CLIENT_ID"])

    def turn_on(self, person):
        person.click("table cell", "Sign in with OAuth")
        person.click("check box", "Sign in with OAuth")
        person.see("text", "Sign in as")
        person.fill("Sign in as", ALICE)

    def test_while_a_new_account_connects_its_fields_stay_and_nobody_is_asked_for_a_password(self):
        self.the_only_client()
        self.grant()
        profile = self.profile({1: self.account("Work", is_default=1)})
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        typed = self.bed.env["BED_IMAP_STARTTLS_PORT"]
        self.fill_in_a_new_account(person, typed)
        self.turn_on(person)
        person.press("alt+v")  # the provider's servers
        person.click("push button", "OK")

        self.logged(claws, f"Connecting to IMAP server: localhost:{typed}")
        # A new account has no TLS before 4.3. From then on it has, which this port does not speak.
        self.logged(claws, "no token goes there" if VERSION < (4, 3) else "TLS handshake failed")
        wait_for(lambda: profile.account(2).get("imap_port") == self.bed.env["BED_IMAP_PORT"], "the fields follow")
        self.no_prompt_stays(claws)
        talks = self.bed.control("transcript", port="IMAP_STARTTLS")["connections"]
        self.assertTrue(talks)
        self.assertFalse([talk for talk in talks if "AUTHENTICATE" in talk["client"] or "LOGIN" in talk["client"]])
        self.assertEqual((OAUTH["imap"], "1"), (profile.account(2)["imap_auth_method"], profile.account(2)["ssl_imap"]))

    # While a login waits for its token ------------------------------------------------------

    def waiting_login(self):
        """A login that waits for its token, its window out of the way, and the account's page."""
        work = self.account("Work", is_default=1, intent=self.intent())
        profile = self.profile({1: work}, {1: {"recv": PASSWORD[ALICE]}})
        claws = self.start(profile, env=PERTURBED)
        person = Person(claws, self.bed.env)
        wait_for(lambda: profile.account(1).get("imap_auth_method") == OAUTH["imap"], "the fields follow")
        self.bed.control("clear_transcript")
        claws.remote("--select", "#imap/Work/INBOX")
        window = wait_for(lambda: self.display.run("search", "--onlyvisible", "--name", WAITING).split(), "the window that waits")
        self.display.run("windowmove", "--sync", window[0], "500", "680")  # it covers the menu
        person.open_page()
        return profile, claws, person

    def cancel_wait(self):
        window = self.display.run("search", "--onlyvisible", "--name", WAITING).split()
        self.display.run("windowfocus", "--sync", window[-1], "key", "Escape")

    def test_another_name_during_the_wait_for_a_token_leaves_no_prompt(self):
        """The host's strings, which the request names, are gone by then."""
        self.grant(expires_at=1)
        self.bed.control("provider_down", mode="hang")
        profile, claws, person = self.waiting_login()
        person.fill("Sign in as", LONGER)
        person.click("push button", "OK")
        self.assert_windows(claws, title("Work"), "Sign in with OAuth")
        self.assertEqual(ALICE, profile.account(1)["user_id"], "the login under way has these strings")
        self.cancel_wait()

        wait_for(lambda: profile.account(1).get("user_id") == LONGER, "the account follows")
        self.only_main_window(claws, "Work")
        self.assertNotIn("AUTHENTICATE", "".join(self.sent_bytes()))
        claws.exit()

    def test_a_token_that_comes_when_the_account_is_off_goes_nowhere(self):
        self.grant(expires_at=1)
        self.bed.control("set", hold_token_answers=True)
        self.addCleanup(self.bed.control, "set", hold_token_answers=False)
        profile, claws, person = self.waiting_login()
        person.click("check box", "Sign in with OAuth")
        person.click("push button", "OK")
        self.assert_windows(claws, title("Work"), "Sign in with OAuth")
        self.bed.control("set", hold_token_answers=False)

        self.logged(claws, "The account was changed while it waited for its token")
        wait_for(lambda: "[account:1]" in profile.read("passwordstorerc"), "it is off, and has its password again")
        self.only_main_window(claws, "Work")
        talks = self.sent_bytes()
        self.assertTrue(talks)
        tokens = [value for value, kind in self.bed.control("secrets")["secrets"].items() if "access" in kind]
        self.assertTrue(tokens)
        for talk in talks:
            words = talk + " ".join(decoded(word) for word in talk.split())
            self.assertFalse([token for token in tokens if token in words])
        claws.exit()

    def test_a_password_asked_for_after_the_wait_of_an_account_that_is_off_by_then_is_not_typed(self):
        """Renamed as well, so that the host's prompt has another name than the login that waits."""
        self.grant(expires_at=1)
        self.bed.control("provider_down", mode="hang")
        profile, claws, person = self.waiting_login()
        person.click("check box", "Sign in with OAuth")
        person.click("table cell", "Basic")
        person.fill_beside("label", "User ID", LONGER)
        person.click("push button", "OK")
        self.assert_windows(claws, title("Work"), "Sign in with OAuth")
        self.cancel_wait()

        self.only_main_window(claws, "Work")
        wait_for(lambda: "saved" not in (self.stored_intent(profile) or {"saved": 1}), "it is off")
        self.assertNotIn("AUTHENTICATE", "".join(self.sent_bytes()))
        claws.exit()

    # Windows that stand applied --------------------------------------------------------------

    def test_after_apply_the_page_goes_by_what_was_there_before(self):
        """The live account's strings are freed from the first save on, until the window ends."""
        self.another_manifest("another", name="Another", issuer="https://another.test", client_id="c", scopes={"imap": ["mail"]})
        self.grant()
        # Just the provider's servers: nothing to offer.
        work = self.account("Work", is_default=1, intent=self.intent(), smtp="SMTP")
        profile = self.profile({1: work, 2: self.account("Team", intent=self.intent(mailbox=SHARED))})
        claws = self.start(profile, env=PERTURBED)
        person = Person(claws, self.bed.env)
        person.open_page()
        person.see("label", f"{ALICE} is signed in.")
        self.assertIsNone(person.find("label", "IMAP localhost"))
        person.click("push button", "Apply")
        person.click("combo box", "Provider")
        person.click("menu item", "Another")
        person.see("label", "is not signed in yet")
        person.click("combo box", "Provider")
        person.click("menu item", "Test bed")
        person.see("label", f"{ALICE} is signed in.")
        self.assertIsNone(person.find("label", "IMAP localhost"))

        person.press("alt+h")  # add a shared mailbox
        person.fill("Address of the mailbox", SHARED)
        person.press("Return")
        person.see("label", f'The account "Team" opens {SHARED} already')
        person.press("Escape")
        person.press("alt+u")
        person.see("label", "This account uses the same sign-in: Team")
        person.press("Escape")
        person.click("push button", "OK")
        self.only_main_window(claws, "Work")
        claws.exit()

    # What is left ------------------------------------------------------------------------------

    def turn(self, claws, *keys):
        """Our page, worked with keys, and OK."""
        person = Person(claws, self.bed.env)
        person.open_page()
        person.press(*keys)
        person.click("push button", "OK")
        self.only_main_window(claws, "Work")

    def test_switched_off_the_servers_and_passwords_are_as_they_were_before_the_providers_servers(self):
        self.the_only_client()
        before = {"receive_server": "mail.contoso.test", "set_imapport": "0", "imap_port": "143", "ssl_imap": "2",
                  "smtp_server": "relay.contoso.test", "set_smtpport": "1", "smtp_port": "26", "ssl_smtp": "0"}
        work = self.account("Work", is_default=1, **before)
        words = {"recv": PASSWORD[ALICE], "send": "another-smtp-password"}
        profile = self.profile({1: work}, {1: words})
        claws = self.start(profile)
        self.turn(claws, "alt+g")
        wait_for(lambda: profile.account(1).get("imap_auth_method") == OAUTH["imap"], "the fields follow")
        self.turn(claws, "alt+v")
        wait_for(lambda: profile.account(1).get("imap_port") == self.bed.env["BED_IMAP_PORT"], "the provider's servers")
        self.assertEqual({}, profile.passwords(1))
        claws.exit()

        claws = self.start(profile)
        self.turn(claws, "alt+g")
        wait_for(lambda: "saved" not in (self.stored_intent(profile) or {"saved": 1}), "it is off")
        claws.exit()
        account = profile.account(1)
        self.assertEqual(before, {key: account[key] for key in before})
        kept = profile.passwords(1)
        self.assertEqual(words, {name: kept.get(name) for name in words})
        self.assertNotIn("\n1:", profile.read("passwordstorerc"))

    def test_a_password_typed_while_it_is_on_is_the_one_that_comes_back(self):
        self.grant()
        work = self.account("Work", is_default=1, intent=self.intent())
        profile = self.profile({1: work}, {1: {"recv": PASSWORD[ALICE], "send": "another-smtp-password"}})
        claws = self.start(profile)
        wait_for(lambda: "1:recv:" in profile.read("passwordstorerc"), "the passwords are put away")
        person = Person(claws, self.bed.env)
        person.open_page()
        person.click("table cell", "Basic")
        person.click("password text")
        self.display.run("type", "--delay", "1", "newer")
        person.click("push button", "OK")
        self.only_main_window(claws, "Work")
        wait_for(lambda: not {"recv", "send"} & set(profile.passwords(1)), "it is put away, too")
        self.turn(claws, "alt+g")
        wait_for(lambda: "saved" not in (self.stored_intent(profile) or {"saved": 1}), "it is off")
        claws.exit()
        kept = profile.passwords(1)
        self.assertEqual(("newer", "another-smtp-password"), (kept.get("recv"), kept.get("send")))

    def delete(self, person, claws, name, close=True):
        person.open_menu("Configuration", "Edit accounts")
        self.delete_in_list(person, claws, name)
        if close:
            person.click("push button", "Close")

    def delete_in_list(self, person, claws, name):
        person.click("table cell", name)
        person.click("push button", "Delete")
        wait_for(lambda: "Delete account" in claws.windows(), "the host's question")
        person.press("alt+d")
        wait_for(lambda: "Delete account" not in claws.windows(), "the question closes")

    def test_a_deleted_account_takes_its_passwords_along_and_its_sign_in_is_offered_to_end(self):
        self.grant(BOB)
        gone = self.account("Gone", BOB, intent=self.intent(BOB))
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent()), 2: gone},
                               {1: {"recv": PASSWORD[ALICE]}, 2: {"recv": PASSWORD[BOB], "send": "bobs-other-password"}})
        claws = self.start(profile)
        wait_for(lambda: "2:recv:" in profile.read("passwordstorerc"), "the passwords are put away")
        person = Person(claws, self.bed.env)
        self.delete(person, claws, "Gone")

        person.see("label", f"{BOB} is still signed in on this computer")
        wait_for(lambda: "2:recv:" not in profile.read("passwordstorerc"), "the passwords are gone")
        self.assertNotIn("2:send:", profile.read("passwordstorerc"))
        self.assertIn("1:recv:", profile.read("passwordstorerc"))
        self.assertTrue(self.signed_in(BOB))
        person.click("push button", "Sign out")
        wait_for(lambda: not self.signed_in(BOB), "the sign-in is gone")
        self.assertIsNone(person.find("label", "is still signed in"))
        self.only_main_window(claws, "Work")
        claws.exit()

    def test_an_account_that_gets_the_id_of_a_deleted_one_gets_nothing_of_it(self):
        """Both in one sitting of the host's list: nothing was looked at in between."""
        self.the_only_client()
        self.grant(BOB)
        gone = self.account("Gone", BOB, intent=self.intent(BOB))
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent()), 2: gone},
                               {1: {"recv": PASSWORD[ALICE]}, 2: {"recv": PASSWORD[BOB], "send": "bobs-other-password"}})
        claws = self.start(profile)
        wait_for(lambda: "2:recv:" in profile.read("passwordstorerc"), "the passwords are put away")
        person = Person(claws, self.bed.env)
        self.delete(person, claws, "Gone", close=False)
        person.click("push button", "New")
        wait_for(lambda: "Preferences for new account" in claws.windows(), "the window of a new account")
        for label, text in (("Name of account", "Fresh"), ("Mail address", "fresh@contoso.test"),
                            ("Server for receiving", "localhost"), ("SMTP server", "localhost"), ("User ID", "fresh")):
            person.fill_beside("label", label, text)
        person.click("push button", "OK")
        wait_for(lambda: "Preferences for new account" not in claws.windows(), "the window closes")
        person.click("push button", "Close")

        wait_for(lambda: profile.account(2).get("account_name") == "Fresh", "the id is used again")
        person.see("label", f"{BOB} is still signed in on this computer")
        self.assertNotIn("2:recv:", profile.read("passwordstorerc"))
        self.assertNotIn("2:send:", profile.read("passwordstorerc"))
        self.assertIn("1:recv:", profile.read("passwordstorerc"))
        claws.exit()

    def test_an_account_that_is_made_and_deleted_in_one_sitting_leaves_nothing(self):
        self.the_only_client()
        self.grant()
        profile = self.profile({1: self.account("Work", BOB, is_default=1)})
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        person.open_menu("Configuration", "Edit accounts")
        person.click("push button", "New")
        wait_for(lambda: "Preferences for new account" in claws.windows(), "the window of a new account")
        for label, text in (("Name of account", "Fresh"), ("Mail address", ALICE), ("Server for receiving", "localhost"),
                            ("SMTP server", "localhost"), ("User ID", ALICE), ("Password", PASSWORD[ALICE])):
            person.fill_beside("label", label, text)
        self.turn_on(person)
        person.click("push button", "OK")
        wait_for(lambda: "2:recv:" in profile.read("passwordstorerc"), "its password is put away")
        self.delete_in_list(person, claws, "Fresh")
        person.click("push button", "Close")

        person.see("label", f"{ALICE} is still signed in on this computer")
        wait_for(lambda: "2:" not in profile.read("passwordstorerc"), "nothing is left")
        self.only_main_window(claws, "Work")
        claws.exit()

    def test_with_its_last_account_a_sign_in_in_claws_mails_own_store_goes(self):
        self.grant(BOB, expires_at=1)
        gone = self.account("Gone", BOB, is_default=1, intent=self.intent(BOB, store="claws"))
        profile = self.profile({1: self.account("Work", ALICE), 2: gone})
        claws = self.start(profile)
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        wait_for(lambda: "grant:bed:" in profile.read("passwordstorerc"), "the sign-in in the host's store")
        person = Person(claws, self.bed.env)
        self.delete(person, claws, "Gone")

        self.logged(claws, f"{BOB} is signed out, because no account uses the sign-in any more")
        wait_for(lambda: "grant:" not in profile.read("passwordstorerc"), "nothing is left")
        claws.exit()

    def test_a_sign_in_that_may_be_another_accounts_goes_once_it_is_known_to_be_nobodys(self):
        """What a newer version has written of the other one cannot be read."""
        self.grant(BOB, expires_at=1)
        gone = self.account("Gone", BOB, is_default=1, intent=self.intent(BOB, store="claws"))
        profile = self.profile({1: self.account("Work", ALICE), 2: gone, 3: self.account("Newer", SHARED, intent=self.intent(BOB, v=2))})
        claws = self.start(profile)
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        wait_for(lambda: "grant:bed:" in profile.read("passwordstorerc"), "the sign-in in the host's store")
        person = Person(claws, self.bed.env)
        self.delete(person, claws, "Gone")
        wait_for(lambda: "Gone" not in profile.read("accountrc"), "the account is deleted")
        self.assertIn("grant:bed:", profile.read("passwordstorerc"))
        self.delete(person, claws, "Newer")

        self.logged(claws, f"{BOB} is signed out, because no account uses the sign-in any more")
        claws.exit()


if __name__ == "__main__":
    unittest.main()
