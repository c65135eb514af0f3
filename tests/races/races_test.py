#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many threads of many processes want one grant's token at the moment at which it ends, against a server that ends
the grant when a refresh token comes twice:

    tests/bed/bed.py run -- tests/races/races_test.py

--rounds N: how often a process is killed (10); --seed N: at which moments (printed).
"""
import argparse
import collections
import fcntl
import glob
import hashlib
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))

# pylint: disable=wrong-import-position
from cli_case import ALICE, REAUTHORIZE, SECONDS, STORAGE, CliCase, bed, write_manifest

CLIENT = os.environ["BED_CLIENT_ID"]
LOCKS = os.path.join(os.environ["HOME"], ".local", "state", "mail-oauth", "lock")
PATIENCE = 90


class Askers:
    """One process of `threads` threads (askers.cc). With `old`, they ask until they get another token."""

    def __init__(self, threads, provider="bed", old=None):
        self._process = subprocess.Popen(
            [os.environ["ASKERS"], str(threads), provider, CLIENT, ALICE] + ([old] if old else []),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ready(self):
        line = self._process.stdout.readline()
        if line != "ready\n":
            raise AssertionError(f"not ready: {line!r}, {self._process.wait()}")

    def go(self):
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def told(self):
        """A line for each thread; fewer than there are when the process ended before."""
        lines = []
        for line in self._process.stdout:
            if line == "done\n":
                break
            lines.append(line.rstrip("\n"))
        return lines

    def kill(self):
        self._process.kill()

    def close(self):
        self._process.communicate(timeout=PATIENCE)
        return self._process.returncode


def race(processes):
    """Lets all of them go at once; what their threads told."""
    for process in processes:
        process.ready()
    for process in processes:
        process.go()
    return [line for process in processes for line in process.told()]


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    return parser.parse_known_args()


def digest(token):
    return hashlib.sha256(token.strip().encode()).hexdigest()


def refreshes():
    return bed("requests")["counts"].get("token", 0)


class RaceCase(CliCase):
    def assert_one_new_token(self, told, threads):
        self.assertEqual(threads, len(told))
        self.assertEqual(1, len(set(told)), collections.Counter(told))
        self.assertRegex(told[0], "^token [0-9a-f]{64}$")
        self.assertEqual(1, refreshes(), bed("requests")["counts"])
        # The grant lives: the server takes the refresh token that came with it.
        bed("set", token_ttl=3600)
        self.assertEqual(told[0], f"token {digest(self.run_ok('token', ALICE))}")

    def sign_in_with_an_expired_token(self):
        bed("set", token_ttl=1)
        self.sign_in()
        bed("set", token_ttl=3600)
        bed("expire_tokens")
        bed("clear_requests")

    def askers(self, *arguments, **options):
        made = Askers(*arguments, **options)
        self.addCleanup(made.close)
        return made


class OneRefresh(RaceCase):
    def test_64_threads_of_a_process_cost_one_refresh(self):
        self.sign_in_with_an_expired_token()
        self.assert_one_new_token(race([self.askers(64)]), 64)

    def test_8_processes_of_32_threads_cost_one_refresh(self):
        self.sign_in_with_an_expired_token()
        self.assert_one_new_token(race([self.askers(32) for _ in range(8)]), 256)

    def test_8_processes_that_have_the_token_cost_one_refresh_when_it_ends(self):
        # Nobody renews ahead here, so that all meet the end itself.
        write_manifest("tight", extends="bed", name="Tight", refresh_margin=0, domains=[])
        bed("set", token_ttl=13)
        self.sign_in(ALICE, "--provider", "tight")
        old = digest(self.run_ok("token", ALICE))
        bed("set", token_ttl=3600)
        bed("clear_requests")
        told = race([self.askers(32, provider="tight", old=old) for _ in range(8)])
        self.assertNotIn(f"token {old}", told)
        self.assert_one_new_token(told, 256)

    def test_a_program_that_stays_and_8_commands_cost_one_refresh(self):
        self.sign_in_with_an_expired_token()
        program = self.askers(32)
        program.ready()
        commands = [self.start("token", ALICE) for _ in range(8)]
        program.go()
        printed = [command.communicate(timeout=SECONDS) for command in commands]
        self.assertEqual([0] * 8, [command.returncode for command in commands], [err for _, err in printed])
        told = program.told() + [f"token {digest(out)}" for out, _ in printed]
        self.assert_one_new_token(told, 40)


class OneLock(RaceCase):
    """The environment of a process does not say which grant it reaches."""

    def environments(self):
        private = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, private)
        return {"desktop": {},
                "cron with the bus's address": {"XDG_RUNTIME_DIR": None, "XDG_STATE_HOME": None, "DISPLAY": None},
                "ssh": {"DBUS_SESSION_BUS_ADDRESS": None, "DISPLAY": None},
                "systemd unit": {"XDG_STATE_HOME": None, "DISPLAY": None},
                "flatpak": {"XDG_RUNTIME_DIR": private, "XDG_STATE_HOME": os.path.join(private, "state")}}

    def test_processes_of_all_environments_cost_one_refresh(self):
        self.sign_in_with_an_expired_token()
        bed("set", token_delay_ms=700)
        self.addCleanup(bed, "set", token_delay_ms=0)
        program = self.askers(4)
        program.ready()
        seats = list(self.environments().items()) * 2
        commands = [self.start("token", ALICE, **env) for _, env in seats]
        program.go()
        printed = [command.communicate(timeout=SECONDS) for command in commands]
        told = program.told() + [f"token {digest(out)}" for out, _ in printed]
        self.assertEqual([0] * len(seats), [command.returncode for command in commands],
                         [(name, err) for (name, _), (_, err) in zip(seats, printed)])
        self.assert_one_new_token(told, 4 + len(seats))

    def test_a_process_that_reaches_no_keyring_asks_nobody(self):
        self.sign_in_with_an_expired_token()
        cron = self.run_command("token", ALICE, XDG_RUNTIME_DIR=None, DBUS_SESSION_BUS_ADDRESS=None, DISPLAY=None)
        self.assertEqual(STORAGE, cron.returncode, cron.stderr)
        self.assertEqual(0, refreshes())


class ChangedServer(RaceCase):
    def test_the_provider_changes_its_address_while_4_processes_ask(self):
        """Nothing is sent to the new one, and the sign-in of the old one is kept."""
        with socket.create_server(("127.0.0.1", 0)) as foreign:
            foreign.settimeout(0)
            self.put_at(None)
            bed("set", token_ttl=1)  # every question is a renewal
            self.sign_in(ALICE, "--provider", "moving")
            for number in range(5):
                with self.subTest(round=number):
                    told = self.ask_while_it_moves(f"https://localhost:{foreign.getsockname()[1]}/token")
                    self.assertEqual(32, len(told))
                    for line in told:
                        self.assertRegex(line, "^(token [0-9a-f]{64}|error .*token endpoint changed.*)$")
                    self.assertRaises(BlockingIOError, foreign.accept)
                    self.put_at(None)
                    self.run_ok("token", ALICE, "--provider", "moving")

    def ask_while_it_moves(self, endpoint):
        processes = [self.askers(8, provider="moving") for _ in range(4)]
        for process in processes:
            process.ready()
        for process in processes[:2]:
            process.go()
        self.put_at(endpoint)
        for process in processes[2:]:
            process.go()
        return [line for process in processes for line in process.told()]

    @staticmethod
    def put_at(endpoint):
        write_manifest("moving", extends="bed", name="Moving", domains=[], **({"token_endpoint": endpoint} if endpoint else {}))


class Killed(RaceCase):
    """One of two processes ends by SIGKILL somewhere in its renewal."""

    rounds, seed = 10, 0

    def test_after_a_kill_the_grant_works_or_wants_a_new_sign_in(self):
        print(f"--rounds {self.rounds} --seed {self.seed}", file=sys.stderr)
        chance = random.Random(self.seed)
        bed("set", token_ttl=1)  # every question is a renewal
        self.sign_in()
        ends = collections.Counter()
        whole = self.seconds_of_a_renewal()
        for number in range(self.rounds):
            with self.subTest(round=number):
                bed("set", token_delay_ms=chance.choice([0, 0, 40]))
                ends[self.round(chance.uniform(0, 1.5 * whole), killed_first=chance.random() < 0.7)] += 1
        print(f"{self.rounds} killed: {dict(ends)}", file=sys.stderr)
        self.assertEqual(self.rounds, sum(ends.values()))

    def seconds_of_a_renewal(self):
        process = Askers(4)
        process.ready()
        began = time.monotonic()
        process.go()
        process.told()
        spent = time.monotonic() - began
        process.close()
        return spent

    def round(self, delay, killed_first):
        victim, survivor = Askers(4), Askers(4)
        for process in (victim, survivor):
            process.ready()
        for process in (victim, survivor) if killed_first else (survivor, victim):
            process.go()
        timer = threading.Timer(delay, victim.kill)
        timer.start()
        told = survivor.told()
        timer.join()
        self.assertEqual(0, survivor.close())
        victim.close()
        self.assertEqual(4, len(told))
        for line in told:
            self.assertRegex(line, f"^(token [0-9a-f]{{64}}|error {REAUTHORIZE} .*)$")
        self.assert_no_lock_is_held()
        self.assert_the_item_is_whole()
        return self.state_of_the_grant()

    def assert_no_lock_is_held(self):
        locks = glob.glob(os.path.join(LOCKS, "*.lock"))
        self.assertTrue(locks)
        for lock in locks:
            with open(lock, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def assert_the_item_is_whole(self):
        found = subprocess.run(["secret-tool", "lookup", "kind", "grant", "provider", "bed", "identity", ALICE],
                               capture_output=True, text=True, timeout=SECONDS, check=True)
        item = json.loads(found.stdout)
        self.assertEqual(1, item["v"])
        for name in ("refresh_token", "scope", "token_endpoint"):
            self.assertIsInstance(item[name], str)
            self.assertTrue(item[name])
        # Who finds that the grant has ended leaves a token that nobody can renew to nobody.
        self.assertIsInstance(item["access_token"], str)
        self.assertTrue(item["access_token"] or "ended_at" in item, sorted(item))
        self.assertEqual([ALICE], [grant["identity"] for grant in self.run_json("list")["grants"]])

    def state_of_the_grant(self):
        done = self.run_command("token", ALICE)
        if done.returncode == 0:
            return "works"
        self.assertEqual(REAUTHORIZE, done.returncode, done.stderr)
        self.assertIn(f"mail-oauth login --provider bed {ALICE}", done.stderr)
        self.sign_in()
        self.run_ok("token", ALICE)
        return "sign in again"


if __name__ == "__main__":
    OPTIONS, REST = options()
    Killed.rounds, Killed.seed = OPTIONS.rounds, OPTIONS.seed
    unittest.main(argv=sys.argv[:1] + REST)
