#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command in French, from its help to its errors: none of our English is left in what it says."""
import os
import sys
import unittest

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cli"))

# pylint: disable=wrong-import-position
from cli_case import ALICE, BOB, CliCase, bed
from english import English
from template import translations

COMMANDS = ("login", "token", "list", "status", "logout", "check", "client set", "client check", "providers")
ENGLISH = English("fr", names=(*COMMANDS, "client", "ok"))
FRENCH = {msgid: texts for msgid, (_, texts, _) in translations("fr").items()}


class FrenchCommand(CliCase):
    def environment(self, **changes):
        return super().environment(**{"LC_ALL": "en_US.UTF-8", "LOCPATH": os.environ["MAIL_OAUTH_LOCPATH"], "LANGUAGE": "fr", **changes})

    def say(self, *arguments, text="", **env):
        """Runs it; what it said, with no English of ours in it."""
        done = self.run_command(*arguments, text=text, **env)
        said = done.stdout + done.stderr
        self.assertTrue(said.strip(), arguments)
        self.assertEqual([], ENGLISH.within(said), said)
        return said

    def test_english_would_be_found(self):
        for arguments in (["--help"], ["login", "--help"], ["frobnicate"], ["token", ALICE]):
            done = self.run_command(*arguments, LANGUAGE="C")
            self.assertTrue(ENGLISH.within(done.stdout + done.stderr), arguments)

    def test_help(self):
        self.assertIn("Utilisation\N{NO-BREAK SPACE}: ", self.say("--help"))
        for command in COMMANDS:
            said = self.say(*command.split(), "--help")
            self.assertIn("Options\N{NO-BREAK SPACE}:", said)
            self.assertNotIn("Project-Id-Version", said)

    def test_wrong_usage(self):
        for arguments in ([], ["frobnicate"], ["logn"], ["login"], ["login", "--frobnicate"], ["login", ALICE, BOB],
                          ["login", ALICE, "--protocols", "pigeon"], ["login", ALICE, "--qr", "x"],
                          ["login", ALICE, "--device", "--paste"], ["login", ALICE, "--store", "attic"],
                          ["login", ALICE, "--store", "command"], ["token"], ["token", ALICE, "--protocol"],
                          ["token", ALICE, "--json=1"], ["client"], ["client", "set", "bed"],
                          ["client", "check", "nobody"], ["login", ALICE, "--provider", "nobody"],
                          ["login", "no address"], ["login", "somebody@nowhere.invalid"]):
            with self.subTest(arguments=arguments):
                self.say(*arguments)

    def test_somebody_signs_in_and_out(self):
        self.say("list")
        self.say("token", ALICE)
        self.assertIn(f"Connecté\N{NO-BREAK SPACE}: {ALICE}", self.say("login", ALICE))
        self.say("list")
        self.assertIn(FRENCH["the access token is good until {}"][0][:-3], self.say("status"))
        self.say("check", ALICE)
        self.say("client", "check", "bed")
        bed("expire_tokens")
        bed("provider_down")
        self.addCleanup(bed, "provider_up")
        self.say("token", ALICE)
        bed("provider_up")
        self.say("logout", ALICE)

    def test_a_dead_sign_in_and_a_locked_keyring(self):
        self.sign_in()
        bed("lock_keyring")
        self.addCleanup(bed, "unlock_keyring")
        self.say("token", ALICE)
        self.say("status")

    def test_another_name_is_asked_about(self):
        self.say("login", "someone@contoso.test", "--provider", "bed", text="non\n", BED_BROWSER_USER=ALICE)

    def test_providers(self):
        self.say("providers")
        self.say("providers", "--verbose")


if __name__ == "__main__":
    unittest.main()
