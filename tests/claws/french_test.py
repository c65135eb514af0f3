#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin in French: what the accessibility bus tells of its windows holds none of our English.

The host's own words are looked up in its catalogue, so the person finds her way where it is not installed, too.
"""
import gettext
import os
import sys
import unittest

from gui import Atspi, Person
from host_case import ALICE, HERE, HostCase, wait_for

sys.path.append(os.path.join(os.path.dirname(HERE), "po"))

# pylint: disable=wrong-import-position
from english import English
from template import translations

HOST = gettext.translation("claws-mail", languages=["fr"], fallback=True).gettext
#: What the host says in English itself, where its French is not installed.
ENGLISH = English("fr", names=[word for word in ("_Cancel", "_Add", "Plugins") if HOST(word) == word])
BROWSER = os.path.join(os.path.dirname(HERE), "bed", "browser")
WORDS = os.environ.get("MAIL_OAUTH_WORDS", "")


def shown(text):
    """Without the mark of its key."""
    return text.replace("_", "")


FRENCH = {shown(msgid): shown(texts[0]) for msgid, (_, texts, _) in translations("fr").items()}


class FrenchPerson(Person):
    def texts(self):
        """Every name, description, text and placeholder that shows."""
        found = set()
        for _ in self._fitting(lambda node: found.update(self._words(node)), [Atspi.StateType.SHOWING]):
            pass  # none fits, each is asked
        return found

    @staticmethod
    def _words(node):
        yield node.get_name()
        yield node.get_description()
        yield (node.get_attributes() or {}).get("placeholder-text", "")
        if "Text" in node.get_interfaces():
            yield Atspi.Text.get_text(node, 0, -1)

    def open_page(self):
        self.open_menu(shown(HOST("_Configuration")), shown(HOST("_Preferences for current account...")).rstrip("."))
        self.click("table cell", FRENCH["Sign in with OAuth"])
        self.see("check box", FRENCH["Sign in with OAuth"])


class French(HostCase):
    def begin(self, account, **env):
        profile = self.profile({1: account})
        claws = self.start(profile, language="fr", env={"BROWSER": "/bin/true", "XDG_DATA_DIRS": f"{WORDS}:/usr/share", **env})
        return claws, FrenchPerson(claws, self.bed.env)

    def open(self, account, **env):
        claws, person = self.begin(account, **env)
        person.open_page()
        return claws, person

    def picture(self, name):
        folder = os.environ.get("MAIL_OAUTH_SCREENSHOTS")
        if folder:
            self.display.screenshot(os.path.join(folder, name))

    def assert_french(self, person, *expected):
        """None of our English shows, but these words of ours do, in French."""
        wanted = [FRENCH[text].split("{")[0] for text in expected]
        try:
            texts = wait_for(lambda: self._all(person.texts(), wanted), f"{wanted}", 15)
        except AssertionError as error:
            raise AssertionError(f"{error}\nshown: {sorted(person.texts())}") from None
        found = {text: ENGLISH.within(text) for text in texts}
        self.assertEqual({}, {text: english for text, english in found.items() if english})

    @staticmethod
    def _all(texts, wanted):
        return texts if all(any(word in text for text in texts) for word in wanted) else None

    def test_the_page_and_both_sign_ins(self):
        claws, person = self.open(self.account("Work", is_default=1, intent=self.intent()))
        self.assert_french(person, "Sign in with OAuth", "Provider", "Sign in as", "Mailbox")
        person.click("toggle button", FRENCH["Advanced"])
        self.assert_french(person, "Client ID", "Tenant", "Client secret", "User name for receiving")
        self.picture("account-page-fr.png")
        for button, picture, expected in (
                ("Sign in with browser", "browser-fr.png", ("Open browser again", "Copy address", "Last address", "Use")),
                ("Sign in with a code on another device", "code-fr.png", ("Copy code", "QR code of the address", "Code: {}"))):
            person.click("push button", FRENCH[button])
            self.assert_french(person, *expected)
            self.picture(picture)
            person.press_in(FRENCH["Sign in: {}"].split("{")[0].rstrip(": \N{NO-BREAK SPACE}"), "Escape")
            wait_for(lambda gone=expected[0]: not person.find("push button", FRENCH[gone]), "the window closes")
        person.click("push button", shown(HOST("_Cancel")))
        claws.exit()

    def test_another_name(self):
        _, person = self.open(self.account("Work", is_default=1, intent=self.intent("someone@contoso.test")),
                              BROWSER=BROWSER, BED_BROWSER_USER=ALICE)
        person.click("push button", FRENCH["Sign in with browser"])
        self.assert_french(person, "You asked to sign in as {}, but {} signed in. Is that the right person? In many "
                           "organisations the sign-in name differs from the mail address.", "Use {}")
        person.press("Escape")

    def test_a_shared_mailbox(self):
        self.grant()
        _, person = self.open(self.account("Work", is_default=1, intent=self.intent()))
        person.click("push button", FRENCH["Add a shared mailbox..."])
        self.assert_french(person, "Address of the mailbox", "IMAP, with all its folders", "Add")
        person.fill(FRENCH["Address of the mailbox"], "nonsense")
        person.press("Return")
        self.assert_french(person, "Enter the address of the shared mailbox, such as team@example.org.")
        person.press("Escape")

    def test_the_notice(self):
        claws, person = self.begin(self.account("Work", is_default=1, intent=self.intent()))
        claws.remote("--receive")
        self.assert_french(person, "Not receiving: {} has to sign in.", "Sign in", "Sign in with a code")
        self.picture("notice-fr.png")


if __name__ == "__main__":
    unittest.main()
