#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault of a mail server at each step of a login over IMAP, POP3 and SMTP, as a program meets it that stays
(login_host.cc). Before each of the bed's servers stands a proxy that plays one fault, once.

    tests/bed/bed.py run -- tests/faults/mail_fault_test.py [--all]

With --all every fault at every step, with TLS from the start and with STARTTLS.
"""
import sys
import unittest

from fault_case import EVERY, FOREIGN, SILENT, WORKS, Case, FaultCase, LoginHost, cases

from cli_case import PROTOCOL, TRANSIENT

import mail_fault_proxy

AT_ONCE = 24

# The host's patience in seconds, where it waits in vain, and where it does not.
SHORT, LONG = 4, 60
WAITED = (*SILENT, *FOREIGN, "a handshake that drips")


def ours(case):
    """The host waits for the greeting and, where TLS comes first, for the handshake: its patience is for each read."""
    if case.step == "tls":
        return case.starttls or case.fault != "a handshake that drips"
    return case.step != "greeting" or case.fault not in ("dripping without an end", "dripping below TLS")


def short(case):
    if case.step == "starttls":
        return case.fault in ("byte by byte", "reset before the answer", "garbage")
    if case.step == "tls":
        return case.fault in mail_fault_proxy.CERTIFICATES or not case.starttls
    return not case.starttls and case.fault in (
        "byte by byte", "reset before the answer", "cut off", "silent", "dripping without an end", "dripping below TLS", "garbage")


def fitting(case, outcome, code):
    """Whether that is what the fault is to be told as."""
    if case.fault in WORKS:
        return outcome == "in"
    if case.fault in mail_fault_proxy.CERTIFICATES:
        return (outcome, code) == (str(TRANSIENT), "certificate")
    if case.fault == "reset after the answer" and outcome == "in":
        return case.step in ("verdict", "mailbox")
    if case.protocol == "pop" and case.step == "capabilities" and code == "no-mechanism":
        return case.fault in FOREIGN  # as a server answers that has no CAPA
    return outcome in ("connect", str(TRANSIENT)) or (
        outcome == str(PROTOCOL) and case.fault in (*FOREIGN, "text instead of TLS"))


class MailFaults(FaultCase):
    def logins(self, wanted):
        """Each signs in at its proxy until that has played its fault, and again when all have: the case, its proxy, both
        outcomes."""
        proxies = [self.proxy(case) for case in wanted]
        places = [f"{case.protocol}:{'starttls' if case.starttls else 'tls'}:{proxy.port}"
                  for case, proxy in zip(wanted, proxies)]
        host = LoginHost(self)
        first = self.met(host, wanted, proxies, places)
        second = host.ask(" ".join(f"{place}:{LONG}" for place in places))
        self.assertEqual(0, host.close())
        self.assertNotIn(self.token, f"{first} {second} {host.errors()}")
        return list(zip(wanted, proxies, first, second))

    def met(self, host, wanted, proxies, places):
        """The outcome of each with its fault. On a busy machine a short patience ends before the step with the fault is
        reached: that one tries again with a longer one."""
        outcomes, patience = [None] * len(wanted), SHORT
        while patience <= LONG and (left := [at for at, proxy in enumerate(proxies) if proxy.left]):
            told = host.ask(" ".join(f"{places[at]}:{patience if wanted[at].fault in WAITED else LONG}" for at in left))
            for at, outcome in zip(left, told):
                outcomes[at] = outcome
            patience *= 2
        for proxy in proxies:
            self.assertIsNone(proxy.left, "the fault was not played")
        return outcomes

    def assert_case(self, case, proxy, first, second):
        """Every error of ours is told in words; "connect" is the host's to tell."""
        outcome, code, words = first
        self.assertRegex(words, r"^$" if outcome in ("in", "connect") else r"^[A-Z].*\S$")
        self.assertTrue(fitting(case, outcome, code), first)
        self.assertEqual(("in", "", ""), second, "\n".join(proxy.story))
        if case.fault in mail_fault_proxy.CERTIFICATES or (
                case.fault not in WORKS and case.step in ("greeting", "capabilities", "starttls", "go-ahead")):
            self.assertFalse(proxy.got_token(self.token))
        elif case.step == "verdict":
            self.assertTrue(proxy.got_token(self.token))  # else nothing above could fail

    def test_each_fault_at_each_step(self):
        wanted = [case for case in cases() if ours(case) and (EVERY or short(case))]
        for at in range(0, len(wanted), AT_ONCE):
            for told in self.logins(wanted[at:at + AT_ONCE]):
                with self.subTest(case=told[0]):
                    self.assert_case(*told)
        print(len(wanted), "cells", file=sys.stderr)
        self.assert_grant_is_as_it_was()

    def test_a_pop3_server_that_breaks_off_at_stls_is_not_told_as_one_that_refuses_it(self):
        case = Case("pop", True, "starttls", "reset before the answer")
        [(_, _, first, _)] = self.logins([case])
        self.assertEqual((str(TRANSIENT), "connection"), first[:2], first)


if __name__ == "__main__":
    unittest.main(argv=[word for word in sys.argv if word != "--all"])
