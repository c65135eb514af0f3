#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Claws Mail with the plugin against Exchange Online's answers, byte for byte as Microsoft documents them."""
import unittest

from host_case import ALICE, BOB, PASSWORD, VERSION, HostCase, decoded, only_for, wait_for


class Exchange(HostCase):
    bed_options = {"token_bytes": 120}  # what 4.1 can carry over POP3, too

    def use(self, account, *commands):
        profile = self.profile({1: account})
        self.queue(profile, 1, ALICE, BOB, "one")
        claws = self.start(profile)
        for command in commands:
            claws.remote(command)
        return claws

    def imap(self, script):
        server = self.bed.scripted(script)
        return server, self.account("Work", is_default=1, intent=self.intent(), imap_port=server.port)

    def pop(self, script):
        server = self.bed.scripted(script)
        return server, self.account("Work", pop=True, is_default=1, intent=self.intent(), pop_port=server.port)

    def smtp(self, script, tls="starttls"):
        server = self.bed.scripted(script, tls=tls)
        return server, self.account("Work", is_default=1, intent=self.intent(), smtp_port=server.port,
                                    ssl_smtp=2 if tls == "starttls" else 1)

    def assert_only_tokens(self, server, token):
        """What went to the server names Alice and the token, and no password."""
        words = [decoded(word) for talk in server.received for word in talk.decode("latin-1").split()]
        self.assertTrue(any(f"user={ALICE}\1auth=Bearer {token}\1\1" == word for word in words), server.received)
        for word in words:
            self.assertNotIn(PASSWORD[ALICE], word)

    def test_imap_accepts(self):
        token = self.grant()
        server, account = self.imap("imap-ok")
        claws = self.use(account, "--receive")
        self.logged(claws, "Login to localhost successful")
        self.assert_only_tokens(server, token)

    def test_imap_refuses_at_once(self):
        token = self.grant()
        server, account = self.imap("imap-no")
        claws = self.use(account, "--receive")
        self.logged(claws, "Error logging in to localhost")
        self.only_main_window(claws, "Work")
        self.assert_only_tokens(server, token)

    @only_for(VERSION >= (4, 2))
    def test_pop3_accepts_two_lines(self):
        token = self.grant()
        server, account = self.pop("pop-ok")
        claws = self.use(account, "--receive")
        self.logged(claws, "User successfully authenticated")
        self.assert_only_tokens(server, token)

    @only_for(VERSION < (4, 2))
    def test_pop3_wants_two_lines_which_this_host_does_not_write(self):
        self.grant()
        for script in ("pop-ok", "pop-err"):
            with self.subTest(script=script):
                _, account = self.pop(script)
                claws = self.use(account, "--receive")
                self.logged(claws, "POP< -ERR")
                self.no_prompt_stays(claws)
                claws.close()

    def test_smtp_accepts(self):
        token = self.grant()
        for tls in ("tls", "starttls"):
            with self.subTest(tls=tls):
                server, account = self.smtp("smtp-ok", tls)
                claws = self.use(account, "--send")
                self.logged(claws, "235 2.7.0 Authentication successful")
                self.assert_only_tokens(server, token)
                claws.close()

    def test_smtp_refuses(self):
        token = self.grant()
        server, account = self.smtp("smtp-535")
        claws = self.use(account, "--send")
        self.logged(claws, "535 5.7.3")
        wait_for(lambda: self.assert_only_tokens(server, token) is None, "the token at the server")
        self.no_prompt_stays(claws)


if __name__ == "__main__":
    unittest.main()
