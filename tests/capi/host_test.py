#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The C host of the docs lists, fetches and sends in the bed, and says what is wrong when it cannot."""
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# pylint: disable=wrong-import-position
from capi_case import (ALICE, BOB, CONFIG, PROVIDERS, REAUTHORIZE, REFUSED, SECONDS, SHARED, STORAGE, TRANSIENT, CapiCase, bed)
from process import wait_until


class Host(CapiCase):
    def test_it_lists_fetches_and_sends_with_a_long_token(self):
        bed("deliver", mailbox=ALICE, subject="First", body="one")
        bed("deliver", mailbox=ALICE, subject="Second", body="two")

        code, out, err = self.run_host()

        self.assertEqual((0, ""), (code, err))
        self.assertIn("listed: First\nlisted: Second\nfetched: ", out)
        self.assertTrue(out.endswith("sent\n"), out)
        self.assertIn("sent by mail-host", [m["subject"] for m in bed("messages", mailbox=ALICE)["messages"]])
        self.assertGreater(len(self.run_ok("token", ALICE).strip()), 2400)

    def test_a_shared_mailbox_is_named_where_the_provider_wants_it(self):
        bed("deliver", mailbox=SHARED, subject="Printer", body="on fire")

        code, out, err = self.run_host(ALICE, SHARED)

        self.assertEqual((0, ""), (code, err))
        self.assertIn("listed: Printer\n", out)
        self.assertEqual([[SHARED], [SHARED], [ALICE]], [self.users(port) for port in ("IMAP", "POP", "SMTP")])

    def test_the_provider_file_chooses_the_mechanism(self):
        path = os.path.join(PROVIDERS, "bed.json")
        with open(path, encoding="utf-8") as file:
            before = file.read()
        self.addCleanup(Path(path).write_text, before, encoding="utf-8")
        Path(path).write_text(json.dumps({**json.loads(before), "mechanism": "OAUTHBEARER"}), encoding="utf-8")

        code, _, err = self.run_host()

        self.assertEqual((0, ""), (code, err))
        for port in ("IMAP", "POP", "SMTP"):
            said = "".join(talk["client"] for talk in bed("transcript", port=port)["connections"])
            self.assertIn("OAUTHBEARER", said)
            self.assertNotIn("XOAUTH2", said)

    def test_an_expired_token_is_renewed_over_the_web(self):
        bed("expire_tokens")
        bed("clear_requests")

        code, out, err = self.run_host()

        self.assertEqual((0, ""), (code, err))
        self.assertIn("sent\n", out)
        self.assertEqual(1, bed("requests")["counts"].get("token", 0))

    def test_a_program_that_frees_nothing_loses_no_sign_in_that_is_just_renewed(self):
        bed("set", token_ttl=200)  # less than the margin: it is renewed ahead at once
        self.sign_in()
        self._leave_during_a_renewal(self.run_ok("token", ALICE))

    def test_a_program_that_ends_while_a_thread_of_it_waits_for_a_token_loses_no_sign_in(self):
        bed("set", token_ttl=1)  # so that the thread has to wait for a renewal
        self.sign_in()
        self._leave_during_a_renewal("", "in-a-thread")

    def _leave_during_a_renewal(self, before, *more):
        self.assertEqual((0, ""), self._leave(self._begin_a_renewal("NO_FREE", ALICE, *more)))
        self.assertFalse(self.run_ok("token", ALICE) == before, "what was renewed is not stored")
        self.assertEqual(1, bed("requests")["counts"]["token"])

    def _begin_a_renewal(self, name, *arguments):
        """A program in which the library has asked for one; the server holds its answer."""
        bed("clear_requests")
        bed("set", token_ttl=3600, hold_token_answers=True)
        self.addCleanup(bed, "set", hold_token_answers=False)
        program = subprocess.Popen([os.environ[name], *arguments], env=self.environment(), text=True, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(lambda: program.returncode is None and (program.kill(), program.communicate()))
        wait_until(lambda: bed("requests")["counts"].get("token"), "a renewal", SECONDS)
        return program

    def _leave(self, program):
        """It returns from main before the server answers: (exit code, stderr)."""
        self.assertEqual("asked\n", program.stdout.readline())
        program.stdin.write("\n")
        program.stdin.flush()
        self.assertEqual("leaving\n", program.stdout.readline())
        bed("set", hold_token_answers=False)
        _, err = program.communicate(timeout=SECONDS)
        return program.returncode, err

    def _fill_disk(self):
        bed("fill_keyring_disk")
        self.addCleanup(bed, "free_keyring_disk")

    def test_nothing_is_renewed_that_could_not_be_stored(self):
        bed("set", token_ttl=1)
        self.sign_in()
        bed("set", token_ttl=3600)
        bed("clear_requests")
        self._fill_disk()

        code, _, err = self.run_host()

        self.assertEqual(STORAGE, code, err)
        self.assertIn("Is its disk full?", err)
        self.assertEqual(0, bed("requests")["counts"].get("token", 0))
        bed("free_keyring_disk")
        self.assertEqual((0, ""), self.run_host()[::2])

    def test_a_sign_in_that_is_lost_with_its_session_is_told(self):
        bed("set", token_ttl=1)
        self.sign_in()
        program = self._begin_a_renewal("MAIL_HOST", ALICE, "localhost", *self.ports())
        self._fill_disk()
        bed("set", hold_token_answers=False)

        out, err = program.communicate(timeout=SECONDS)

        self.assertIn("sent\n", out)
        self.assertEqual((STORAGE, "mail-host: " + self._lost()), (program.returncode, err))

    def test_a_sign_in_that_is_lost_at_exit_is_told(self):
        bed("set", token_ttl=200)  # less than the margin: it is renewed ahead at once
        self.sign_in()
        program = self._begin_a_renewal("NO_FREE", ALICE)
        self._fill_disk()

        self.assertEqual((0, "mail-oauth: " + self._lost()), self._leave(program))

    def _lost(self):
        return (f"The renewed sign-in of {ALICE} (provider bed, client {os.environ['BED_CLIENT_ID']}) could not be stored and is "
                f"lost. Sign in again: mail-oauth login {ALICE}\n")

    def test_what_is_no_address_is_said(self):
        self.assertEqual((CONFIG, "", 'mail-host: "alice" is no mail address.\n'), self.run_host("alice"))

    def test_who_is_not_signed_in_is_told_how(self):
        code, out, err = self.run_host(BOB)

        self.assertEqual((REAUTHORIZE, ""), (code, out))
        self.assertEqual(err, f"mail-host: Nobody is signed in as {BOB}. Sign in: mail-oauth login {BOB}\n")

    def test_an_ended_sign_in_is_said_with_the_way_back(self):
        bed("revoke_user", user=ALICE)

        code, _, err = self.run_host()

        self.assertEqual(REAUTHORIZE, code, err)
        self.assertIn(f"mail-oauth login --provider bed {ALICE}", err)

    def test_several_sign_ins_are_listed(self):
        with open(os.path.join(PROVIDERS, "bed.json"), encoding="utf-8") as file:
            other = {**json.load(file), "id": "other"}
        path = os.path.join(PROVIDERS, "other.json")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump(other, file)
        self.sign_in(ALICE, "--provider", "other", "--client", os.environ["BED_CLIENT_ID"])

        code, _, err = self.run_host()

        self.assertEqual(CONFIG, code)
        for part in ("Several sign-ins", "provider bed", "provider other"):
            self.assertIn(part, err)

    def test_a_mailbox_that_is_not_hers_is_refused_in_words(self):
        code, out, err = self.run_host(ALICE, BOB)

        self.assertEqual((REFUSED, ""), (code, out))
        self.assertIn(BOB, err)

    def test_a_locked_keyring_and_none_are_told_apart(self):
        bed("lock_keyring")
        try:
            locked = self.run_host()
        finally:
            bed("stop_keyring")
        try:
            none = self.run_host()
        finally:
            bed("start_keyring")
            self.sign_in()
        self.assertEqual([(STORAGE, ""), (STORAGE, "")], [locked[:2], none[:2]])
        self.assertIn("locked", locked[2])
        self.assertNotEqual(locked[2], none[2])

    def test_servers_are_told_by_which_name_they_are_wanted(self):
        """Google has no certificate for those who do not say it (SNI)."""
        ports = [bed("scripted", script=f"{name}-ok")["port"] for name in ("imap", "pop", "smtp")]

        self.run_host(ports=[str(port) for port in ports])

        self.assertEqual([["localhost"]] * 3, [bed("scripted_log", port=port)["names"] for port in ports])

    def test_no_token_goes_to_a_server_with_a_certificate_for_another(self):
        for fault in ("wrong-name", "self-signed", "expired"):
            with self.subTest(fault=fault):
                port = str(bed("scripted", script="imap-ok", tls="tls", certificate=fault)["port"])

                code, _, err = self.run_host(ports=[port, port, port])

                self.assertEqual(TRANSIENT, code, err)
                self.assertIn("certificate", err)
                self.assertNotIn("AUTHENTICATE", "".join(bed("scripted_log", port=int(port))["received"]))


class Contract(CapiCase):
    def test_the_header_keeps_its_word(self):
        done = self.run_program("CONTRACT", ALICE)

        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertEqual(self.run_ok("token", ALICE), done.stdout)


class ByAddress(CapiCase):
    """A program that stays, and names nobody but an address."""

    def setUp(self):
        super().setUp()
        self.program = subprocess.Popen([os.environ["AGAIN"], ALICE], env=self.environment(), text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(self._end)

    def _end(self):
        self.program.communicate(timeout=SECONDS)

    def ask(self):
        """The kind of the error, and the token or the words."""
        self.program.stdin.write("\n")
        self.program.stdin.flush()
        kind, said = self.program.stdout.readline().rstrip("\n").split(" ", 1)
        return int(kind), said

    def test_the_second_token_by_address_asks_no_keyring(self):
        first = self.ask()
        self.assertEqual(0, first[0], first)
        bed("stop_keyring")
        try:
            self.assertEqual(first, self.ask())
        finally:
            bed("start_keyring")
            self.sign_in()

    def test_who_signs_in_anew_with_another_provider_is_found(self):
        bed("set", token_ttl=1)
        self.sign_in()
        self.assertEqual(0, self.ask()[0])
        bed("set", token_ttl=3600)
        self.run_ok("logout", ALICE)
        with open(os.path.join(PROVIDERS, "bed.json"), encoding="utf-8") as file:
            other = {**json.load(file), "id": "other"}
        with open(os.open(os.path.join(PROVIDERS, "other.json"), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump(other, file)
        self.sign_in(ALICE, "--provider", "other", "--client", os.environ["BED_CLIENT_ID"])

        kind, said = self.ask()

        self.assertEqual(0, kind, said)
        self.assertEqual(self.run_ok("token", ALICE, "--provider", "other"), said + "\n")

    def test_who_signed_out_is_nobody(self):
        bed("set", token_ttl=1)
        self.sign_in()
        self.assertEqual(0, self.ask()[0])
        self.run_ok("logout", ALICE)

        kind, said = self.ask()

        self.assertEqual(REAUTHORIZE, kind)
        self.assertIn(f"Nobody is signed in as {ALICE}", said)


class ByName(CapiCase):
    """Through libetpan's own calls, after the mechanisms were registered."""

    def lines(self, mechanism, *more, user=ALICE):
        done = self.run_program("BY_NAME", mechanism, user, "localhost", *self.ports(), *more)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        return done.stdout.splitlines()

    def test_imap_signs_in_and_long_tokens_stay_off_pop_and_smtp(self):
        for mechanism in ("XOAUTH2", "OAUTHBEARER"):
            with self.subTest(mechanism=mechanism):
                imap, pop, smtp, closed = self.lines(mechanism)

                self.assertEqual("imap: libetpan 0, kind 0: ", imap)
                for line in (pop, smtp):
                    self.assertNotIn("libetpan 0", line)
                    self.assertIn("kind 2: The access token is too long", line)
                    self.assertIn("mail_oauth_login", line)
                self.assertIn("closed its session", closed)
        self.assertEqual([], self.users("POP") + self.users("SMTP"))

    def test_short_tokens_sign_in_everywhere(self):
        bed("set", token_bytes=40)
        self.sign_in()

        lines = self.lines("XOAUTH2")[:3]

        self.assertEqual([f"{name}: libetpan 0, kind 0: " for name in ("imap", "pop", "smtp")], lines)

    def test_a_registered_account_answers_for_its_shared_mailbox(self):
        self.assertEqual("imap: libetpan 0, kind 0: ", self.lines("XOAUTH2", SHARED)[0])
        self.assertEqual([SHARED], self.users("IMAP")[:1])

    def test_a_refused_token_is_renewed_for_the_next_attempt(self):
        bed("expire_tokens")
        bed("clear_requests")

        imap = self.lines("XOAUTH2")[0]

        self.assertIn("kind 6: ", imap)
        self.assertEqual(1, bed("requests")["counts"].get("token", 0))
        self.assertEqual("imap: libetpan 0, kind 0: ", self.lines("XOAUTH2")[0])

    def test_who_is_not_signed_in_gets_no_token(self):
        imap = self.lines("XOAUTH2", user=BOB)[0]

        self.assertNotIn("libetpan 0", imap)
        self.assertIn(f"kind 3: Nobody is signed in as {BOB}", imap)


if __name__ == "__main__":
    unittest.main()
