#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The windows of a sign-in, worked by keyboard against real servers."""
import os
import re
import subprocess
import sys
import unittest
import urllib.error
import urllib.parse
import urllib.request

from gui import Person
from host_case import ALICE, BED, BOB, HostCase, wait_for

BROWSER = os.path.join(BED, "browser")


class Dialogs(HostCase):
    def open(self, browser="/bin/true", standing="is not signed in yet", **env):
        """The page of a managed account, nobody being signed in for it where nothing else is said."""
        profile = self.profile({1: self.account("Work", is_default=1, intent=self.intent())})
        claws = self.start(profile, env={"BROWSER": browser, "BED_BROWSER_USER": ALICE, **env})
        person = Person(claws, self.bed.env)
        person.open_page()
        person.see("label", standing)
        return profile, claws, person

    def picture(self, name):
        folder = os.environ.get("MAIL_OAUTH_SCREENSHOTS")
        if folder:
            self.display.screenshot(os.path.join(folder, name))

    def key(self, keys):
        """In the sign-in's window: nobody else gives it the keyboard where no window manager runs."""
        window = wait_for(lambda: self.display.run("search", "--onlyvisible", "--name", "^Sign in: ").split(), "the window")
        self.display.run("windowfocus", "--sync", window[-1], "key", keys)

    def clipboard(self):
        return subprocess.run(["xclip", "-selection", "clipboard", "-o"], capture_output=True, text=True, check=False,
                              env={**os.environ, "DISPLAY": self.display.name}, timeout=20).stdout

    def address(self, person):
        """The authorization URL, as a person gets it by keyboard."""
        person.see("push button", "Copy address")
        self.key("alt+a")
        return wait_for(lambda: self.clipboard() if self.clipboard().startswith("https://") else None, "the address")

    def ended_at(self, url, user=ALICE, *more):
        """Where a browser on another computer ends."""
        done = subprocess.run([sys.executable, os.path.join(BED, "signin.py"), url, user, "--no-redirect", *more],
                              capture_output=True, text=True, timeout=30, check=True, env={**os.environ, **self.bed.env})
        return done.stdout.strip()

    def shut(self, person, claws, button="Cancel"):
        person.click("push button", button)
        self.only_main_window(claws, "Work")

    # The browser ------------------------------------------------------------------------

    def test_the_browser_comes_back_and_the_window_closes_by_itself(self):
        _, claws, person = self.open(BROWSER)
        person.press("alt+b")
        person.see("label", f"Signed in as {ALICE}")
        wait_for(lambda: not person.find("push button", "Copy address"), "the window closes")
        self.shut(person, claws)

    def test_a_pasted_address_signs_in(self):
        _, claws, person = self.open()
        person.press("alt+b")
        url = self.address(person)
        self.picture("sign-in-browser.png")
        self.key("alt+l")
        subprocess.run(["xdotool", "type", "--delay", "1", self.ended_at(url)],
                       env={**os.environ, "DISPLAY": self.display.name}, check=True)
        self.key("Return")
        person.see("label", f"Signed in as {ALICE}")
        self.shut(person, claws)

    def test_a_pasted_address_of_another_sign_in_is_told_and_goes_on_waiting(self):
        _, claws, person = self.open()
        person.press("alt+b")
        self.address(person)
        self.key("alt+l")
        subprocess.run(["xdotool", "type", "--delay", "1", "http://127.0.0.1/?code=a&state=b"],
                       env={**os.environ, "DISPLAY": self.display.name}, check=True)
        self.key("alt+u")
        wait_for(lambda: person.text("Last address") == "", "the field is emptied")
        self.assertIsNotNone(person.find("push button", "Open browser again"))
        self.key("Escape")
        person.see("label", "The sign-in was cancelled.")
        self.shut(person, claws)

    def test_the_browser_is_opened_again(self):
        count = os.path.join(self.folder, "count")
        script = os.path.join(self.folder, "browser")
        with open(os.open(script, os.O_WRONLY | os.O_CREAT, 0o700), "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nprintf "%s\\n" "$1" >>{count}\n')
        _, claws, person = self.open(script)
        person.press("alt+b")
        person.see("push button", "Open browser again")
        self.key("alt+o")

        def opened():
            with open(count, encoding="utf-8") as file:
                return file.read().split()
        wait_for(lambda: os.path.exists(count) and len(opened()) == 2, "the browser starts again")
        self.assertEqual(1, len(set(opened())))
        self.key("Escape")
        person.see("label", "The sign-in was cancelled.")
        self.shut(person, claws)

    def test_a_failure_says_what_to_do_and_has_details(self):
        _, claws, person = self.open()
        person.press("alt+b")
        url = self.address(person)
        redirect = re.search(r"redirect_uri=([^&]+)", url).group(1).replace("%3A", ":").replace("%2F", "/")
        state = re.search(r"state=([^&]+)", url).group(1)
        issuer = self.bed.env["BED_ISSUER"]
        correlation = "11111111-2222-3333-4444-555555555555"
        answer = urllib.parse.urlencode({
            "state": state, "iss": issuer, "error": "access_denied",
            "error_description": f"AADSTS90094: An administrator has to approve. Correlation ID: {correlation}"})
        with self.assertRaises(urllib.error.HTTPError):  # the page that says so
            urllib.request.urlopen(f"{redirect}?{answer}", timeout=20)
        person.see("push button", "Try again")
        person.see("label", "What your administrator can do: ")
        self.assertIsNone(person.find("label", "Kind: "))
        self.key("alt+d")
        details = person.see("label", "Kind: ").get_name()
        self.assertIn("AADSTS90094", details)
        self.assertIn(f"Correlation ID: {correlation}", details)
        self.picture("sign-in-failed.png")
        self.key("alt+t")
        person.see("push button", "Copy address")  # it begins anew
        self.key("Escape")
        person.see("label", "The sign-in was cancelled.")
        self.shut(person, claws)

    # The code ---------------------------------------------------------------------------

    def test_a_code_entered_elsewhere_signs_in(self):
        _, claws, person = self.open()
        person.press("alt+d")
        code = person.user_code()
        person.see("label", "The code is good for ")
        self.key("alt+p")
        wait_for(lambda: self.clipboard() == code, "the code in the clipboard")
        self.picture("sign-in-code.png")
        shot = os.path.join(self.folder, "shot.png")
        self.display.screenshot(shot)
        read = subprocess.run(["zbarimg", "--quiet", "--raw", shot], capture_output=True, text=True, check=True, timeout=60)
        self.assertEqual(f"{self.bed.env['BED_ISSUER']}/device?user_code={code}", read.stdout.strip())
        self.enter_code(code)
        person.see("label", f"Signed in as {ALICE}")
        self.shut(person, claws)

    def test_declined_there(self):
        _, claws, person = self.open()
        person.press("alt+d")
        self.enter_code(person.user_code(), ALICE, "--deny")
        wait_for(lambda: not person.find("label", "Code: "), "the code goes")
        self.key("Escape")
        wait_for(lambda: not person.find("push button", "Close"), "the window closes")
        self.shut(person, claws)

    def test_a_code_that_runs_out(self):
        _, claws, person = self.open()
        person.press("alt+d")
        person.user_code()
        self.bed.control("expire_device_codes")
        person.see("push button", "Try again")
        self.key("Escape")
        wait_for(lambda: not person.find("push button", "Try again"), "the window closes")
        self.shut(person, claws)

    def test_somebody_else_has_to_be_confirmed(self):
        _, claws, person = self.open()
        person.press("alt+d")
        self.enter_code(person.user_code(), BOB)
        person.see("label", "You asked to sign in as")
        person.press("Escape")
        wait_for(lambda: not person.find("label", "You asked"), "the question closes")
        person.see("label", "The sign-in was cancelled.")
        self.shut(person, claws)

    # Both -------------------------------------------------------------------------------

    def test_a_provider_that_is_down_is_told_and_tried_again_by_hand(self):
        _, claws, person = self.open()
        self.bed.control("provider_down")
        self.addCleanup(self.bed.control, "provider_up")
        person.press("alt+d")
        person.see("push button", "Try again")
        self.bed.control("provider_up")
        self.key("alt+t")
        person.user_code()
        self.key("Escape")
        person.see("label", "The sign-in was cancelled.")
        self.shut(person, claws)

    def test_every_control_has_a_name(self):
        _, claws, person = self.open()
        for key, some in (("alt+b", ("push button", "Copy address")), ("alt+d", ("label", "Code: "))):
            person.press(key)
            person.see(*some)
            self.assertEqual([], person.nameless("Sign in: "))
            self.key("Escape")
            person.see("label", "The sign-in was cancelled.")
        self.shut(person, claws)

    def assert_nothing_destroyed_is_touched(self, claws):
        """GTK says so when it is asked to work on what is not there any more. (The host has complaints of its own.)"""
        self.assertNotRegex(claws.output(), "GTK_IS_|unclassed pointer")

    def test_the_close_box_of_a_sign_in_under_way_cancels_it(self):
        for key, some in (("alt+b", ("push button", "Copy address")), ("alt+d", ("label", "Code: "))):
            with self.subTest(key):
                _, claws, person = self.open()
                person.press(key)
                person.see(*some)
                person.close_box("Sign in: ")
                person.see("label", "The sign-in was cancelled.")
                self.assert_nothing_destroyed_is_touched(claws)
                person.press(key)  # and once more
                person.see(*some)
                self.key("Escape")
                wait_for(lambda: not person.find(*some), "the window closes")
                self.shut(person, claws)
                claws.exit()
                self.assert_nothing_destroyed_is_touched(claws)

    def test_the_close_box_of_a_sign_in_that_failed_closes_it(self):
        _, claws, person = self.open()
        self.bed.control("provider_down")
        self.addCleanup(self.bed.control, "provider_up")
        person.press("alt+d")
        person.see("push button", "Try again")
        person.close_box("Sign in: ")
        wait_for(lambda: not person.find("push button", "Try again"), "the window closes")
        self.assert_nothing_destroyed_is_touched(claws)
        self.shut(person, claws)

    def test_the_close_box_of_the_question_who_signed_in_is_a_no(self):
        _, claws, person = self.open()
        person.press("alt+d")
        self.enter_code(person.user_code(), BOB)
        person.see("label", "You asked to sign in as")
        person.close_box("Another sign-in name")
        person.see("label", "The sign-in was cancelled.")
        self.assertFalse(self.signed_in(BOB))
        self.assert_nothing_destroyed_is_touched(claws)
        self.shut(person, claws)

    def test_the_close_box_of_a_shared_mailboxs_window_adds_nothing(self):
        profile, claws, person = self.open()
        for _ in range(2):
            person.press("alt+h")
            person.see("text", "Address of the mailbox")
            person.close_box("Add a shared mailbox")
            wait_for(lambda: not person.find("text", "Address of the mailbox"), "the window closes")
            self.assert_nothing_destroyed_is_touched(claws)
        self.shut(person, claws, "OK")
        self.assertEqual({}, profile.account(2))

    def test_the_close_box_of_the_question_before_a_sign_out_signs_nobody_out(self):
        self.grant()
        _, claws, person = self.open(standing="is signed in")
        for _ in range(2):
            person.click("push button", "Sign out...")
            person.close_box("Sign out")
            wait_for(lambda: not any(window.startswith("Sign out") for window in claws.windows()), "the question goes")
        person.see("label", f"{ALICE} is signed in")
        self.assertTrue(self.signed_in(ALICE))
        self.assert_nothing_destroyed_is_touched(claws)
        self.shut(person, claws)

    def test_the_program_can_be_ended_in_each_window(self):
        for key, some in (("alt+b", ("push button", "Copy address")), ("alt+d", ("label", "Code: "))):
            with self.subTest(key):
                _, claws, person = self.open()
                person.press(key)
                person.see(*some)
                claws.process.terminate()
                self.assertIsNotNone(claws.process.wait(timeout=20))

    def test_asked_to_exit_in_each_window_it_ends_once_the_host_can(self):
        """It waits for its own account window."""
        for key, some in (("alt+b", ("push button", "Copy address")), ("alt+d", ("label", "Code: "))):
            with self.subTest(key):
                _, claws, person = self.open()
                person.press(key)
                person.see(*some)
                claws.remote("--exit")
                self.key("Escape")
                person.see("label", "The sign-in was cancelled.")
                person.click("push button", "Cancel")
                claws.exit()


if __name__ == "__main__":
    unittest.main()
