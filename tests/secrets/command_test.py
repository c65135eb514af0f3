#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No trace of a secret of the command and of programs with the C library: with every log on, in what they say, in their
files, command lines, environments, and in what a core dump would hold of them at the moments that SECURITY.md names.

    tests/bed/bed.py run -- tests/secrets/command_test.py
"""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli")]

# pylint: disable=wrong-import-position
import moments
import traces
from cli_case import ALICE, BED, COMMAND, SECONDS, CliCase, bed, write_manifest
from moments import Pipe, Watch, wait_for

FOLDERS = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
NO_DESKTOP = {"DISPLAY": None, "WAYLAND_DISPLAY": None, "BROWSER": "/bin/false"}


class TraceCase(CliCase):
    """What every test's programs say and leave is searched at its end."""

    def setUp(self):
        self.watch = Watch(bed, self)
        folder = tempfile.TemporaryDirectory(prefix="traces-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.logs = {}
        super().setUp()
        bed("clear_requests")
        self._in_tmp = set(os.listdir("/tmp"))

    def environment(self, **changes):
        """The test's own has the secret of a client, which no person's has."""
        return super().environment(**{**self.watch.environment, "BED_CLIENT_SECRET": None, **changes})

    def with_every_log(self, name):
        """libetpan's log goes to a file."""
        path = os.path.join(self.folder, name)
        return path, {"LD_PRELOAD": os.environ["EVERY_LOG_MODULE"], "EVERY_LOG": path}

    def talk_of_glib(self, *arguments, **env):
        """What a command says with GLib's log on, which goes to standard output."""
        done = self.run_command(*arguments, G_MESSAGES_DEBUG="all", **env)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("GLib-GIO-DEBUG", done.stdout)
        return (done.stdout + done.stderr).encode()

    def nothing_left(self, **logs):
        """In what was said, and in all files: the folders of a person, and what is new in /tmp."""
        secrets = self.watch.secrets()
        self.watch.said_nothing(secrets, {**self.logs, **logs})
        new = [os.path.join("/tmp", name) for name in set(os.listdir("/tmp")) - self._in_tmp]
        for folder in [os.environ[name] for name in FOLDERS] + new + [self.folder]:
            self.assertEqual(set(), traces.in_files(secrets, folder), folder)

    def sign_in_until_past(self):
        """A sign-in whose token has ended."""
        bed("set", token_ttl=1)
        self.sign_in()
        end = time.time() + 1
        bed("set", token_ttl=3600)
        wait_for(lambda: time.time() > end, "the end of the token")
        bed("clear_requests")

    def held_back(self):
        """The server has worked out an answer of the token endpoint, and holds it back."""
        wait_for(lambda: any(entry["endpoint"] == "token" and entry.get("status") for entry in bed("requests")["requests"]),
                 "a request for tokens")

    @contextlib.contextmanager
    def started(self, arguments, env=None, **streams):
        """A program that is killed where the test leaves it: a test that fails must not wait for what it held."""
        with subprocess.Popen(arguments, env=self.environment(**(env or {})), **streams) as process:
            try:
                yield process
            finally:
                process.kill()

    def run_into(self, moment, arguments, *, descriptor=1, room=0, held=(), **env):
        """Runs a program until it writes to a pipe that is full, and looks; what it wrote."""
        pipe = Pipe(room)
        stream = {1: "stdout", 2: "stderr"}[descriptor]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: pipe.end}
        with self.started(arguments, env, stdin=subprocess.DEVNULL, **streams) as process:
            wait_for(lambda: Pipe.stands(process, descriptor), f"{arguments[0]} writes")
            self.watch.moment(moment, process.pid, held)
            process.kill()
            said = process.communicate()
        return b"".join(text for text in said if text) + pipe.written()


class Command(TraceCase):
    def login(self, *more, secrets):
        """A login held twice: with its request for tokens on the way, and where it says that it is done."""
        pipe = Pipe(_ROOM_FOR_TALK)
        bed("set", hold_token_answers=True)
        with self.started([COMMAND, "login", *more, ALICE], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=pipe.end) as process:
            self.held_back()
            self.watch.moment("login, its request under way", process.pid, secrets)
            pipe.fill()
            bed("set", hold_token_answers=False)
            wait_for(lambda: Pipe.stands(process, 2), "it says that it is done")
            self.watch.moment("login, done", process.pid)
        self.logs["login, held"] = pipe.written()

    def test_a_login_with_the_browser_leaves_no_trace(self):
        self.login(secrets={"code", "code_verifier"})
        self.nothing_left(login=self.talk_of_glib("login", ALICE), logout=self.talk_of_glib("logout", ALICE))

    def test_a_login_with_a_client_secret_leaves_no_trace(self):
        write_manifest("bed2", extends="bed", name="Bed 2", client_secret="required", domains=[])
        self.run_ok("client", "set", "bed2", "--client-id", os.environ["BED_SECRET_CLIENT_ID"], "--secret-stdin",
                    text=os.environ["BED_CLIENT_SECRET"] + "\n")
        self.login("--provider", "bed2", secrets={"code", "code_verifier", "client_secret"})
        self.nothing_left()

    def test_a_login_with_a_code_leaves_no_trace(self):
        with self.started([COMMAND, "login", "--device", "--json", ALICE], NO_DESKTOP, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            event = json.loads(process.stdout.readline())
            self.watch.moment("login with a code, waiting", process.pid, {"device_code"})
            subprocess.run([sys.executable, os.path.join(BED, "signin.py"), event["verification_uri"], ALICE, "--code",
                            event["user_code"]], capture_output=True, timeout=SECONDS, check=True)
            said = process.communicate(timeout=SECONDS)
        self.assertEqual(0, process.returncode, said)
        self.nothing_left(device=json.dumps(event).encode() + "".join(said).encode())

    def test_a_token_that_is_fresh_lies_in_the_arena_only(self):
        self.sign_in()
        self.run_into("token, fresh", [COMMAND, "token", ALICE], held={"access_token", "refresh_token"})
        self.run_into("token --json, fresh", [COMMAND, "token", "--json", ALICE], held={"access_token"})
        self.nothing_left(list=self.run_ok("list").encode())

    def test_a_renewal_leaves_no_trace(self):
        self.sign_in_until_past()
        self.run_into("token, renewed", [COMMAND, "token", ALICE], held={"access_token"})
        self.assertEqual(1, bed("requests")["counts"].get("token", 0))
        self.nothing_left(list=self.run_ok("list").encode())

    def test_a_sign_out_leaves_no_trace(self):
        self.sign_in()
        said = self.run_into("logout, done", [COMMAND, "logout", ALICE], descriptor=2)
        self.assertEqual(1, bed("requests")["counts"].get("revocation", 0))
        self.nothing_left(list=self.run_ok("list", "--json").encode() + said)

    def test_a_check_of_all_protocols_leaves_no_trace(self):
        self.sign_in()
        path, every_log = self.with_every_log("etpan-of-check")
        said = self.talk_of_glib("check", "--full", ALICE, **every_log)
        with open(path, "rb") as file:
            log = file.read()
        for word in (b"CAPABILITY", b"EHLO", b"+OK"):
            self.assertIn(word, log)
        self.nothing_left(check=said, etpan=log)


#: Bytes that a login says before its request for tokens is sent; less than a pipe's page.
_ROOM_FOR_TALK = 3000


class Library(TraceCase):
    """The example of the docs, and a program that uses libetpan's own calls."""

    def ports(self):
        return [os.environ[f"BED_{name}_PORT"] for name in ("IMAP", "POP", "SMTP")]

    def one_message(self):
        bed("clear_mailbox", mailbox=ALICE)
        bed("deliver", mailbox=ALICE, subject="One", body="one")

    def etpan_log(self, path):
        with open(path, "rb") as file:
            return file.read()

    def test_a_program_in_c_leaves_no_trace(self):
        self.sign_in()
        self.one_message()
        path, every_log = self.with_every_log("etpan-of-host")
        host = [os.environ["MAIL_HOST"], ALICE, "localhost", *self.ports()]

        self.run_into("a C program, signed in over IMAP", host, held={"access_token"}, **every_log)
        done = subprocess.run(host, env=self.environment(**every_log), capture_output=True, timeout=SECONDS, check=True)
        before_sent, sent, _ = done.stdout.partition(b"sent")
        self.assertTrue(sent, done)

        self.one_message()
        said = self.run_into("a C program, signed in over IMAP, POP3 and SMTP", host, room=len(before_sent),
                             held={"access_token"}, **every_log)
        self.nothing_left(host=done.stdout + said, etpan=self.etpan_log(path))

    def test_a_program_with_libetpans_own_calls_leaves_no_trace(self):
        bed("set", token_bytes=300)
        self.sign_in()
        path, every_log = self.with_every_log("etpan-by-name")
        for mechanism in ("XOAUTH2", "OAUTHBEARER"):
            by_name = [os.environ["BY_NAME"], mechanism, ALICE, "localhost", *self.ports()]
            self.run_into("a program with libetpan's own calls, signed in over IMAP", by_name, **every_log)
            done = subprocess.run(by_name, env=self.environment(**every_log), capture_output=True, timeout=SECONDS, check=True)
            self.logs[mechanism] = done.stdout
        self.nothing_left(etpan=self.etpan_log(path))

    def test_a_program_that_stays_leaves_no_trace_in_what_it_says(self):
        self.sign_in_until_past()
        askers = [os.environ["ASKERS"], "4", "bed", os.environ["BED_CLIENT_ID"], ALICE]
        with self.started(askers, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            self.assertEqual("ready\n", process.stdout.readline())
            process.stdin.write("\n")
            process.stdin.flush()
            said = [line for line in iter(process.stdout.readline, "done\n") if line]
            self.assertEqual(1, bed("requests")["counts"].get("token", 0))
            self.watch.moment("a program that stays, renewed", process.pid, {"access_token", "refresh_token"})
            process.communicate("", timeout=SECONDS)
        self.nothing_left(askers="".join(said).encode())


if __name__ == "__main__":
    unittest.main()
