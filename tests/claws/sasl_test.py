#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another plugin of the host signs in over libetpan by the name of a mechanism that ours has registered.

With KDE's module for XOAUTH2 in the process and without it; with a token of the other plugin's own, and with those
of managed accounts. MAILIMAP_NO_ERROR is 0.
"""
import base64
import glob
import os
import unittest

from gui import Person
from host_case import ALICE, BOB, PASSWORD, PLUGIN, HostCase, wait_for

PROBE = os.environ.get("MAIL_OAUTH_SASL_PROBE", "")
MECHANISMS = ("XOAUTH2", "OAUTHBEARER")


class Mechanisms(HostCase):
    @classmethod
    def setUpClass(cls):
        cls.modules = glob.glob("/usr/lib/*/sasl2/libkdexoauth2.so")
        if not cls.modules:
            raise AssertionError("KDE's module for XOAUTH2 is not here: install libsasl2-modules-kdexoauth2")
        if not os.path.exists(PROBE):
            raise AssertionError("MAIL_OAUTH_SASL_PROBE names no plugin")
        super().setUpClass()

    def run_host(self, accounts, *, kde=True, plugins=(PLUGIN, PROBE)):
        """Claws Mail with both plugins and all its logs on; KDE's module is there or not."""
        pipes = {name: os.path.join(self.folder, name) for name in ("SASL_PROBE_IN", "SASL_PROBE_OUT")}
        for pipe in pipes.values():
            if not os.path.exists(pipe):
                os.mkfifo(pipe)
        empty = os.path.join(self.folder, "no-modules")
        os.makedirs(empty, exist_ok=True)
        path = {} if kde else {"SASL_PATH": empty}
        claws = self.start(self.profile(accounts, plugin="\n".join(plugins)), "--debug", env={**pipes, **path})
        # Opened in the order in which the probe opens them.
        self.questions = open(pipes["SASL_PROBE_IN"], "w", encoding="ascii")
        self.addCleanup(self.questions.close)
        self.answers = open(pipes["SASL_PROBE_OUT"], encoding="ascii")
        self.addCleanup(self.answers.close)
        return claws

    def authenticate(self, mechanism, user, password):
        """What mailimap_authenticate gave."""
        print(mechanism, self.bed.env["BED_IMAP_PORT"], user, password, file=self.questions, flush=True)
        return int(self.answers.readline())

    def has_kde(self, claws):
        with open(f"/proc/{claws.process.pid}/maps", encoding="utf-8") as maps:
            return "libkdexoauth2" in maps.read()

    def assert_not_logged(self, claws, *tokens):
        """Neither as it is nor in base64, on the output or in a log."""
        text = claws.output() + claws.log()
        self.assertIn("IMAP< ", text)  # libetpan's log is on
        for token in tokens:
            self.assertNotIn(token, text)
            for shift in range(3):
                inner = base64.b64encode(b"=" * shift + token.encode()).decode()[4:-4]
                self.assertNotIn(inner, text)

    def unmanaged(self):
        return {1: self.account("Other", BOB, is_default=1)}

    def test_the_callers_token_good_and_bad(self):
        for kde in (True, False):
            with self.subTest(kde=kde):
                stale = self.bed.control("sign_in", user=ALICE)["access_token"]
                self.bed.control("expire_tokens")
                fresh = self.bed.control("sign_in", user=ALICE)["access_token"]
                claws = self.run_host(self.unmanaged(), kde=kde)
                for mechanism in MECHANISMS:
                    self.assertNotEqual(self.authenticate(mechanism, ALICE, stale), 0, mechanism)
                    self.assertEqual(self.authenticate(mechanism, ALICE, fresh), 0, mechanism)
                self.assertEqual(self.has_kde(claws), kde)
                self.assert_not_logged(claws, stale, fresh)
                claws.exit()

    def test_the_token_of_a_managed_account(self):
        for kde in (True, False):
            with self.subTest(kde=kde):
                token = self.grant()
                claws = self.run_host({1: self.account("Work", is_default=1, intent=self.intent())}, kde=kde)
                for mechanism in MECHANISMS:
                    self.assertEqual(self.authenticate(mechanism, ALICE, PASSWORD[ALICE]), 0, mechanism)
                self.assert_no_password_sent()
                self.assert_not_logged(claws, token, PASSWORD[ALICE])
                claws.exit()

    def test_a_refused_token_of_a_managed_account_is_renewed(self):
        self.grant()
        self.bed.control("expire_tokens")  # to us it looks fresh
        self.run_host({1: self.account("Work", is_default=1, intent=self.intent())})
        self.assertNotEqual(self.authenticate("XOAUTH2", ALICE, "-"), 0)
        wait_for(lambda: self.authenticate("XOAUTH2", ALICE, "-") == 0, "a login with another token")

    def test_a_managed_account_without_a_sign_in_sends_nothing(self):
        self.run_host({1: self.account("Work", is_default=1, intent=self.intent())})
        self.assertNotEqual(self.authenticate("XOAUTH2", ALICE, PASSWORD[ALICE]), 0)
        self.assertNotIn("AUTHENTICATE", "".join(self.sent_bytes()))

    def test_it_is_unloaded_and_loaded_again(self):
        self.grant()
        fresh = self.bed.control("sign_in", user=ALICE)["access_token"]
        claws = self.run_host({1: self.account("Work", is_default=1, intent=self.intent())})
        person = Person(claws, self.bed.env)
        self.assertEqual(self.authenticate("XOAUTH2", ALICE, "-"), 0)
        for _ in range(2):
            person.unload()
            # The mechanisms stay; whose account it is nobody knows any more.
            self.assertNotEqual(self.authenticate("XOAUTH2", ALICE, "no-token"), 0)
            self.assertEqual(self.authenticate("XOAUTH2", ALICE, fresh), 0)
            person.load(PLUGIN)
            self.assertEqual(self.authenticate("XOAUTH2", ALICE, "-"), 0)
        claws.exit()

    def test_without_our_plugin_it_would_not_work(self):
        fresh = self.bed.control("sign_in", user=ALICE)["access_token"]
        self.run_host(self.unmanaged(), plugins=(PROBE,), kde=False)
        self.assertNotEqual(self.authenticate("OAUTHBEARER", ALICE, fresh), 0)


if __name__ == "__main__":
    unittest.main()
