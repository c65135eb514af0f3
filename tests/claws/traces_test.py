#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No trace of a secret of the plugin in the real host: with the host's --debug, in its output and protocol log, in all
files, command lines, environments, and in what a core dump would hold at the moments that SECURITY.md names."""
import os
import sys
import unittest

from gui import Person
from host_case import ALICE, HERE, HostCase, wait_for

sys.path.insert(0, os.path.join(os.path.dirname(HERE), "secrets"))

# pylint: disable=wrong-import-position
import traces
from moments import Watch

BROWSER = os.path.join(os.path.dirname(HERE), "bed", "browser")
LOGIN = "Login to localhost successful"


class Traces(HostCase):
    def setUp(self):
        super().setUp()
        self.watch = Watch(self.bed.control, self)
        self._in_tmp = set(os.listdir("/tmp"))

    def browser(self):
        """The bed's says where it ended, with the code, on the standard output that the host's children share."""
        path = os.path.join(self.folder, "browser")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o700), "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec "{BROWSER}" "$@" >/dev/null\n')
        return path

    def tokens_asked(self):
        return [entry for entry in self.bed.control("requests")["requests"]
                if entry["endpoint"] == "token" and entry.get("status")]

    def renew(self, claws):
        """Fetches mail until the token has ended, and is renewed for the login. (The host also logs in
        to read the folders.)"""
        asked, logins = len(self.tokens_asked()), claws.log().count(LOGIN)

        def renewed():
            self.bed.control("hang_up")  # a connection stays logged in for as long as it lives
            claws.remote("--receive")
            try:
                return wait_for(lambda: len(self.tokens_asked()) > asked, "", 2)
            except AssertionError:
                return None
        wait_for(renewed, "a renewal")
        wait_for(lambda: claws.log().count(LOGIN) > logins, "a login with the new token")

    def nothing_left(self, profile, claws):
        secrets = self.watch.secrets()
        self.watch.said_nothing(secrets, {"output": claws.output().encode(), "protocol log": claws.log().encode()})
        folders = [self.bed.env[name] for name in self.bed.env if name == "HOME" or name.startswith("XDG_")]
        new = [os.path.join("/tmp", name) for name in set(os.listdir("/tmp")) - self._in_tmp]
        for folder in folders + new + [self.folder, profile.folder]:
            self.assertEqual(set(), traces.in_files(secrets, folder), folder)

    def through_all(self, store):
        """Sign-in on the page, mail, a renewal, sign-out."""
        self.bed.control("set", token_ttl=2)
        work = self.account("Work", is_default=1, intent=self.intent(store=store))
        profile = self.profile({1: work})
        env = {"BROWSER": self.browser(), "BED_BROWSER_USER": ALICE, "BED_CLIENT_SECRET": "", **self.watch.environment}
        claws = self.start(profile, "--debug", env=env)
        person, pid = Person(claws, self.bed.env), claws.process.pid
        person.open_page()
        self.bed.control("clear_requests")
        self.bed.control("set", hold_token_answers=True)
        person.click("push button", "Sign in with browser")
        wait_for(self.tokens_asked, "a request for tokens")
        self.watch.moment("Claws Mail, the sign-in's request under way", pid, {"code", "code_verifier"})
        self.bed.control("set", hold_token_answers=False)
        person.see("label", f"Signed in as {ALICE}")
        self.watch.moment("Claws Mail, signed in", pid, {"access_token", "refresh_token"})
        person.click("push button", "OK")
        self.only_main_window(claws, "Work")

        self.renew(claws)
        self.watch.moment("Claws Mail, mail fetched and the token renewed", pid, {"access_token", "refresh_token"})
        self.sign_out(person)
        self.watch.moment("Claws Mail, signed out", pid)
        claws.exit()
        self.assertIn("mail_oauth", claws.output())
        self.nothing_left(profile, claws)

    def sign_out(self, person):
        person.open_page()
        person.click("push button", "Sign out...")
        person.press_in("Sign out", "alt+u")
        wait_for(lambda: self.bed.control("requests")["counts"].get("revocation"), "a revocation")
        person.see("label", f"{ALICE} is signed out.")
        person.click("push button", "Cancel")

    def test_a_sign_in_in_the_keyring_leaves_no_trace(self):
        self.through_all("keyring")


if __name__ == "__main__":
    unittest.main()
