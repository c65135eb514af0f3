# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the command share: running it against the bed whose environment we have."""
import json
import os
import signal
import subprocess
import sys
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BED = os.path.join(ROOT, "tests", "bed")
sys.path.insert(0, BED)

# pylint: disable=wrong-import-position
import control

COMMAND = os.environ.get("MAIL_OAUTH", os.path.join(ROOT, "build", "src", "cli", "mail-oauth"))
BROWSER = os.path.join(BED, "browser")
PROVIDERS = os.path.join(os.environ["XDG_CONFIG_HOME"], "mail-oauth", "providers")
ALICE, BOB = "alice@contoso.test", "bob@contoso.test"
SECONDS = 30

# What a shell starts in the background ignores it, and so do those that we start: they are interrupted in tests.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Exit codes, by the kinds of errors.
CONFIG, REAUTHORIZE, CANCELLED, TRANSIENT, REFUSED, STORAGE, PROTOCOL = 2, 3, 4, 5, 6, 7, 8


def bed(operation, **arguments):
    return control.post_json(f"{os.environ['BED_CONTROL']}/{operation}", arguments)


def write_manifest(provider, /, **fields):
    """Whoever reads it meanwhile finds the one of before, or this one."""
    path = os.path.join(PROVIDERS, f"{provider}.json")
    with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"schema": 1, "id": provider, **fields}, file)
    os.replace(path + ".new", path)
    return path


class CliCase(unittest.TestCase):
    """Nobody is signed in when a test begins, and the bed behaves."""

    def setUp(self):
        self.settings = bed("set")
        self.addCleanup(self._restore)
        self.run_ok("client", "set", "bed", "--client-id", os.environ["BED_CLIENT_ID"])

    def _restore(self):
        bed("set", **self.settings)
        for grant in self.run_json("list")["grants"]:
            self.run_ok("logout", grant["identity"], "--provider", grant["provider"], "--client", grant["client"])
        for name in os.listdir(PROVIDERS):
            if name != "bed.json":
                os.unlink(os.path.join(PROVIDERS, name))

    def environment(self, **changes):
        env = {**os.environ, "BROWSER": BROWSER, "LANGUAGE": "C", **changes}
        return {name: value for name, value in env.items() if value is not None}

    def start(self, *arguments, stdin=subprocess.PIPE, stderr=subprocess.PIPE, **env):
        return subprocess.Popen([COMMAND, *arguments], env=self.environment(**env), text=True,
                                stdin=stdin, stdout=subprocess.PIPE, stderr=stderr)

    def run_command(self, *arguments, text="", **env):
        return subprocess.run([COMMAND, *arguments], env=self.environment(**env), input=text, text=True,
                              capture_output=True, timeout=SECONDS, check=False)

    def run_ok(self, *arguments, text="", **env):
        done = self.run_command(*arguments, text=text, **env)
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout

    def run_json(self, *arguments, **env):
        answer = json.loads(self.run_ok(*arguments, "--json", **env))
        self.assertEqual(1, answer["v"])
        return answer

    def assert_fails(self, code, *arguments, words=(), text="", **env):
        """In words and with --json; returns what was said."""
        done = self.run_command(*arguments, text=text, **env)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        self.assertEqual("", done.stdout)
        for word in words:
            self.assertIn(word, done.stderr)
        return done.stderr

    def assert_fails_json(self, code, kind, *arguments, **env):
        done = self.run_command(*arguments, "--json", **env)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        last = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual(1, last["v"])
        error = last if last.get("event") == "error" else last["error"]
        self.assertEqual(kind, error["kind"])
        self.assertTrue(error["message"])

    def sign_in(self, address=ALICE, *more, **env):
        return self.run_ok("login", address, *more, **env)

    def interrupt(self, process):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)
        return process.returncode, out, err
