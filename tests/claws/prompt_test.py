#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No password prompt for managed accounts, in any language, while all other prompts live."""
import os
import subprocess
import threading
import unittest

from claws_host import Clock, primary_passphrase
from gui import Person
from host_case import ALICE, BOB, PASSWORD, HostCase, wait_for

#: "" is English, the host's own; the others are in claws-mail-i18n.
LANGUAGES = ("", "de", "fr", "ja")
#: As nobody has changed them: its error boxes wait for somebody.
HOSTS_OWN = {"no_receive_error_panel": 0, "show_receive_error_dialog": 1}


class Prompts(HostCase):
    @classmethod
    def setUpClass(cls):
        missing = [language for language in LANGUAGES if language and
                   not os.path.exists(f"/usr/share/locale/{language}/LC_MESSAGES/claws-mail.mo")]
        if missing:
            raise AssertionError(f"Claws Mail is not translated to {missing} here: install claws-mail-i18n")
        super().setUpClass()

    def profile(self, accounts, *more, common=None, **rest):
        return super().profile(accounts, *more, common={**HOSTS_OWN, **(common or {})}, **rest)

    def prompts(self, claws):
        return [title for title in claws.windows() if "Claws Mail" not in title and title]

    def see_through(self, claws):
        """The prompts that were made transparent."""
        return [title for title in self.prompts(claws)
                if "_NET_WM_WINDOW_OPACITY(CARDINAL)" in self.property(title, "_NET_WM_WINDOW_OPACITY")]

    def property(self, window, name):
        return subprocess.run(["xprop", "-display", self.display.name, "-name", window, name], check=False,
                              capture_output=True, text=True).stdout

    def waiting(self):
        """The windows that wait for a token, the newest last."""
        return self.display.run("search", "--onlyvisible", "--name", "^Sign in with OAuth$").split()

    def cancel_wait(self):
        self.display.run("windowfocus", "--sync", self.waiting()[-1], "key", "Escape")

    def receive(self, claws):
        """Receives with the account that is first; returns when the hook has answered."""
        claws.remote("--receive")
        self.logged(claws, "Managed: ")

    def test_none_for_a_managed_account_without_a_token(self):
        for language in LANGUAGES:
            with self.subTest(language=language):
                profile = self.profile({1: self.account("Managed", is_default=1, intent=self.intent())})
                claws = self.start(profile, language=language)
                self.receive(claws)
                self.logged(claws, "LOGOUT")
                self.only_main_window(claws, "Managed")
                claws.exit()

    def begin(self, smtp_port="", **more):
        """A Claws Mail whose token the mail servers take for run out, and who sits in front of it."""
        self.grant()
        self.bed.control("expire_tokens")
        account = self.account("Managed", is_default=1, intent=self.intent())
        profile = self.profile({1: {**account, "smtp_port": smtp_port or account["smtp_port"]}})
        self.queue(profile, 1, ALICE, BOB, "meanwhile")
        claws = self.start(profile, **more)
        return claws, Person(claws, self.bed.env)

    def refused(self, claws, *command):
        """Until the host's error box stands."""
        claws.remote(*(command or ["--receive"]))
        self.logged(claws, "Error logging in to localhost")
        wait_for(lambda: "Error" in claws.windows(), "the host's error box")

    def ends_without_a_prompt(self, claws, person):
        """After its error box; a prompt that somebody could answer would keep the connection."""
        person.press_in("Error", "Escape")
        self.logged(claws, "LOGOUT", 15)
        self.only_main_window(claws, "Managed")
        claws.exit()

    def test_none_after_a_refused_token(self):
        claws, person = self.begin()
        self.refused(claws)
        self.ends_without_a_prompt(claws, person)

    def test_none_after_a_refusal_whose_box_is_closed_minutes_later(self):
        clock = Clock(self.folder)
        claws, person = self.begin(env=clock.env)
        self.refused(claws)

        clock.put_on(600)

        self.ends_without_a_prompt(claws, person)

    def test_none_after_a_refusal_while_mail_was_sent(self):
        """With the same name, at the same server, whose yes comes after the no to receiving."""
        goes_on = threading.Event()
        server = self.bed.scripted([
            ("send", "220 mail\r\n"), ("expect", "EHLO .*"), ("send", "250-mail\r\n250 AUTH XOAUTH2\r\n"),
            ("expect", "AUTH XOAUTH2 .*"), ("hold", goes_on), ("send", "235 2.7.0 OK\r\n"), ("expect", "MAIL .*"), ("send", "250 OK\r\n"),
            ("expect", "RCPT .*"), ("send", "250 OK\r\n"), ("expect", "DATA"), ("send", "354 Go on\r\n"), ("until", r"\."),
            ("send", "250 OK\r\n"), ("expect", "QUIT"), ("send", "221 Bye\r\n"), ("close",)])
        claws, person = self.begin(server.port)
        person.click("push button", "Send")
        self.display.run("mousemove", "1090", "790")  # away from its tooltip
        self.logged(claws, "ESMTP> [AUTH XOAUTH2]")
        self.refused(claws, "--select", "#imap/Managed/INBOX")  # it receives nothing while it sends

        goes_on.set()
        self.logged(claws, "SMTP> . (EOM)")

        self.ends_without_a_prompt(claws, person)

    def test_sending_with_a_password_of_its_own_is_asked_for_beside_it(self):
        """With the name and at the server of a login that no prompt may come from."""
        account = self.account("Managed", is_default=1, intent=self.intent(send=False))
        profile = self.profile({1: account})
        self.queue(profile, 1, ALICE, BOB, "meanwhile")
        claws = self.start(profile)
        self.receive(claws)
        self.logged(claws, "LOGOUT")

        claws.remote("--send")

        wait_for(lambda: self.prompts(claws) == ["Input password"], "the prompt for sending")
        self.assertEqual(self.see_through(claws), [])

    def test_other_accounts_are_asked_for(self):
        for language in LANGUAGES:
            with self.subTest(language=language):
                accounts = {1: self.account("Managed", is_default=1, intent=self.intent()),
                            2: self.account("Ordinary", BOB)}
                claws = self.start(self.profile(accounts), language=language)
                claws.remote("--receive-all")
                wait_for(lambda: len(self.prompts(claws)) == 1, "the prompt for the ordinary account")
                self.assertEqual(self.see_through(claws), [])
                self.assertNotIn("AUTHENTICATE", "".join(self.sent_bytes()))
                claws.close()

    def test_the_primary_passphrase_is_asked_for(self):
        """For another account's password, while the managed one's prompt is kept away."""
        for language in LANGUAGES:
            with self.subTest(language=language):
                accounts = {1: self.account("Managed", is_default=1, intent=self.intent()),
                            2: self.account("Ordinary", BOB)}
                profile = self.profile(accounts, common=primary_passphrase("open sesame"))
                profile.store_passwords({2: {"recv": PASSWORD[BOB]}}, passphrase="open sesame")
                claws = self.start(profile, language=language)
                claws.remote("--receive-all")
                self.logged(claws, "Managed: ")
                wait_for(lambda: len(self.prompts(claws)) == 1, "the prompt for the passphrase")
                self.assertEqual(self.see_through(claws), [])
                self.assertNotIn("Login to", claws.log())

                window = self.display.run("search", "--onlyvisible", "--name", self.prompts(claws)[0]).split()[-1]
                self.display.run("windowfocus", "--sync", window, "type", "--delay", "1", "open sesame")
                self.display.run("key", "Return")

                wait_for(lambda: any(" LOGIN " in talk or "AUTHENTICATE PLAIN" in talk for talk in self.sent_bytes()),
                         "the login with the password")
                self.only_main_window(claws, "Managed")
                claws.exit()
                self.bed.control("clear_transcript")

    def test_the_window_lives_while_a_token_is_awaited(self):
        self.grant(expires_at=1)
        self.bed.control("provider_down", mode="hang")
        claws = self.start(self.profile({1: self.account("Managed", is_default=1, intent=self.intent())}))
        claws.remote("--receive")

        wait_for(lambda: len(self.prompts(claws)) == 1, "the window with the cancel button")
        self.assertIn("0", claws.remote("--status"))
        self.assertIsNone(claws.process.poll())

        claws.exit()

    def test_the_wait_ends_when_the_person_cancels(self):
        self.grant(expires_at=1)
        self.bed.control("provider_down", mode="hang")
        claws = self.start(self.profile({1: self.account("Managed", is_default=1, intent=self.intent())}))
        claws.remote("--receive")
        wait_for(lambda: len(self.prompts(claws)) == 1, "the window with the cancel button")

        self.cancel_wait()

        wait_for(lambda: claws.windows() and not self.prompts(claws), "the wait ends")
        self.assertIsNone(claws.process.poll())
        claws.exit()

    def test_the_close_box_of_the_window_that_waits_ends_the_wait(self):
        self.grant(expires_at=1)
        self.bed.control("provider_down", mode="hang")
        claws = self.start(self.profile({1: self.account("Managed", is_default=1, intent=self.intent())}))
        claws.remote("--receive")
        wait_for(lambda: len(self.waiting()) == 1, "the window with the cancel button")

        Person(claws, self.bed.env).close_box("Sign in with OAuth")

        wait_for(lambda: claws.windows() and not self.prompts(claws), "the wait ends")
        self.assertNotRegex(claws.output(), "GTK_IS_|unclassed pointer")
        claws.exit()

    def slow_send(self):
        """A Claws Mail whose provider does not answer, with a message in the queue; and who sits in front of it."""
        self.grant(expires_at=1)
        self.bed.control("provider_down", mode="hang")
        profile = self.profile({1: self.account("Managed", is_default=1, intent=self.intent())})
        self.queue(profile, 1, ALICE, BOB, "meanwhile")
        claws = self.start(profile)
        return claws, Person(claws, self.bed.env)

    def test_waits_nest_and_end_one_after_the_other(self):
        claws, person = self.slow_send()
        claws.remote("--receive")
        wait_for(lambda: len(self.waiting()) == 1, "the window for receiving")
        person.click("push button", "Send")
        wait_for(lambda: len(self.waiting()) == 2, "the window for sending")

        self.cancel_wait()
        wait_for(lambda: len(self.waiting()) == 1, "the inner wait ends")
        person.press_in("Error", "Escape")  # the host's box about the message that was not sent has the keyboard
        wait_for(lambda: "Error" not in claws.windows(), "the host's box closes")
        self.cancel_wait()
        wait_for(lambda: not self.waiting(), "the outer wait ends")

        self.no_prompt_stays(claws)
        self.assertNotIn("AUTHENTICATE", "".join(self.sent_bytes()))

    def test_it_is_unloaded_while_a_token_is_awaited(self):
        claws, person = self.slow_send()
        claws.remote("--send")
        wait_for(self.waiting, "the window with the cancel button")
        self.display.run("windowmove", "--sync", self.waiting()[0], "500", "680")  # it covers the menu
        person.open_menu("Configuration", "Plugins")
        person.click("table cell", "Sign in with OAuth")

        person.click("push button", "Unload")

        wait_for(lambda: not person.find("table cell", "Sign in with OAuth"), "the plugin leaves the list")
        wait_for(lambda: not self.waiting(), "the wait ends")
        wait_for(lambda: "Input password" in claws.windows(), "the host asks, having nothing")
        self.assertIsNone(claws.process.poll())


if __name__ == "__main__":
    unittest.main()
