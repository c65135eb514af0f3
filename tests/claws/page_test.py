#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account page and the plugin window, worked as a person does."""
import json
import os
import subprocess
import subprocess
import unittest

from gui import Person
from host_case import ALICE, BOB, HERE, OAUTH, PASSWORD, PLUGIN, SHARED, HostCase, wait_for

BROWSER = os.path.join(os.path.dirname(HERE), "bed", "browser")


class Page(HostCase):
    def open(self, number_one, passwords=None, **env):
        profile = self.profile({1: number_one}, passwords)
        claws = self.start(profile, env={"BROWSER": BROWSER, "BED_BROWSER_USER": ALICE, **env})
        return profile, claws, Person(claws, self.bed.env)

    def picture(self, name):
        folder = os.environ.get("MAIL_OAUTH_SCREENSHOTS")
        if folder:
            self.display.screenshot(os.path.join(folder, name))

    def shut(self, person, claws, button="OK"):
        person.click("push button", button)
        self.only_main_window(claws, "Work")  # the account window closes

    def test_one_box_and_a_sign_in_bring_mail(self):
        work = self.account("Work", is_default=1, oauth2_client_id=self.bed.env["BED_CLIENT_ID"])
        profile, claws, person = self.open(work, {1: {"recv": PASSWORD[ALICE], "send": PASSWORD[ALICE]}})
        person.open_page()
        self.assertIsNone(person.find("push button", "Sign in with browser"))
        person.click("check box", "Sign in with OAuth")
        wait_for(lambda: person.text("Signed in as") == ALICE, "the address of the account")
        person.press("alt+n")
        wait_for(lambda: person.text("Client ID") == self.bed.env["BED_CLIENT_ID"], "the client of the account")
        person.click("push button", "Sign in with browser")
        person.see("label", f"Signed in as {ALICE}")
        self.shut(person, claws)
        wait_for(lambda: profile.account(1).get("imap_auth_method") == OAUTH["imap"], "the fields follow")
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        self.assert_no_password_sent()

        person.open_page()
        person.click("check box", "Sign in with OAuth")
        self.shut(person, claws)
        wait_for(lambda: "[account:1]" in profile.read("passwordstorerc"), "the passwords come back")
        claws.exit()  # what it writes is replaced, and not there for a moment
        self.assertEqual(profile.account(1)["imap_auth_method"], str(work["imap_auth_method"]))
        self.assertFalse(self.stored_intent(profile)["enabled"])

    def test_another_name_is_shown_and_has_to_be_confirmed(self):
        work = self.account("Work", is_default=1, intent=self.intent("someone@contoso.test"))
        profile, claws, person = self.open(work)
        person.open_page()
        person.click("push button", "Sign in with browser")

        person.see("label", "You asked to sign in as someone@contoso.test")
        person.see("label", ALICE)
        self.picture("another-name.png")
        person.click("push button", f"Use {ALICE}")
        wait_for(lambda: person.text("Signed in as") == ALICE, "the name on the page")
        self.shut(person, claws)

        wait_for(lambda: profile.account(1).get("user_id") == ALICE, "the account follows")

    def test_another_name_can_be_declined(self):
        work = self.account("Work", is_default=1, intent=self.intent("someone@contoso.test"))
        _, claws, person = self.open(work)
        person.open_page()
        person.click("push button", "Sign in with browser")
        person.see("label", "You asked to sign in as")

        person.press("Escape")

        wait_for(lambda: not person.find("label", "You asked"), "the question closes")
        self.assertEqual(person.text("Signed in as"), "someone@contoso.test")
        self.shut(person, claws, "Cancel")

    def test_what_is_wrong_is_told_and_the_old_value_kept(self):
        work = self.account("Work", is_default=1, intent=self.intent())
        profile, claws, person = self.open(work)
        person.open_page()
        person.fill("Signed in as", "")

        person.click("push button", "OK")
        person.see("label", "was not saved")
        person.click("push button", "OK")

        self.only_main_window(claws, "Work")  # the account window closes
        self.assertEqual(self.stored_intent(profile)["identity"], ALICE)
        self.assertEqual(profile.account(1)["user_id"], ALICE)

    def test_after_apply_nothing_is_read_that_the_host_has_freed(self):
        """The live account points at freed strings until the window closes: a sanitizer would tell."""
        work = self.account("Work", is_default=1, intent=self.intent())
        profile, claws, person = self.open(work)
        person.open_page()
        person.fill("Signed in as", BOB)
        person.click("push button", "Apply")
        person.fill("Signed in as", ALICE)
        person.click("push button", "Sign in with browser")
        person.see("label", f"Signed in as {ALICE}")
        self.shut(person, claws)

        wait_for(lambda: profile.account(1).get("user_id") == ALICE, "the account follows")
        claws.exit()

    def manifest(self, change):
        """Gives the bed's manifest other contents for one test."""
        path = os.path.join(self.bed.env["XDG_CONFIG_HOME"], "mail-oauth", "providers", "bed.json")
        with open(path, encoding="utf-8") as file:
            before = file.read()

        def write(text):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        self.addCleanup(write, before)
        write(json.dumps(change(json.loads(before))))

    def test_among_several_providers_the_one_with_a_client_is_proposed(self):
        self.manifest(lambda manifest: {**manifest, "domains": [], "client_id": self.bed.env["BED_CLIENT_ID"]})
        other = os.path.join(self.bed.env["XDG_CONFIG_HOME"], "mail-oauth", "providers", "another.json")
        with open(os.open(other, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"schema": 1, "id": "another", "name": "Another", "issuer": "https://another.test",
                       "scopes": {"imap": ["mail"]}}, file)
        self.addCleanup(os.unlink, other)
        profile, claws, person = self.open(self.account("Work", is_default=1))
        person.open_page()

        person.click("check box", "Sign in with OAuth")
        self.shut(person, claws)

        wait_for(lambda: self.stored_intent(profile), "the intent")
        self.assertEqual("bed", self.stored_intent(profile)["provider"])

    def state(self, *words, **intent):
        """Opens the page of an account with this intent, and waits until its line of state holds the words."""
        work = self.account("Work", is_default=1, intent=self.intent(**intent))
        _, claws, person = self.open(work)
        person.open_page()
        for word in words:
            person.see("label", word)
        self.shut(person, claws, "Cancel")
        claws.exit()

    def test_says_that_nobody_is_signed_in(self):
        self.state(f'{ALICE} is not signed in yet: press "Sign in with browser"')

    def test_says_who_is_signed_in(self):
        self.grant()
        self.state(f"{ALICE} is signed in.")

    def test_says_that_the_keyring_is_locked(self):
        self.grant()
        self.bed.control("lock_keyring")
        self.addCleanup(self.bed.control, "unlock_keyring")
        self.state("The keyring is locked", "Unlock it and try again")

    def test_says_that_there_is_no_keyring(self):
        self.bed.control("stop_keyring")
        self.addCleanup(self.bed.control, "start_keyring")
        self.state("No keyring is running", "Start gnome-keyring")

    def test_says_that_the_manifest_is_broken(self):
        self.manifest(lambda manifest: {**manifest, "authorisation_endpoint": "x"})
        self.state("bed.json", "authorisation_endpoint")

    def test_says_that_no_client_id_is_set(self):
        self.manifest(lambda manifest: {key: value for key, value in manifest.items() if key != "client_id"})
        self.state("No client id is set", "mail-oauth client set bed --client-id", "Or enter it below", client="")

    def test_a_person_who_is_signed_in_is_offered_and_signed_out(self):
        self.grant()
        other = self.account("Team", intent=self.intent(mailbox=SHARED))
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent()), 2: other})
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        person.open_page()
        person.see("label", f"{ALICE} is signed in. Kept in the keyring. The token is good until ")
        self.picture("account-page.png")
        person.press("alt+u")
        person.see("label", "This account uses the same sign-in: Team")
        person.press("Escape")
        wait_for(lambda: not person.find("label", "the same sign-in"), "the question closes")
        self.assertIsNotNone(person.find("label", "is signed in"))
        person.press("alt+u")
        person.see("label", "This account uses the same sign-in: Team")
        person.press("alt+u")
        person.see("label", f"{ALICE} is signed out")
        self.shut(person, claws, "Cancel")
        listed = subprocess.run(["secret-tool", "search", "--all", "identity", ALICE], env=self.bed.env, capture_output=True,
                                text=True, check=False)
        self.assertNotIn("org.mail_oauth.Grant", listed.stdout + listed.stderr)

    def test_the_providers_servers_are_filled_in(self):
        work = self.account("Work", is_default=1, intent=self.intent(), imap_port=1, receive_server="elsewhere.test", smtp_port=2)
        profile, claws, person = self.open(work)
        person.open_page()
        person.see("label", f"IMAP localhost:{self.bed.env['BED_IMAP_PORT']} (TLS), SMTP localhost:{self.bed.env['BED_SMTP_PORT']} (TLS)")
        person.press("alt+v")
        self.shut(person, claws)
        wait_for(lambda: profile.account(1).get("imap_port") == self.bed.env["BED_IMAP_PORT"], "the port follows")
        account = profile.account(1)
        self.assertEqual(("localhost", "1", self.bed.env["BED_SMTP_PORT"]),
                         (account["receive_server"], account["ssl_imap"], account["smtp_port"]))

    def test_a_client_secret_that_was_just_typed_signs_in(self):
        keen = os.path.join(self.bed.env["XDG_CONFIG_HOME"], "mail-oauth", "providers", "keen.json")
        self.addCleanup(os.unlink, keen)
        with open(keen, "w", encoding="utf-8") as file:
            json.dump({"schema": 1, "id": "keen", "extends": "bed", "name": "Keen", "client_secret": "required"}, file)
        client, secret = self.bed.env["BED_SECRET_CLIENT_ID"], self.bed.env["BED_CLIENT_SECRET"]
        stored = ["kind", "client", "provider", "keen", "client", client]
        for item in (stored, ["kind", "grant", "provider", "keen"]):
            self.addCleanup(subprocess.run, ["secret-tool", "clear", *item], env=self.bed.env, check=False)
        _, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent(provider="keen", client=client)))
        person.open_page()
        person.press("alt+n")
        person.see("combo box", "User name for receiving")
        person.press("alt+e")
        subprocess.run(["xdotool", "type", "--delay", "1", secret], env={**os.environ, "DISPLAY": self.display.name}, check=True)
        person.press("alt+b")
        person.see("label", f"Signed in as {ALICE}")
        found = subprocess.run(["secret-tool", "lookup", *stored], env=self.bed.env, capture_output=True, text=True, check=True)
        self.assertEqual(secret, found.stdout)
        self.shut(person, claws)

    def test_the_names_beside_the_token_are_chosen_under_advanced(self):
        work = self.account("Work", is_default=1, intent=self.intent(mailbox=SHARED))
        profile, claws, person = self.open(work)
        person.open_page()
        person.press("alt+n")
        person.see("combo box", "User name for receiving")
        person.press("alt+m", "Down")  # from "the mailbox's address"
        self.shut(person, claws)
        wait_for(lambda: profile.account(1).get("user_id") == ALICE, "the account follows")
        self.assertEqual("identity", self.stored_intent(profile)["receive_user"])

    def test_every_control_has_a_name_and_a_key_of_its_own(self):
        _, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent()))
        person.open_page()
        person.press("alt+n")
        person.see("text", "Client ID")
        self.assertEqual([], person.nameless("Work - Account preferences"))
        self.picture("account-page-advanced.png")
        self.shut(person, claws, "Cancel")

    def test_the_tab_key_goes_through_the_page_as_it_is_read_and_into_nothing_unseen(self):
        self.grant()
        _, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent()))
        window = "Work - Account preferences"
        person.open_page()
        person.see("label", f"{ALICE} is signed in.")
        person.press_in(window, "alt+i")
        wait_for(lambda: person.focused() == "Signed in as", "the name's field")
        person.press_in(window, "Tab")  # to the button of its list
        for name in ("My own", "Sign in with browser", "Sign in with a code", "Sign out...", "Use the provider's servers",
                     "Advanced", "Add a shared mailbox..."):
            person.press_in(window, "Tab")
            wait_for(lambda name=name: person.focused() == name, f"the keyboard at {name}")
        self.shut(person, claws, "Cancel")

    def test_no_code_is_offered_where_the_manifest_says_none_and_leaves_the_rest_to_metadata(self):
        path = os.path.join(self.bed.env["XDG_CONFIG_HOME"], "mail-oauth", "providers", "codeless.json")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump({"schema": 1, "id": "codeless", "name": "No codes", "device_flow": "none", "client_id": "c",
                       "issuer": "https://login.contoso.test", "scopes": {"imap": ["mail"]}}, file)
        self.addCleanup(os.unlink, path)
        _, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent(provider="codeless")))
        window = "Work - Account preferences"
        person.open_page()
        person.see("label", "is not signed in yet")
        person.press_in(window, "alt+i")
        wait_for(lambda: person.focused() == "Signed in as", "the name's field")
        reached = []
        while "Advanced" not in reached and len(reached) < 12:
            before = person.focused()
            person.press_in(window, "Tab")
            wait_for(lambda before=before: person.focused() not in (before, None), "the keyboard further on")
            reached.append(person.focused())
        self.assertIn("Sign in with browser", reached)
        self.assertIn("Advanced", reached)
        self.assertNotIn("Sign in with a code", reached)
        self.shut(person, claws, "Cancel")

    def test_a_user_id_edited_on_the_hosts_page_wins(self):
        work = self.account("Work", is_default=1, intent=self.intent())
        profile, claws, person = self.open(work)
        person.open_page()
        person.click("table cell", "Basic")
        person.click_right_of("label", "User ID")
        person.press("ctrl+a")
        subprocess.run(["xdotool", "type", "--delay", "1", BOB], env={**os.environ, "DISPLAY": self.display.name}, check=True)
        self.shut(person, claws)
        wait_for(lambda: (self.stored_intent(profile) or {}).get("identity") == BOB, "the intent follows the user")
        self.assertEqual(BOB, profile.account(1)["user_id"])

    def test_warns_that_certificates_are_accepted_without_asking(self):
        self.grant()
        self.state("This account accepts new valid certificates without asking")

    def test_does_not_warn_where_it_asks(self):
        _, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent(), ssl_certs_auto_accept=0))
        person.open_page()
        person.see("label", "is not signed in yet")
        self.assertIsNone(person.find("label", "accepts new valid certificates"))
        self.shut(person, claws, "Cancel")

    def test_a_cancelled_window_changes_nothing(self):
        work = self.account("Work", is_default=1)
        profile, claws, person = self.open(work, {1: {"recv": PASSWORD[ALICE]}})
        person.open_page()
        person.click("check box", "Sign in with OAuth")

        self.shut(person, claws, "Cancel")

        self.assertIsNone(self.stored_intent(profile))
        self.assertIn("recv {", profile.read("passwordstorerc"))

    def test_a_shared_mailbox_is_chosen(self):
        work = self.account("Work", is_default=1, intent=self.intent())
        profile, claws, person = self.open(work)
        person.open_page()
        person.click("radio button", "Shared")
        person.fill("Shared mailbox", SHARED)
        self.picture("shared-mailbox.png")
        self.shut(person, claws)

        wait_for(lambda: profile.account(1).get("user_id") == SHARED, "the account opens the shared mailbox")
        self.assertEqual(profile.account(1)["smtp_user_id"], ALICE)

    def test_a_password_typed_while_turned_on_moves_away_again(self):
        work = self.account("Work", is_default=1, intent=self.intent())
        profile, claws, person = self.open(work)
        person.open_page()
        person.click("table cell", "Basic")
        field = person.see("password text")
        self.assertTrue(field)
        person.click("password text")
        person.press(*"secret")
        self.shut(person, claws)

        wait_for(lambda: "1:recv:" in profile.read("passwordstorerc") and "\nrecv " not in profile.read("passwordstorerc"),
                 "the password in our block, and nowhere else")

    def test_is_unloaded_and_loaded_again(self):
        self.grant()
        work = self.account("Work", is_default=1, intent=self.intent())
        profile, claws, person = self.open(work)
        os.symlink(PLUGIN, profile.path("mail_oauth.so"))  # where the file window opens
        person.unload()
        person.load()

        claws.remote("--receive")

        self.logged(claws, "Login to localhost successful")
        self.assertNotIn(BOB, claws.log())


if __name__ == "__main__":
    unittest.main()
