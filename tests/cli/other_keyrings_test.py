#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`mail-oauth` with KeePassXC, KWallet and a service that answers when it likes as the Secret Service. Nobody is at the
screen, but where a test says so:

    tests/bed/bed.py run --no-keyring -- tests/cli/other_keyrings_test.py
"""
import collections
import os
import pty
import signal
import subprocess
import tempfile
import time
import unittest

from gi.repository import Gio, GLib

from cli_case import ALICE, BOB, SECONDS, STORAGE, CliCase, bed
import secret_service  # from the bed, whose folder cli_case makes known
from display import Display
from keepassxc import ACCESS, PASSWORD, UNLOCK, KeePassXC
from kwallet import KWallet

#: What it says when it waits for a person.
WAITS = "Waiting for the keyring"


class KeyringCase(CliCase):
    """A bus and a keyring of its own for each test; nobody is signed in."""

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="bus-", dir=os.environ["BED_DIR"])
        self.bus, self.log = {**os.environ, "XDG_RUNTIME_DIR": folder}, os.path.join(folder, "log")
        self.home = os.path.join(folder, "home")
        bus = secret_service.start_bus(self.bus, self.log)
        self.addCleanup(bus.stdout.close)
        self.addCleanup(bus.wait)
        self.addCleanup(bus.terminate)
        self.settings = bed("set")
        self.addCleanup(lambda: bed("set", **self.settings))
        bed("clear_requests")

    def environment(self, **changes):
        return super().environment(DBUS_SESSION_BUS_ADDRESS=self.bus["DBUS_SESSION_BUS_ADDRESS"], **changes)

    def start_keyring(self, keyring, **options):
        keyring.start(**options)
        self.addCleanup(keyring.stop)
        self.run_ok("client", "set", "bed", "--client-id", os.environ["BED_CLIENT_ID"])
        return keyring

    def token_requests(self):
        return bed("requests")["counts"].get("token", 0)

    def says_that_it_waits(self, *arguments):
        """Starts it, and ends it when it has said so."""
        process = self.start(*arguments)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        line = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=SECONDS)
        self.assertIn(WAITS, line, rest)

    def sign_in_and_renew(self):
        """The last token, which is good."""
        bed("set", token_ttl=1)  # each is stale when it comes
        self.sign_in()
        self.assertEqual([ALICE], [grant["identity"] for grant in self.run_json("list")["grants"]])
        before, tokens = self.token_requests(), set()
        for _ in range(3):  # the refresh tokens rotate: each has to be stored
            done = self.run_command("token", ALICE)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            tokens.add(done.stdout)
        self.assertEqual((3, before + 3), (len(tokens), self.token_requests()))
        bed("set", token_ttl=3600)
        return self.run_ok("token", ALICE)

    def sign_out(self):
        self.run_ok("logout", ALICE)
        self.assertEqual("", self.run_ok("list"))


class KeePassXCCase(KeyringCase):
    def keepassxc(self, **options):
        return self.start_keyring(KeePassXC(self.bus, self.home, self.log), **options)

    def test_nobody_is_asked_where_no_confirmation_is_wanted(self):
        keyring = self.keepassxc(ConfirmAccessItem=False)
        self.sign_in_and_renew()
        keyring.lock()
        self.says_that_it_waits("token", ALICE)
        keyring.stop()  # nobody is there to unlock it
        keyring.start(ConfirmAccessItem=False)
        self.assertIn(ALICE, self.run_ok("list"))
        self.sign_out()

    def test_by_its_defaults_it_asks_and_that_is_said(self):
        self.keepassxc()
        self.sign_in()
        self.assertIn(ALICE, self.run_ok("list"))
        self.assert_fails(STORAGE, "token", "--no-prompt", ALICE, words=["locked"])
        for command in ("token", "status", "logout"):
            with self.subTest(command=command):
                self.says_that_it_waits(command, ALICE)
        self.assertIn(ALICE, self.run_ok("list"))

    def test_a_question_that_nobody_answers_ends_by_itself(self):
        """Without a terminal it takes a minute."""
        self.keepassxc()
        self.sign_in()
        process = self.start("token", ALICE, stdin=subprocess.DEVNULL)
        out, err = process.communicate(timeout=60 + SECONDS)
        self.assertEqual((STORAGE, ""), (process.returncode, out), err)
        self.assertIn(WAITS, err)
        self.assertIn("question was not answered within 60 s. Unlock the keyring, or permit the access, and try again.", err)
        self.assertIn(ALICE, self.run_ok("list"))

    def test_with_no_database_open_nobody_could_look(self):
        self.keepassxc(opened=False)
        for command in ("login", "token", "status", "logout"):
            with self.subTest(command=command):
                self.assert_fails(STORAGE, command, ALICE, words=["Open its database"])
        self.assert_fails(STORAGE, "list", words=["Open its database"])
        self.assertEqual(0, self.token_requests())


class KeePassXCWithAPersonCase(KeyringCase):
    """By its defaults it asks before each secret is read and each entry goes."""

    def setUp(self):
        super().setUp()
        display = Display({})
        self.addCleanup(display.close)
        self.keyring = self.start_keyring(KeePassXC(self.bus, self.home, self.log, display.name))

    def answered(self, *arguments):
        """What the command prints when a person says yes to all that is asked meanwhile; and the titles of the questions."""
        process, asked = self.start(*arguments), []
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        end = time.monotonic() + 2 * SECONDS
        while process.poll() is None:
            self.assertLess(time.monotonic(), end, f"asked so far: {asked}")
            if (title := self.keyring.question()) is not None:
                asked.append(title)
                self.keyring.answer(title, typing=PASSWORD if title == UNLOCK else "")
            else:
                time.sleep(0.05)
        out, err = process.communicate()
        self.assertEqual(0, process.returncode, err)
        return out, asked

    def test_each_question_is_answered(self):
        bed("set", token_ttl=1)
        self.sign_in()
        before, tokens = self.token_requests(), set()
        for _ in range(3):
            token, asked = self.answered("token", ALICE)
            self.assertEqual([ACCESS], asked)
            tokens.add(token)
        self.assertEqual((3, before + 3), (len(tokens), self.token_requests()))
        bed("set", token_ttl=3600)
        self.keyring.lock()
        token, asked = self.answered("token", ALICE)
        self.assertEqual([UNLOCK, ACCESS], asked)
        self.assertEqual((token, [ACCESS]), self.answered("token", ALICE))
        _, asked = self.answered("logout", ALICE)
        self.assertEqual(ACCESS, asked[0])  # some versions then ask whether to delete it, too
        self.assertEqual("", self.run_ok("list"))


class KWalletCase(KeyringCase):
    def kwallet(self, **options):
        return self.start_keyring(KWallet(self.bus, self.home, self.log), **options)

    def test_an_open_wallet_asks_nobody(self):
        keyring = self.kwallet()
        token = self.sign_in_and_renew()
        keyring.lock()
        self.assert_fails(STORAGE, "token", "--no-prompt", ALICE, words=["locked"])
        self.says_that_it_waits("token", ALICE)
        keyring.stop()  # nobody is there to open it
        keyring.start()
        self.assertEqual(token, self.run_ok("token", ALICE))
        self.sign_out()

    def test_a_wallet_that_is_shut_asks_and_that_is_said(self):
        self.kwallet(opened=False)
        self.says_that_it_waits("login", ALICE)
        self.assert_fails(STORAGE, "token", "--no-prompt", ALICE, words=["locked"])
        self.assertEqual(0, self.token_requests())


class Scripted:
    """scripted_keyring.py, which answers a method when it is told to."""

    def __init__(self, env, log):
        self._env, self._log = env, log

    def start(self):
        self._process = secret_service.start_scripted(self._env, self._log)

    def stop(self):
        self._process.terminate()
        self._process.communicate()

    def hold(self, method):
        """What it is asked by that method from now on; what was held before is answered."""
        self._tell("Set", GLib.Variant("(ss)", ("late", method)))

    def add_crowd(self, count):
        self._tell("Crowd", GLib.Variant("(u)", (count,)))

    def counts(self):
        """How often each method was called, and how many items were looked at."""
        return collections.Counter(self._tell("Counts", None).unpack()[0])

    def _tell(self, method, arguments):
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        bus = Gio.DBusConnection.new_for_address_sync(self._env["DBUS_SESSION_BUS_ADDRESS"], flags, None, None)
        answer = bus.call_sync("org.freedesktop.secrets", "/org/freedesktop/secrets", "org.mail_oauth.Scripted", method,
                               arguments, None, Gio.DBusCallFlags.NONE, -1, None)
        bus.close_sync(None)
        return answer


class ScriptedCase(KeyringCase):
    def said_while_each_question_takes(self, seconds, keyring, stderr):
        """`status` of two; how many questions took so long."""
        keyring.hold("SearchItems")
        process, held = self.start("status", stderr=stderr), 0
        while process.poll() is None:
            try:
                process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                keyring.hold("SearchItems")
                held += 1
        out, err = process.communicate()
        keyring.hold("")
        self.assertEqual((0, 2), (process.returncode, len(out.splitlines())), err)
        self.assertGreater(held, 1)
        return err

    def test_a_command_with_several_questions_says_once_that_it_waits(self):
        keyring = self.start_keyring(Scripted(self.bus, self.log))
        self.sign_in()
        self.sign_in(BOB, BED_BROWSER_USER=BOB)
        said = self.said_while_each_question_takes(1.5, keyring, subprocess.PIPE)
        self.assertEqual(1, said.count(WAITS), said)
        terminal, ours = pty.openpty()
        self.addCleanup(os.close, terminal)
        self.said_while_each_question_takes(2.5, keyring, ours)
        os.write(ours, b"end\n")
        os.close(ours)
        said = b""
        while b"end" not in said:
            said += os.read(terminal, 10000)
        said = said.decode()
        self.assertEqual(1, said.count(WAITS), said)
        self.assertIn("question on the desktop", said)

    def test_a_token_costs_the_same_with_ten_thousand_signed_in(self):
        keyring = self.start_keyring(Scripted(self.bus, self.log))
        self.sign_in()
        alone = self.cost_of_a_token(keyring)
        keyring.add_crowd(10_000)
        self.assertEqual(alone, self.cost_of_a_token(keyring))
        self.assertGreater(alone["looked"], 0)

    def cost_of_a_token(self, keyring):
        before = keyring.counts()
        self.run_ok("token", ALICE)
        return keyring.counts() - before


if __name__ == "__main__":
    unittest.main()
