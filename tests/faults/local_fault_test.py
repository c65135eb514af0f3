#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of one's own machine (keyring, bus, folder of locks, clock, suspend), as the command meets them and a program that stays
(login_host.cc), and an account whose provider is stuck beside one whose is not.

    tests/bed/bed.py run -- tests/faults/local_fault_test.py
"""
import contextlib
import os
import shutil
import signal
import socket
import tempfile
import threading
import unittest
from pathlib import Path

from fault_case import LIMIT, Case, FaultCase, LoginHost

from cli_case import ALICE, STORAGE, TRANSIENT, bed, write_manifest
from fault_proxy import BlackHole
from process import wait_until
from scripted import Listener

FAKETIME = "libfaketimeMT.so.1"
IMAP = f"imap:tls:{os.environ['BED_IMAP_PORT']}:60"
COMMANDS = {"token": ("token", ALICE), "renewal": ("token", ALICE), "logout": ("logout", ALICE),
            "login": ("login", ALICE, "--provider", "odd")}


def faketime():
    [found] = Path("/usr/lib").glob(f"*/faketime/{FAKETIME}")
    return str(found)


def granted(grant_type):
    return sum(request.get("grant_type") == grant_type and request["status"] == 200 for request in bed("requests")["requests"])


def sign_in(host):
    [outcome] = host.ask(IMAP)
    return outcome


class LocalFaults(FaultCase):
    def again(self, ttl=3600):
        """Alice signs in; with a `ttl` of a second her token has to be renewed by who wants one."""
        bed("set", token_ttl=ttl)
        self.sign_in(ALICE, "--provider", "odd", BED_BROWSER_USER=ALICE)
        bed("set", token_ttl=3600)
        bed("clear_requests")

    def assert_says(self, fault, step, status, words):
        self.again(1 if step == "renewal" else 3600)
        before = self.run_ok("token", ALICE) if step == "token" else None
        with fault() as env:
            done = self.run_command(*COMMANDS[step], BED_BROWSER_USER=ALICE, BED_BROWSER_DENY="1", **env)
        self.assertEqual(status, done.returncode, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertEqual(1 if status == 0 else 0, len(done.stdout.splitlines()))
        if status:
            self.assertEqual([], [request for request in bed("requests")["requests"] if request["endpoint"] != "discovery"],
                             "somebody was asked in vain")
        after = self.run_ok("token", ALICE)  # the grant is there, and works
        self.assertEqual(1 if step == "renewal" else 0, granted("refresh_token"))
        if step == "token":
            self.assertEqual(before, after)

    @contextlib.contextmanager
    def locked(self):
        bed("lock_keyring")
        try:
            yield {}
        finally:
            bed("unlock_keyring")

    @contextlib.contextmanager
    def no_service(self):
        bed("stop_keyring")
        try:
            yield {}
        finally:
            bed("start_keyring")

    @contextlib.contextmanager
    def full_disk(self):
        """The keyring's own: what it has can be read, and nothing written."""
        bed("fill_keyring_disk")
        try:
            yield {}
        finally:
            bed("free_keyring_disk")

    @contextlib.contextmanager
    def no_bus(self):
        yield {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}

    @contextlib.contextmanager
    def shut_folder(self):
        """One's own home in which nothing can be made."""
        if os.geteuid() == 0:  # whom no mode keeps out
            yield {"HOME": "/proc"}
            return
        folder = tempfile.mkdtemp(dir=self.folder)
        os.chmod(folder, 0o500)
        yield {"HOME": folder}

    @contextlib.contextmanager
    def no_runtime_folder(self):
        yield {"XDG_RUNTIME_DIR": str(self.folder / "nowhere")}

    def test_the_keyring_fails_the_command_in_words_and_nothing_is_lost(self):
        for fault, words in ((self.locked, "Unlock it and try again."), (self.no_service, "Start gnome-keyring or another one."),
                             (self.no_bus, "Log in to a desktop")):
            for step in COMMANDS:
                with self.subTest(fault=fault.__name__, step=step):
                    self.assert_says(fault, step, STORAGE, words)

    def test_a_keyring_that_can_store_nothing_loses_no_grant(self):
        self.assert_says(self.full_disk, "token", 0, "")
        for step in ("renewal", "login", "logout"):
            with self.subTest(step=step):
                self.assert_says(self.full_disk, step, STORAGE, "Is its disk full?")

    def test_without_a_folder_for_locks_nobody_signs_in_in_vain_and_nothing_is_lost(self):
        self.assert_says(self.shut_folder, "token", 0, "")
        for step in ("renewal", "login", "logout"):
            with self.subTest(step=step):
                self.assert_says(self.shut_folder, step, STORAGE, "The folder for locks")
        self.assert_says(self.no_runtime_folder, "renewal", 0, "")

    # A program that stays ----------------------------------------------------------------

    def assert_recovers(self, fault, words):
        self.again(1)
        host = LoginHost(self)
        with fault():
            outcome, _, said = sign_in(host)
            self.assertEqual(str(STORAGE), outcome)
            self.assertIn(words, said)
        self.assertEqual(0, granted("refresh_token"))
        wait_until(lambda: sign_in(host)[0] == "in", "a login", LIMIT)
        self.assertEqual(1, granted("refresh_token"))

    def test_a_program_that_stays_goes_on_when_the_keyring_is_there_again(self):
        self.assert_recovers(self.locked, "Unlock it and try again.")
        self.assert_recovers(self.no_service, "Start gnome-keyring or another one.")

    def test_a_program_that_stays_stores_what_came_when_the_disk_has_room_again(self):
        self.again(1)
        host = LoginHost(self)
        with self.full_disk():
            self.assertEqual("in", sign_in(host)[0])
        self.assertEqual(0, host.close())
        self.run_ok("token", ALICE)
        self.assertEqual(1, granted("refresh_token"))

    def test_a_program_that_stays_needs_no_keyring_for_a_token_that_is_fresh(self):
        self.again()
        host = LoginHost(self)
        self.assertEqual("in", sign_in(host)[0])
        for fault in (self.locked, self.no_service):
            with fault():
                self.assertEqual("in", sign_in(host)[0])

    def test_a_program_that_stays_outlives_its_bus(self):
        self.again(1)
        relay = BusRelay(self.folder / "bus")
        host = LoginHost(self, DBUS_SESSION_BUS_ADDRESS=f"unix:path={relay.path}")
        bed("set", token_ttl=9)  # each login renews
        self.assertEqual("in", sign_in(host)[0])
        relay.close()
        outcome, _, said = sign_in(host)
        self.assertEqual(str(STORAGE), outcome)
        self.assertIn("Log in to a desktop", said)
        self.assertEqual(1, granted("refresh_token"))  # nobody is asked for what could not be kept
        self.addCleanup(BusRelay(self.folder / "bus").close)
        wait_until(lambda: sign_in(host)[0] == "in", "a login", LIMIT)

    def test_a_folder_of_locks_that_goes_is_made_again(self):
        home = self.folder / "home"
        home.mkdir(0o700)
        self.again(1)
        host = LoginHost(self, HOME=str(home))
        bed("set", token_ttl=9)  # each login renews
        self.assertEqual("in", sign_in(host)[0])
        shutil.rmtree(home / ".local")
        self.assertEqual("in", sign_in(host)[0])
        self.assertEqual(0o700, (home / ".local/state/mail-oauth/lock").stat().st_mode & 0o777)
        self.assertEqual(2, granted("refresh_token"))

    # Clocks ------------------------------------------------------------------------------

    def clock(self, step):
        return {"LD_PRELOAD": faketime(), "FAKETIME": step, "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}

    def test_a_token_that_came_while_the_clock_was_a_day_ahead_is_not_handed_out_for_a_day(self):
        self.again()
        first = self.run_ok("token", ALICE)
        ahead = self.run_ok("token", ALICE, **self.clock("+1d"))
        self.assertNotEqual(first, ahead)
        self.assertEqual(ahead, self.run_ok("token", ALICE, **self.clock("+1d")))
        self.assertEqual(1, granted("refresh_token"))
        after = self.run_ok("token", ALICE)
        self.assertNotEqual(ahead, after)
        self.assertEqual(after, self.run_ok("token", ALICE))
        self.assertEqual(2, granted("refresh_token"))

    def test_a_clock_that_is_a_day_behind_is_told_and_loses_nothing(self):
        """The certificates of the bed are of today."""
        self.again()
        first = self.run_ok("token", ALICE)
        said = self.run_command("token", ALICE, **self.clock("-1d"))
        self.assertEqual(TRANSIENT, said.returncode, said.stderr)
        self.assertIn("the clock of this computer", said.stderr)
        self.assertEqual(first, self.run_ok("token", ALICE))
        self.assertEqual(0, granted("refresh_token"))

    def host_with_a_clock(self):
        """And the file that says how far it is off."""
        now = self.folder / "now"
        now.write_text("+0", "ascii")
        self.again()
        env = {**self.clock("+0"), "FAKETIME_TIMESTAMP_FILE": str(now), "FAKETIME_NO_CACHE": "1"}
        del env["FAKETIME"]
        host = LoginHost(self, **env)
        self.assertEqual("in", sign_in(host)[0])
        return host, now

    def test_a_clock_that_is_stepped_under_a_program_that_stays_costs_one_renewal_each_way(self):
        host, now = self.host_with_a_clock()
        for step, renewals in (("+1d", 1), ("+0", 2)):
            now.write_text(step, "ascii")
            self.assertEqual(["in", "in"], [sign_in(host)[0], sign_in(host)[0]])
            self.assertEqual(renewals, granted("refresh_token"))
        now.write_text("-1d", "ascii")  # the certificates of the bed are of today
        outcome, code, said = sign_in(host)
        self.assertEqual((str(TRANSIENT), "certificate"), (outcome, code), said)
        now.write_text("+0", "ascii")
        self.assertEqual("in", sign_in(host)[0])
        self.assertEqual(2, granted("refresh_token"))

    def test_after_a_night_suspended_one_renewal_is_enough(self):
        host, now = self.host_with_a_clock()
        host.process.send_signal(signal.SIGSTOP)
        now.write_text("+8h", "ascii")
        host.process.send_signal(signal.SIGCONT)
        bed("expire_tokens")
        self.assertEqual("in", sign_in(host)[0])
        self.assertEqual(1, granted("refresh_token"))

    # Accounts ----------------------------------------------------------------------------

    def test_an_account_whose_provider_is_stuck_delays_no_other(self):
        """Both tokens have to be renewed. Hers at the provider that hangs is let go when the other one was used."""
        gate = Gate(int(os.environ["BED_ISSUER"].rsplit(":", 1)[1]))
        self.addCleanup(gate.close)
        write_manifest("stuck", extends="bed", name="Stuck", domains=[], client_id=os.environ["BED_CLIENT_ID"],
                       token_endpoint=f"https://localhost:{gate.port}/token")
        self.again(1)
        bed("set", token_ttl=1)
        self.sign_in(ALICE, "--provider", "stuck", BED_BROWSER_USER=ALICE)
        bed("set", token_ttl=3600)
        other = self.proxy(Case("imap", False, "verdict", "byte by byte"))
        host = LoginHost(self)
        gate.shut()
        host.begin(f"{IMAP}:stuck imap:tls:{other.port}:60")
        wait_until(lambda: gate.waiting == 1 and other.left is None, "the other account at its server", LIMIT)
        self.assertEqual(1, gate.waiting)
        gate.open()
        self.assertEqual([("in", "", "")] * 2, host.end())

    def test_a_mail_server_that_is_not_there_delays_no_other_account(self):
        self.again()
        write_manifest("second", extends="bed", name="Second", domains=[], client_id=os.environ["BED_CLIENT_ID"])
        self.sign_in(ALICE, "--provider", "second", BED_BROWSER_USER=ALICE)
        hole = BlackHole()
        self.addCleanup(hole.close)
        other = self.proxy(Case("imap", False, "verdict", "byte by byte"))
        host = LoginHost(self)
        host.begin(f"imap:tls:{hole.port}:60:second imap:tls:{other.port}:60")
        wait_until(lambda: other.left is None, "the other account at its server", LIMIT)
        hole.close()  # which refuses from now on
        self.assertEqual([("connect", "", ""), ("in", "", "")], host.end())


class Gate:
    """Another port of the authorization server, where connections wait while it is shut. Knows nothing of TLS."""

    def __init__(self, target):
        self.waiting = 0
        self._target, self._open = target, threading.Event()
        self._open.set()
        self._listener = Listener(self._serve)
        self.port = self._listener.port

    def shut(self):
        self._open.clear()

    def open(self):
        self._open.set()

    def close(self):
        self.open()
        self._listener.close()

    def _serve(self, near):
        self.waiting += 1
        self._open.wait(LIMIT)
        self.waiting -= 1
        with socket.create_connection(("localhost", self._target)) as far:
            threading.Thread(target=pass_on, args=(far, near), daemon=True).start()
            pass_on(near, far)


def pass_on(one, other):
    """Until one of them is gone, and then the other is told."""
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)


class BusRelay:
    """Another way to the session bus, that can end."""

    def __init__(self, path):
        self.path = str(path)
        self._bus = os.environ["DBUS_SESSION_BUS_ADDRESS"].split("unix:path=")[1].split(",")[0]
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(self.path)
        self._listening.listen()
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._bus)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=pass_on, args=(one, other), daemon=True).start()

    def close(self):
        for one in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open = []
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)


if __name__ == "__main__":
    unittest.main()
