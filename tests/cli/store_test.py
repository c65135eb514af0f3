#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`--store command`: gpg, pass and systemd-creds as docs/stores.md has them, where there is no desktop:

    tests/bed/bed.py run --no-keyring -- tests/cli/store_test.py

Every command here has the environment of a cron job: HOME and PATH, and nothing else.
"""
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
import unittest
from pathlib import Path

from cli_case import (ALICE, BED, BOB, COMMAND, CONFIG, REAUTHORIZE, ROOT, SECONDS, STORAGE, CliCase, bed)

HOME = Path(os.environ["BED_DIR"], "cron")
STATE = HOME / ".local/state/mail-oauth"
KEY = "tester@example.org"
DOCUMENT = Path(ROOT, "docs", "stores.md").read_text(encoding="utf-8")


#: A command that is built for a sanitizer opens its modules by this, and reports as the test run wants it.
SANITIZER = ("LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS")
SANITIZED = b"__asan_init" in Path(COMMAND).read_bytes()


def cron(**more):
    """What cron gives, and where the uninstalled command finds its manifests."""
    kept = {name: os.environ[name] for name in SANITIZER if SANITIZED and name in os.environ}
    return {"HOME": str(HOME), "PATH": os.environ["PATH"], "XDG_DATA_DIRS": os.environ["XDG_DATA_DIRS"], **kept, **more}


def systemd_release():
    """The number of systemd's release, such as 252."""
    told = subprocess.run(["systemd-creds", "--version"], capture_output=True, text=True, check=True).stdout
    return int(told.split()[1])


def options_of(name):
    """The options of `mail-oauth login` as the document has them under the heading `name`."""
    section = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL).group(1)
    block = next(b for b in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) if "--store command" in b)
    call = block[block.index("mail-oauth login"):].replace("\\\n", " ")
    options = re.findall(r"(--store(?:-\w+)?) (?:'([^']*)'|(\S+))", call)
    return [word for option, quoted, plain in options for word in (option, (quoted or plain).replace("KEY", KEY))]


class StoreCase(CliCase):
    """Nobody is signed in, and there is a home with a key of gpg's."""

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(HOME, ignore_errors=True)
        HOME.mkdir(mode=0o700)
        providers = HOME / ".config/mail-oauth/providers"
        providers.mkdir(parents=True, mode=0o700)
        shutil.copy(Path(os.environ["XDG_CONFIG_HOME"], "mail-oauth/providers/bed.json"), providers)
        subprocess.run(["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", KEY, "default",
                        "default", "never"], env=cron(), check=True, capture_output=True)
        cls.addClassCleanup(subprocess.run, ["gpgconf", "--kill", "all"], env=cron(), check=False)

    def environment(self, **changes):
        return cron(**changes)

    def _restore(self):
        bed("set", **self.settings)
        shutil.rmtree(STATE, ignore_errors=True)

    def log_in(self, options, address=ALICE, **env):
        """As over ssh: the browser is elsewhere, the address it ended on is pasted."""
        process = self.start("login", "--paste", "--json", *options, address, **env)
        first = json.loads(process.stdout.readline())
        self.assertEqual("authorization_url", first.get("event"), first)
        ended = subprocess.run([sys.executable, os.path.join(BED, "signin.py"), first["url"], address, "--no-redirect"],
                               capture_output=True, text=True, timeout=SECONDS, check=True)
        out, err = process.communicate(ended.stdout.strip() + "\n", timeout=SECONDS)
        self.assertEqual(0, process.returncode, out + err)

    def files(self):
        return [path for path in STATE.rglob("*") if path.is_file() and path.parent.name == "grants"]

    def walk(self, options, **env):
        """From signing in to signing out, each a process that is told nothing."""
        bed("set", token_ttl=1)
        self.log_in(options, **env)
        bed("set", token_ttl=3600)
        self.assertIn(ALICE, self.run_ok("list", **env))
        bed("expire_tokens")
        bed("clear_requests")
        token = self.run_ok("token", ALICE, **env)
        self.assertGreater(len(token), 2400)
        self.assertEqual(1, bed("requests")["counts"]["token"])
        self.assertEqual(token, self.run_ok("token", ALICE, **env))  # the renewed one was kept
        self.assertEqual(1, bed("requests")["counts"]["token"])
        self.assertIn("IMAP", self.run_ok("status", ALICE, **env))
        self.assert_closed()
        self.run_ok("logout", ALICE, **env)
        self.assertEqual("", self.run_ok("list", **env) if self.files() else "")
        self.assertEqual([], self.files())

    def assert_closed(self):
        """Files 0600, folders 0700, and no token to be read in them."""
        kept = self.files()
        self.assertEqual(1, len(kept))
        for path in [*STATE.rglob("*"), STATE]:
            self.assertEqual(0o700 if path.is_dir() else 0o600, stat.S_IMODE(path.stat().st_mode), path)
        text = kept[0].read_text(encoding="utf-8")
        for word in ("refresh_token", "access_token", "eyJ"):
            self.assertNotIn(word, text)
        self.assertIn(ALICE, text)


class Examples(StoreCase):
    def test_gpg(self):
        self.walk(options_of("gpg"))

    def test_pass(self):
        subprocess.run(["pass", "init", KEY], env=cron(), check=True, capture_output=True)
        self.walk(options_of("pass"))
        store = HOME / ".password-store"
        self.assertEqual([], [p for p in store.rglob("*.gpg") if p.is_file()])

    # From 256 on it hands what an ordinary user asks to a system service, which a test does not start: for
    # them this is neither run nor counted.
    if not os.geteuid() or systemd_release() < 256:
        def test_systemd_creds(self):
            # The host's key is in a folder of root's; a test has its own.
            self.walk(options_of("systemd-creds"), SYSTEMD_CREDENTIAL_SECRET=str(HOME / "credential.secret"))


class Behaviour(StoreCase):
    def options(self, write="", read=""):
        """gpg's, with `write` or `read` in front."""
        _, _, _, writes, _, reads = options_of("gpg")
        self.assertIn("-e", writes)
        return ["--store", "command", "--store-write", write + writes, "--store-read", read + reads]

    def recorder(self, name):
        """A program that notes its arguments and environment, and runs the rest."""
        program = HOME / name
        program.write_text(f'#!/bin/sh\n{{ printf "%s\\n" "$@"; env; }} >>{HOME}/noted\nexec "$@"\n', encoding="ascii")
        program.chmod(0o700)
        return f"{program} "

    def test_without_a_keyring_the_words_name_the_way_out(self):
        for command in ("login", "token", "status"):
            words = self.assert_fails(STORAGE, command, ALICE, words=["--store command"])
            self.assertIn("session bus", words)
        self.assert_fails_json(STORAGE, "storage", "list")
        self.assertEqual([], self.files())  # nothing was chosen silently

    def test_no_secret_is_in_arguments_or_environment(self):
        wrapped = self.recorder("noting")
        self.log_in(self.options(wrapped, wrapped))
        token = self.run_ok("token", ALICE).strip()
        noted = Path(HOME, "noted").read_text(encoding="utf-8")
        self.assertIn("gpg", noted)
        self.assertNotIn(token, noted)
        self.assertNotIn("refresh_token", noted)

    def test_a_code_on_another_device_signs_in_too(self):
        process = self.start("login", "--device", "--json", *self.options(), ALICE)
        event = json.loads(process.stdout.readline())
        self.assertEqual("device_code", event.get("event"), event)
        self.assertEqual([], self.files())
        subprocess.run([sys.executable, os.path.join(BED, "signin.py"), event["verification_uri"], ALICE,
                        "--code", event["user_code"]], capture_output=True, text=True, timeout=SECONDS, check=True)
        out, err = process.communicate(timeout=SECONDS)
        self.assertEqual((0, "signed_in"), (process.returncode, json.loads(out)["event"]), out + err)
        self.assert_closed()
        self.assertGreater(len(self.run_ok("token", ALICE)), 2400)

    def test_no_code_is_asked_for_when_the_commands_do_not_work(self):
        bed("clear_requests")
        self.assert_fails(STORAGE, "login", "--device", "--store", "command", "--store-write", "gpg -e -r nobody",
                          "--store-read", "gpg -d", ALICE, words=["exit code 2"])
        self.assert_fails(STORAGE, "login", "--device", ALICE, words=["--store command"])
        self.assertNotIn("device_authorization", bed("requests")["counts"])
        self.assertEqual([], self.files())

    def test_a_second_sign_in_stays_where_the_first_one_is(self):
        self.log_in(self.options())
        self.log_in([])
        self.assertEqual(1, len(self.files()))
        self.log_in(["--store", "command"])
        self.log_in(self.options(), BOB)
        self.assertEqual(2, len(self.files()))
        self.assertEqual({ALICE, BOB}, {g["identity"] for g in self.run_json("list")["grants"]})

    def test_processes_at_once_renew_once_whatever_their_runtime_folder_is(self):
        bed("set", token_ttl=1)
        self.log_in(self.options())
        bed("set", token_ttl=3600, token_delay_ms=500)
        bed("expire_tokens")
        bed("clear_requests")
        runtime = HOME / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        tokens = []
        seats = [{}, {"XDG_RUNTIME_DIR": str(runtime)}] * 2
        threads = [threading.Thread(target=lambda env=env: tokens.append(self.run_ok("token", ALICE, **env)))
                   for env in seats]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(4, len(tokens))
        self.assertEqual(1, len(set(tokens)))
        self.assertEqual(1, bed("requests")["counts"]["token"])

    def test_a_command_that_fails_is_named_and_loses_nothing(self):
        self.log_in(self.options())
        ring = HOME / ".gnupg"
        subprocess.run(["gpgconf", "--kill", "all"], env=cron(), check=False)
        ring.rename(HOME / "away")
        try:
            words = self.assert_fails(STORAGE, "token", ALICE, words=["gpg of --store-read failed with exit code 2"])
            self.assertIn("No secret key", words)
            self.assert_fails_json(STORAGE, "storage", "logout", ALICE)
        finally:
            shutil.rmtree(ring, ignore_errors=True)
            (HOME / "away").rename(ring)
        self.assertGreater(len(self.run_ok("token", ALICE)), 2400)

    def has_to_renew_where_nothing_can_be_written(self, but_once=False):
        gate, shut = HOME / "gate", HOME / "shut"
        gate.write_text(f'#!/bin/sh\nif [ -e {shut} ] && ! rm {shut}/but 2>&-; then echo disk full >&2; exit 1; fi\nexec "$@"\n',
                        encoding="ascii")
        gate.chmod(0o700)
        bed("set", token_ttl=1)
        self.log_in(self.options(write=f"{gate} "))
        bed("set", token_ttl=3600)
        bed("expire_tokens")
        bed("clear_requests")
        shut.mkdir()
        self.addCleanup(shutil.rmtree, shut)
        if but_once:
            (shut / "but").touch()

    def test_nobody_is_asked_for_what_cannot_be_written(self):
        self.has_to_renew_where_nothing_can_be_written()
        self.assert_fails(STORAGE, "token", ALICE, words=["disk full"])
        self.assertEqual(0, bed("requests")["counts"].get("token", 0))

    def test_a_rotation_that_cannot_be_written_is_served_and_told(self):
        self.has_to_renew_where_nothing_can_be_written(but_once=True)
        done = self.run_command("token", ALICE)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertGreater(len(done.stdout), 2400)
        self.assertIn("could not be stored", done.stderr)

    def test_commands_that_do_not_fit_are_refused_before_the_browser(self):
        for options, code, word in (
                (["--store", "cloud"], CONFIG, "no store"),
                (["--store", "command"], CONFIG, "--store-write"),
                (["--store-read", "cat"], CONFIG, "--store command"),
                (["--store", "command", "--store-write", "no-such-program", "--store-read", "cat"], CONFIG,
                 "no-such-program"),
                (["--store", "command", "--store-write", "cat", "--store-read", "cat"], CONFIG, "encrypt"),
                (["--store", "command", "--store-write", "gpg -e -r nobody", "--store-read", "gpg -d"], STORAGE,
                 "exit code 2")):
            self.assert_fails(code, "login", *options, ALICE, words=[word])
            self.assertEqual([], self.files())

    def test_a_client_secret_is_kept_the_same_way(self):
        manifest = HOME / ".config/mail-oauth/providers/keen.json"
        manifest.write_text(json.dumps({"schema": 1, "id": "keen", "extends": "bed", "name": "Keen",
                                        "client_secret": "required", "domains": []}), encoding="utf-8")
        manifest.chmod(0o600)
        self.addCleanup(manifest.unlink)
        client, secret = os.environ["BED_SECRET_CLIENT_ID"], os.environ["BED_CLIENT_SECRET"]
        setting = ["client", "set", "keen", "--client-id", client, "--secret-stdin"]
        self.assert_fails(STORAGE, *setting, text=secret + "\n", words=["--store command"])
        self.run_ok(*setting, *self.options(), text=secret + "\n")
        bed("set", token_ttl=1)
        self.log_in(["--provider", "keen", *self.options()])
        bed("set", token_ttl=3600)
        bed("expire_tokens")
        self.assertGreater(len(self.run_ok("token", ALICE)), 2400)
        for path in STATE.rglob("*.json"):
            self.assertNotIn(secret, path.read_text(encoding="utf-8"))

    def test_an_item_that_others_could_have_written_runs_no_command(self):
        wrapped = self.recorder("noting")
        self.log_in(self.options(read=wrapped))
        Path(HOME, "noted").unlink()
        self.files()[0].chmod(0o666)
        self.assert_fails(STORAGE, "token", ALICE, words=["others can write"])
        self.assertFalse(Path(HOME, "noted").exists())

    def test_nobody_signed_in_is_still_nobody(self):
        self.log_in(self.options())
        self.assert_fails(REAUTHORIZE, "token", BOB, words=["mail-oauth login"])


if __name__ == "__main__":
    assert COMMAND
    unittest.main()
