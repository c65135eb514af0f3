# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs login_host through rounds of logins, renewals and faults, and looks at what it holds between them.

A round: a login each over IMAP, POP3 and SMTP at the bed's servers, three through proxies that play one fault each, and
a renewal whenever a token has less than ten of its fourteen seconds left, as one that is handed out has. Now and then the
authorization server is away, and the command renews the same grant from outside.
"""
import itertools
import os
import time

from fault_case import PROTOCOLS, LoginHost, cases

from cli_case import ALICE, bed

WHOLE = " ".join(f"{protocol}:tls:{os.environ[f'BED_{protocol.upper()}_PORT']}:60" for protocol in PROTOCOLS)
IN = ("in", "", "")
# Those that are told within a second or two.
QUICK = ("byte by byte", "reset before the answer", "reset within the answer", "reset after the answer", "cut off", "hung up",
         "text instead of TLS", "TLS broken off", "expired certificate", "certificate for another name", "unknown authority")
# What may be more at the end than in the second quarter: GLib's pool has a thread or two more while there is work.
# Pages of secrets are taken 64 KiB at a time, for as many as there were at once so far.
MOST_GROWTH = {"threads": 2, "descriptors": 0, "locked": 2 * (64 << 10), "resident": 2 << 20}
# Blocks that glibc keeps for a thread count as in use.
EXACT_HEAP = "glibc.malloc.tcache_count=0"
TOKEN_TTL = 14
OUTAGE_EVERY, COMMAND_EVERY = 100, 10
LIMIT, POLL = 180, 0.5  # seconds; the longest pause between tries is less


class Soak:
    """`samples`: what the host held after each round; `logins`, and those that `failed`, are counted."""

    def __init__(self, case, wrapper=()):
        self._case, self.samples, self.logins, self.failed = case, [], 0, 0
        self.began = time.monotonic()
        self._faults = itertools.cycle(faults_by_protocol())
        bed("set", token_ttl=1)  # so that the first round renews, and has all that renewing needs
        case.sign_in(ALICE, "--provider", "odd", BED_BROWSER_USER=ALICE)
        bed("set", token_ttl=TOKEN_TTL)
        self.host = LoginHost(case, wrapper, GLIBC_TUNABLES=EXACT_HEAP)

    def _ask(self, words):
        outcomes = self.host.ask(words)
        self.logins += len(outcomes)
        self.failed += sum(outcome != IN for outcome in outcomes)
        return outcomes

    def round(self, number):
        faults_now = next(self._faults)
        proxies = [self._case.proxy(case) for case in faults_now]
        words = " ".join(f"{case.protocol}:tls:{proxy.port}:60" for case, proxy in zip(faults_now, proxies))
        outcomes = self._ask(f"{WHOLE} {words}")
        for proxy in proxies:
            proxy.close()
        self.samples.append(self.host.held)
        self._case.assertEqual([IN] * len(PROTOCOLS), outcomes[:len(PROTOCOLS)])
        if number % COMMAND_EVERY == COMMAND_EVERY - 1:
            self._case.run_ok("token", ALICE, "--provider", "odd")
        if number % OUTAGE_EVERY == OUTAGE_EVERY - 1:
            self._outage()

    def _outage(self):
        """Nobody gets in once the token is over; when the server is back, everybody does, after the pause."""
        bed("set", token_answer={"status": 503, "headers": {"Retry-After": "1"}, "body": ""})
        self._until(lambda outcomes: IN not in outcomes)
        bed("set", token_answer=None)
        self._until(lambda outcomes: set(outcomes) == {IN})

    def _until(self, reached):
        end = time.monotonic() + LIMIT
        while not reached(self._ask(WHOLE)):
            self._case.assertLess(time.monotonic(), end, "that did not come to an end")
            time.sleep(POLL)


def faults_by_protocol():
    """One case of each protocol at a time, until all have had their turn."""
    of = [[case for case in cases() if case.protocol == protocol and not case.starttls and case.fault in QUICK]
          for protocol in PROTOCOLS]
    for at in range(max(map(len, of))):
        yield [mine[at % len(mine)] for mine in of]


def quarter(samples, number, name):
    size = len(samples) // 4
    return [sample[name] for sample in samples[number * size:(number + 1) * size]]


def growth(samples, name):
    """From the second quarter to the last, each where it was quietest: what starts once has started by then, and a request
    that is just being put away is no growth."""
    return min(quarter(samples, 3, name)) - min(quarter(samples, 1, name))

