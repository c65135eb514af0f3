#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `mail-oauth check` says of each fault of a mail server: the link that broke is told, in words, and nothing is spent.

    tests/bed/bed.py run -- tests/faults/check_fault_test.py [--all]

One run of the command has the same fault before each of the three protocols. With --all every fault at every step, with TLS
from the start and with STARTTLS.
"""
import collections
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import unittest

from fault_case import EVERY, FAULTS, FOREIGN, PROTOCOLS, WORKS, FaultCase, cases

from cli_case import ALICE, COMMAND
from mail_fault_proxy import CERTIFICATES, HANDSHAKE, STEPS

AT_ONCE = 16
SECONDS = 400  # three times a minute's patience, and those who share the machine

Row = collections.namedtuple("Row", "starttls step fault")
SHORT = ("byte by byte", "reset before the answer", "cut off")
# The link that a fault at a step is told at.
LINKS = {"tls": "tls", "greeting": "greeting", "capabilities": "capabilities", "starttls": "tls", "go-ahead": "login",
         "verdict": "login", "mailbox": "mailbox"}


def rows():
    for starttls in (False, True):
        yield from (Row(starttls, "tls", fault) for fault in HANDSHAKE if fault != "silent")
        for step in STEPS:
            if starttls or step != "starttls":
                yield from (Row(starttls, step, fault) for fault in FAULTS)


def short(row):
    return not row.starttls and (row.step == "tls" and row.fault != "a handshake that drips" or row.fault in SHORT)


def wheres(row):
    """The link; where what came can be taken for an answer, a later one finds out."""
    if row.fault in CERTIFICATES:
        return ("certificate",)
    if row.fault == "reset after the answer":
        return tuple(LINKS.values())
    if row.step == "capabilities":  # over SMTP, STARTTLS asks for them first; a POP3 server may have none
        return ("capabilities", "tls" if row.starttls else "", "login" if row.fault in FOREIGN else "")
    if (row.step, row.fault) == ("greeting", "cut off"):  # half a line, and then the end
        return ("greeting", "tls")
    return (LINKS[row.step],)


class CheckFaults(FaultCase):
    def checked(self, number, row, proxies):
        """Its links by protocol, in their order. Each run has a configuration of its own."""
        home = self.folder / f"config-{number}"
        shutil.copytree(os.environ["XDG_CONFIG_HOME"], home)
        manifest = home / "mail-oauth/providers/odd.json"
        told = json.loads(manifest.read_text("utf-8"))
        told["servers"] = {protocol: {"host": "localhost", "port": proxy.port, "tls": "starttls" if row.starttls else "tls"}
                           for protocol, proxy in proxies.items()}
        manifest.write_text(json.dumps(told), "utf-8")
        done = subprocess.run([COMMAND, "check", ALICE, "--provider", "odd", "--json"], capture_output=True, text=True,
                              timeout=SECONDS, check=False, env=self.environment(XDG_CONFIG_HOME=str(home)))
        self.assertNotIn(self.token, done.stdout + done.stderr)
        links = collections.defaultdict(list)
        for link in json.loads(done.stdout)["links"]:
            links[link.get("protocol")].append(link)
        return done.returncode, links

    def assert_told(self, row, code, proxy, links):
        self.assertIsNone(proxy.left, "the fault was not played")
        failed = [link for link in links if link["outcome"] == "failed"]
        # A server that hangs up before it greets may be had at its other address.
        elusive = row.fault == "reset after the answer" or (row.step, row.fault) == ("greeting", "reset before the answer")
        if row.fault in WORKS or (elusive and not failed):
            self.assertEqual([], failed)
            return
        [link] = failed
        self.assertEqual(["ok"] * links.index(link), [before["outcome"] for before in links[:links.index(link)]])
        self.assertEqual({"not_tried"}, {"not_tried", *(after["outcome"] for after in links[links.index(link) + 1:])})
        self.assertIn(link["name"], wheres(row))
        error = link["error"]
        self.assertRegex(error["message"], r"^\S.*\S$")
        self.assertNotEqual(0, code)
        if row.fault in CERTIFICATES:
            self.assertEqual(("transient", "certificate"), (error["kind"], error["code"]))
            self.assertFalse(proxy.got)
        elif row.fault in (*FOREIGN, "text instead of TLS") or (row.step, row.fault) == ("greeting", "cut off"):
            self.assertIn(error["kind"], ("protocol", "refused", "transient"), error)
        else:
            self.assertEqual("transient", error["kind"], error)
        if row.step in ("greeting", "capabilities", "starttls", "go-ahead"):
            self.assertFalse(proxy.got_token(self.token))

    def test_each_fault_is_told_where_it_is(self):
        wanted = [row for row in rows() if EVERY or short(row)]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for row, proxies, (code, links) in pool.map(self.play, enumerate(wanted)):
                for protocol, proxy in proxies.items():
                    with self.subTest(row=row, protocol=protocol):
                        self.assert_told(row, code, proxy, links[protocol])
        self.assert_grant_is_as_it_was()

    def play(self, numbered):
        number, row = numbered
        proxies = {case.protocol: self.proxy(case) for case in cases() if case[1:] == row}
        return row, proxies, self.checked(number, row, proxies)


if __name__ == "__main__":
    unittest.main(argv=[word for word in sys.argv if word != "--all"])
