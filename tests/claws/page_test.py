#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account page and the plugin window, worked as a person does."""
import os
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
        wait_for(lambda: person.text("Sign in as") == ALICE, "the address of the account")
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
        wait_for(lambda: person.text("Sign in as") == ALICE, "the name on the page")
        self.shut(person, claws)

        wait_for(lambda: profile.account(1).get("user_id") == ALICE, "the account follows")

    def test_settings_of_a_newer_version_stay_until_turned_on_and_the_way_back_is_kept(self):
        saved = {"userid": ALICE, "smtp_userid": ALICE, "use_smtp_auth": True, "imap_auth_method": 1, "smtp_auth_method": 16}
        newer = self.intent(v=2, saved=saved)
        work = self.account("Work", is_default=1, intent=newer, imap_auth_method=OAUTH["imap"], smtp_auth_method=OAUTH["smtp"],
                            oauth2_client_id=self.bed.env["BED_CLIENT_ID"])
        profile, claws, person = self.open(work)
        before = profile.account(1)["privacy_prefs"]
        person.open_page()
        person.see("label", "They stay as they are while this is off")
        self.shut(person, claws)
        self.assertEqual(before, profile.account(1)["privacy_prefs"])

        person.open_page()
        person.press("alt+g")
        person.see("push button", "Sign in with browser")
        self.shut(person, claws)
        wait_for(lambda: (self.stored_intent(profile) or {}).get("v") == 1, "the intent of this version")
        person.open_page()
        person.press("alt+g")
        self.shut(person, claws)
        wait_for(lambda: profile.account(1)["imap_auth_method"] == "1", "the fields from before")
        self.assertEqual("16", profile.account(1)["smtp_auth_method"])

    def test_in_the_question_who_signed_in_a_name_has_its_underscore(self):
        work = self.account("Work", is_default=1, intent=self.intent())
        _, claws, person = self.open(work, BED_BROWSER_USER="first_last@contoso.test")
        person.open_page()
        person.click("push button", "Sign in with browser")
        person.see("push button", "Use first_last@contoso.test", whole=True)
        person.press("Escape")
        wait_for(lambda: not person.find("label", "You asked"), "the question closes")
        self.shut(person, claws, "Cancel")

    def test_return_on_a_button_of_the_page_presses_it_and_the_window_stays(self):
        _, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent()))
        window = "Work - Account preferences"
        person.open_page()
        person.see("label", "is not signed in yet")
        self.walk_to(person, window, "Sign in with browser")
        person.press_in(window, "Return")
        person.see("label", f"Signed in as {ALICE}")
        self.walk_to(person, window, "Add a shared mailbox...")
        person.press_in(window, "KP_Enter")
        person.see("text", "Address of the mailbox")
        person.press("Escape")
        wait_for(lambda: not person.find("text", "Address of the mailbox"), "the window closes")
        person.press_in(window, "alt+i")
        wait_for(lambda: person.focused() == "Sign in as", "the name's field")
        person.press_in(window, "Return")  # in a field it is the host's OK, as on its own pages
        self.only_main_window(claws, "Work")

    def walk_to(self, person, window, name):
        """By the Tab key, from the name's field."""
        person.press_in(window, "alt+i")
        wait_for(lambda: person.focused() == "Sign in as", "the name's field")
        for _ in range(15):
            before = person.focused()
            if before == name:
                return
            person.press_in(window, "Tab")
            wait_for(lambda before=before: person.focused() not in (before, None), "the keyboard further on")
        self.fail(f"no {name} within 15 steps")

    def test_what_is_wrong_can_be_read_and_put_away_above_the_list_of_accounts(self):
        work = self.account("Work", is_default=1, intent=self.intent())
        _, claws, person = self.open(work)
        person.open_menu("Configuration", "Edit accounts...")
        for put_away in (lambda: person.click("push button", "OK"), lambda: person.close_box("Sign in with OAuth")):
            person.click("table cell", "Work")
            person.click("push button", "Edit")
            person.click("table cell", "Sign in with OAuth")
            person.see("check box", "Sign in with OAuth")
            person.fill("Sign in as", "")
            person.click("push button", "OK")
            person.see("label", "was not saved")
            person.see("push button", "OK", whole=True)

            put_away()

            wait_for(lambda: not person.find("label", "was not saved"), "the complaint is put away")
        self.assertNotRegex(claws.output(), "GTK_IS_|unclassed pointer")
        person.click("push button", "Close")
        self.only_main_window(claws, "Work")

    def test_what_is_wrong_has_a_sign_beside_its_colour_and_is_read_out_with_its_field(self):
        _, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent()))
        person.open_page()
        person.see("label", "is not signed in yet")
        self.assertIsNone(person.find("icon", "Error"))
        person.fill("Sign in as", "")
        person.see("icon", "Error")
        words = person.find("text", "Sign in as").get_description()
        self.assertTrue(words)
        self.assertIsNotNone(person.find("label", words))
        self.shut(person, claws, "Cancel")

    def test_a_letter_that_is_typed_reads_no_manifest(self):
        """They are read when the page opens: what becomes of one meanwhile is not seen."""
        self.grant()
        _, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent()))
        person.open_page()
        person.see("label", f"{ALICE} is signed in.")
        self.manifest(authorisation_endpoint="x")
        person.fill("Sign in as", BOB)
        person.see("label", f"{BOB} is not signed in yet")
        self.shut(person, claws, "Cancel")

    def test_another_provider_gets_its_own_client(self):
        self.manifest(client_id="of-the-bed")
        self.another_manifest("another", name="Another", issuer="https://another.test", client_id="of-another", scopes={"imap": ["mail"]})
        _, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent(client="")))
        person.open_page()
        person.press("alt+n")
        wait_for(lambda: person.text("Client ID") == "of-the-bed", "the provider's client")
        person.press("alt+r", "Up")
        wait_for(lambda: person.text("Client ID") == "of-another", "the other's client")
        self.shut(person, claws, "Cancel")

    def test_a_sign_in_on_the_page_says_that_ok_uses_it(self):
        _, claws, person = self.open(self.account("Work", is_default=1, oauth2_client_id=self.bed.env["BED_CLIENT_ID"]))
        person.open_page()
        person.click("check box", "Sign in with OAuth")
        person.click("push button", "Sign in with browser")
        person.see("label", f"Signed in as {ALICE}. Press OK to use it.")
        self.shut(person, claws, "Cancel")

    def test_another_name_can_be_declined(self):
        work = self.account("Work", is_default=1, intent=self.intent("someone@contoso.test"))
        _, claws, person = self.open(work)
        person.open_page()
        person.click("push button", "Sign in with browser")
        person.see("label", "You asked to sign in as")

        person.press("Escape")

        wait_for(lambda: not person.find("label", "You asked"), "the question closes")
        self.assertEqual(person.text("Sign in as"), "someone@contoso.test")
        self.shut(person, claws, "Cancel")

    def test_pressing_ok_with_nothing_changed_stops_neither_of_two_deployed_accounts(self):
        """Neither names a client: the administrator has set one for the provider."""
        self.grant()
        self.manifest(client_id=self.bed.env["BED_CLIENT_ID"])
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent(client="")),
                                2: self.account("Team", SHARED, intent=self.intent(mailbox=SHARED, client=""))})
        self.queue(profile, 1, ALICE, BOB, "after OK")
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        person.open_page()
        person.see("label", f"{ALICE} is signed in.")
        self.shut(person, claws)
        wait_for(lambda: (self.stored_intent(profile) or {}).get("saved"), "the fields follow")

        claws.remote("--send")

        wait_for(lambda: self.subjects(BOB) == ["after OK"], "the message in Bob's mailbox")
        self.assertEqual("", self.stored_intent(profile)["client"])
        self.only_main_window(claws, "Work")

    def test_what_is_wrong_is_told_and_the_old_value_kept(self):
        work = self.account("Work", is_default=1, intent=self.intent())
        profile, claws, person = self.open(work)
        person.open_page()
        person.fill("Sign in as", "")

        person.click("push button", "OK")
        person.see("label", "was not saved")
        person.click("push button", "OK")

        self.only_main_window(claws, "Work")  # the account window closes
        self.assertEqual(self.stored_intent(profile)["identity"], ALICE)
        self.assertEqual(profile.account(1)["user_id"], ALICE)

    def test_the_ok_of_other_pages_says_nothing_of_one_that_nobody_touched(self):
        """Its provider's file is gone, say; logins say so."""
        work = self.account("Work", is_default=1, intent=self.intent(provider="gone"))
        profile, claws, person = self.open(work)
        before = self.stored_intent(profile)
        person.open_page()
        person.click("table cell", "Basic")

        self.shut(person, claws)

        self.assertIsNone(person.find("label", "was not saved"))
        self.assertEqual(before["provider"], self.stored_intent(profile)["provider"])

    def test_after_apply_nothing_is_read_that_the_host_has_freed(self):
        """The live account points at freed strings until the window closes: a sanitizer would tell."""
        work = self.account("Work", is_default=1, intent=self.intent())
        profile, claws, person = self.open(work)
        person.open_page()
        person.fill("Sign in as", BOB)
        person.click("push button", "Apply")
        person.fill("Sign in as", ALICE)
        person.click("push button", "Sign in with browser")
        person.see("label", f"Signed in as {ALICE}")
        self.shut(person, claws)

        wait_for(lambda: profile.account(1).get("user_id") == ALICE, "the account follows")
        claws.exit()

    def test_among_several_providers_the_one_with_a_client_is_proposed(self):
        self.manifest(domains=[], client_id=self.bed.env["BED_CLIENT_ID"])
        self.another_manifest("another", name="Another", issuer="https://another.test", scopes={"imap": ["mail"]})
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
        self.manifest(authorisation_endpoint="x")
        self.state("bed.json", "authorisation_endpoint")

    def test_says_that_no_client_id_is_set(self):
        self.manifest(client_id=None)
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

    def test_the_providers_servers_that_are_not_wanted_any_more_after_apply_are_not_filled_in(self):
        own = {"receive_server": "elsewhere.test", "imap_port": "1", "smtp_port": "2"}
        for undo, how in (("alt+v", "their box"), ("alt+g", "turned off, and on again in another window")):
            with self.subTest(how):
                profile, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent(), **own))
                person.open_page()
                person.see("label", f"IMAP localhost:{self.bed.env['BED_IMAP_PORT']} (TLS)")
                person.press("alt+v")
                person.click("push button", "Apply")
                person.press(undo)
                self.shut(person, claws)
                if undo == "alt+g":
                    wait_for(lambda: not self.stored_intent(profile)["enabled"], "it is off")
                    person.open_page()
                    person.press(undo)
                    self.shut(person, claws)
                    wait_for(lambda: "saved" in self.stored_intent(profile), "it is on again")
                claws.exit()
                self.assertEqual(own, {key: profile.account(1)[key] for key in own})

    def test_a_client_secret_that_was_just_typed_signs_in(self):
        self.another_manifest("keen", extends="bed", name="Keen", client_secret="required")
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

    def test_signing_in_to_a_foreign_sending_server_is_a_box_that_is_off(self):
        work = self.account("Work", is_default=1, intent=self.intent(), smtp_server="127.0.0.1")
        profile, claws, person = self.open(work)
        person.open_page()
        person.see("label", "127.0.0.1 is not known as a server of Test bed: it gets no token.")
        self.assertFalse(person.state("check box", "Sign in to the SMTP server, too", "CHECKED"))
        person.press("alt+p")
        person.see("label", "127.0.0.1 is not known as a server of Test bed, and it gets a token of your sign-in")
        self.shut(person, claws)
        wait_for(lambda: profile.account(1).get("smtp_auth_method") == OAUTH["smtp"], "the fields follow")
        self.assertIs(True, self.stored_intent(profile)["send"])

        person.open_page()
        person.press("alt+p")
        person.see("label", "it gets no token")
        self.shut(person, claws)
        wait_for(lambda: profile.account(1).get("smtp_auth_method") == "16", "the fields follow")
        self.assertNotIn("send", self.stored_intent(profile))

    def test_a_yes_to_a_foreign_sending_server_is_none_for_the_next(self):
        """Typed on the host's page, which says nothing of tokens."""
        work = self.account("Work", is_default=1, intent=self.intent(send=True), smtp_server="127.0.0.1")
        profile, claws, person = self.open(work)
        wait_for(lambda: profile.account(1).get("smtp_auth_method") == OAUTH["smtp"], "the fields follow")
        self.assertEqual("127.0.0.1", self.stored_intent(profile)["send_server"])
        person.open_page()
        self.assertTrue(person.state("check box", "Sign in to the SMTP server, too", "CHECKED"))
        person.click("table cell", "Basic")
        person.fill_beside("label", "SMTP server", "127.0.0.2")

        self.shut(person, claws)

        wait_for(lambda: profile.account(1).get("smtp_server") == "127.0.0.2", "the host saves it")
        wait_for(lambda: profile.account(1).get("smtp_auth_method") == "16", "the fields follow")
        person.open_page()
        person.see("label", "127.0.0.2 is not known as a server of Test bed: it gets no token.")
        self.assertFalse(person.state("check box", "Sign in to the SMTP server, too", "CHECKED"))
        self.shut(person, claws, "Cancel")

    def test_it_can_be_kept_from_signing_in_to_the_providers_sending_server(self):
        profile, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent()))
        person.open_page()
        person.see("label", "is not signed in yet")
        self.assertTrue(person.state("check box", "Sign in to the SMTP server, too", "CHECKED"))
        person.press("alt+p")
        self.shut(person, claws)
        wait_for(lambda: profile.account(1).get("smtp_auth_method") == "16", "the fields follow")
        self.assertIs(False, self.stored_intent(profile)["send"])

    def test_a_foreign_sending_server_typed_on_the_hosts_page_is_no_decision_to_sign_in_there(self):
        profile, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent()))
        person.open_page()
        self.assertTrue(person.state("check box", "Sign in to the SMTP server, too", "CHECKED"))
        person.click("table cell", "Basic")
        person.fill_beside("label", "SMTP server", "127.0.0.1")
        person.click("table cell", "Sign in with OAuth")
        person.see("label", "127.0.0.1 is not known as a server of Test bed: it gets no token.")
        self.shut(person, claws)
        wait_for(lambda: profile.account(1).get("smtp_auth_method") == "16", "the fields follow")
        self.assertNotIn("send", self.stored_intent(profile))

    def test_warns_of_a_receiving_server_that_is_not_the_providers(self):
        work = self.account("Work", is_default=1, intent=self.intent(), receive_server="127.0.0.1")
        _, claws, person = self.open(work)
        person.open_page()
        person.see("label", "127.0.0.1 is not known as a server of Test bed, and it gets a token of your sign-in")
        person.press("alt+v")  # the provider's servers
        wait_for(lambda: not person.find("label", "127.0.0.1 is not known"), "the warning goes with its reason")
        self.shut(person, claws, "Cancel")

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
        wait_for(lambda: person.focused() == "Sign in as", "the name's field")
        person.press_in(window, "Tab")  # to the button of its list
        for name in ("My own", "Sign in with browser", "Sign in with a code on another device", "Sign out...", "Sign in to the SMTP server, too",
                     "Use the provider's servers", "Advanced", "Add a shared mailbox..."):
            person.press_in(window, "Tab")
            wait_for(lambda name=name: person.focused() == name, f"the keyboard at {name}")
        self.shut(person, claws, "Cancel")

    def test_no_code_is_offered_where_the_manifest_says_none_and_leaves_the_rest_to_metadata(self):
        self.another_manifest("codeless", name="No codes", device_flow="none", client_id="c", issuer="https://login.contoso.test",
                              scopes={"imap": ["mail"]})
        _, claws, person = self.open(self.account("Work", is_default=1, intent=self.intent(provider="codeless")))
        window = "Work - Account preferences"
        person.open_page()
        person.see("label", "is not signed in yet")
        person.press_in(window, "alt+i")
        wait_for(lambda: person.focused() == "Sign in as", "the name's field")
        reached = []
        while "Advanced" not in reached and len(reached) < 12:
            before = person.focused()
            person.press_in(window, "Tab")
            wait_for(lambda before=before: person.focused() not in (before, None), "the keyboard further on")
            reached.append(person.focused())
        self.assertIn("Sign in with browser", reached)
        self.assertIn("Advanced", reached)
        self.assertNotIn("Sign in with a code on another device", reached)
        self.shut(person, claws, "Cancel")

    def test_a_user_id_edited_on_the_hosts_page_wins(self):
        work = self.account("Work", is_default=1, intent=self.intent())
        profile, claws, person = self.open(work)
        person.open_page()
        person.click("table cell", "Basic")
        person.fill_beside("label", "User ID", BOB)
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

    def receives(self, work):
        """An account that has received, and its page."""
        self.grant()
        self.grant(BOB)
        profile, claws, person = self.open(work)
        wait_for(lambda: profile.account(1).get("imap_auth_method") == OAUTH["imap"], "the fields follow")
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        person.open_page()
        return profile, claws, person

    def assert_logs_in_again(self, claws, line):
        """Not over the connection that is open."""
        claws.remote("--receive")
        self.logged(claws, line)
        claws.exit()

    def test_another_mailbox_is_not_shown_over_the_connection_of_the_last(self):
        profile, claws, person = self.receives(self.account("Work", is_default=1, intent=self.intent()))
        person.click("radio button", "Shared")
        person.fill("Shared mailbox", SHARED)
        self.shut(person, claws)
        wait_for(lambda: profile.account(1).get("user_id") == SHARED, "the account opens the shared mailbox")
        self.assert_logs_in_again(claws, f"Logging {SHARED} to localhost using XOAUTH2")

    def test_somebody_else_does_not_open_a_shared_mailbox_over_the_connection_of_the_first(self):
        work = self.account("Work", is_default=1, intent=self.intent(mailbox=SHARED))
        _, claws, person = self.receives(work)
        person.fill("Sign in as", BOB)
        before = claws.log().count(f"Logging {SHARED} to localhost")
        self.shut(person, claws)
        def again():
            claws.remote("--receive")
            return claws.log().count(f"Logging {SHARED} to localhost") > before
        wait_for(again, "a login of its own")
        claws.exit()

    def test_another_server_typed_on_the_hosts_page_does_not_leave_the_connection_to_the_last(self):
        _, claws, person = self.receives(self.account("Work", is_default=1, intent=self.intent()))
        person.click("table cell", "Basic")
        person.fill_beside("label", "Server for receiving", "127.0.0.1")
        self.shut(person, claws)
        self.assert_logs_in_again(claws, "Connecting to IMAP server: 127.0.0.1")

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
        person.unload()
        person.load(PLUGIN)

        claws.remote("--receive")

        self.logged(claws, "Login to localhost successful")
        self.assertNotIn(BOB, claws.log())


if __name__ == "__main__":
    unittest.main()
