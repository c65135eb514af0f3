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
import signal
import stat
import subprocess
import sys
import threading
import unittest
from pathlib import Path

from cli_case import (ALICE, BED, BOB, CANCELLED, COMMAND, CONFIG, REAUTHORIZE, ROOT, SECONDS, STORAGE, CliCase, bed)

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


def ignore_children():
    """As some daemons, and perl, leave it to what they start."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


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

    def test_a_rotation_that_cannot_be_written_is_served_and_fails(self):
        self.has_to_renew_where_nothing_can_be_written(but_once=True)
        done = self.run_command("token", ALICE)
        self.assertEqual(STORAGE, done.returncode, done.stderr)
        self.assertGreater(len(done.stdout), 2400)
        self.assertEqual(1, done.stdout.count("\n"))
        self.assertIn("could not be stored", done.stderr)

    def keeper(self):
        """Keeps the item itself in HOME/kept, but not where there is HOME/shut. What it does is slow where there is a
        script for it."""
        program = HOME / "keeper"
        program.write_text(f'#!/bin/sh\nfile={HOME}/kept-$2\nif [ -e {HOME}/slow-$1 ]; then . {HOME}/slow-$1; fi\n'
                           f'case $1 in\nread) exec cat $file;;\nremove) exec rm $file;;\nesac\n'
                           f'if [ -e {HOME}/shut ]; then echo disk full >&2; exit 1; fi\nexec cat >$file\n', encoding="ascii")
        program.chmod(0o700)
        return ["--store", "command", *(word for what in ("read", "write", "remove")
                                        for word in (f"--store-{what}", f"{program} {what} {{name}}"))]

    def test_a_rotation_that_a_keeper_cannot_write_is_told_where_sigchld_is_ignored(self):
        bed("set", token_ttl=1)
        self.log_in(self.keeper())
        bed("set", token_ttl=3600)
        bed("expire_tokens")
        (HOME / "shut").touch()
        self.addCleanup((HOME / "shut").unlink)
        done = subprocess.run([COMMAND, "token", ALICE], env=self.environment(), capture_output=True, text=True,
                              timeout=SECONDS, check=False, preexec_fn=ignore_children)
        self.assertIn("could not be stored", done.stderr)

    def slow(self, what):
        """The keeper waits before it does that: where it says that it has begun, and the gate that lets it go on."""
        script, began, gate, runs = (HOME / name for name in (f"slow-{what}", "began", "way-on", "runs"))
        os.mkfifo(gate)
        script.write_text(f"touch {began}; cat {gate}; echo run >>{runs}\n", encoding="ascii")
        for path in (script, began, gate, runs):
            self.addCleanup(path.unlink, missing_ok=True)
        self.addCleanup(lambda: os.close(os.open(gate, os.O_RDWR)))  # whoever waits still goes
        return began, gate

    def test_a_keeper_that_takes_its_time_is_waited_for_and_nothing_is_said_to_be_lost(self):
        # As pass does where it pushes. Longer than we have patience with a keyring, or at the end.
        bed("set", token_ttl=1)
        self.log_in(self.keeper())
        bed("set", token_ttl=3600)
        bed("expire_tokens")
        began, gate = self.slow("write")
        process = self.start("token", ALICE)
        while not began.exists():
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        with self.assertRaises(subprocess.TimeoutExpired):
            process.wait(timeout=16)
        gate.write_text("", encoding="ascii")
        out, err = process.communicate(timeout=SECONDS)
        self.assertEqual((CANCELLED, ""), (process.returncode, out), err)
        self.assertNotIn("lost", err)
        self.assertEqual(["run"], (HOME / "runs").read_text(encoding="ascii").split())
        (HOME / "slow-write").unlink()
        bed("clear_requests")
        self.assertGreater(len(self.run_ok("token", ALICE)), 2400)
        self.assertEqual(0, bed("requests")["counts"].get("token", 0))

    def interrupted_while_stored(self, what, how="--paste"):
        """A second sign-in, whose keeper has begun to `what`; it was interrupted, and said so: (process, gate)."""
        self.log_in(self.keeper())
        self.first = self.run_ok("token", ALICE)
        process = self.start("login", how, "--json", ALICE)
        limit = threading.Timer(SECONDS, process.kill)
        limit.start()
        self.addCleanup(limit.cancel)
        self.addCleanup(lambda: process.returncode is None and (process.kill(), process.communicate()))
        event = json.loads(process.stdout.readline())
        began, gate = self.slow(what)
        asked = [event["url"], ALICE, "--no-redirect"] if how == "--paste" else [event["verification_uri"], ALICE, "--code",
                                                                                event["user_code"]]
        ended = subprocess.run([sys.executable, os.path.join(BED, "signin.py"), *asked], capture_output=True, text=True,
                               timeout=SECONDS, check=True)
        process.stdin.write(ended.stdout.strip() + "\n")
        process.stdin.flush()
        while not began.exists():
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        said = ""
        while "being stored" not in said:
            line = process.stderr.readline()
            self.assertTrue(line, "it says nothing of the sign-in that it is storing: " + said)
            said += line
        return process, gate

    def goes_on_storing(self, process, gate):
        gate.write_text("", encoding="ascii")
        out, err = process.communicate(timeout=SECONDS)
        self.assertEqual((0, "signed_in"), (process.returncode, json.loads(out)["event"]), err)
        self.assertNotIn("being stored", err)
        self.assertNotEqual(self.first, self.run_ok("token", ALICE))

    def test_ctrl_c_while_a_sign_in_is_stored_goes_on_storing_it_and_says_so(self):
        self.goes_on_storing(*self.interrupted_while_stored("write"))

    def test_ctrl_c_while_a_sign_in_by_code_is_stored_does_too(self):
        self.goes_on_storing(*self.interrupted_while_stored("write", "--device"))

    def given_up_while_stored(self, what):
        """What was said when Ctrl-C came again; the keeper never went on."""
        process, _ = self.interrupted_while_stored(what)
        code, out, err = self.interrupt(process)
        error = json.loads(out)
        self.assertEqual((CANCELLED, "error", "cancelled"), (code, error["event"], error["kind"]), err)
        self.assertIn(error["message"], err)
        self.assertIn(f"login {ALICE}", error["message"])
        return error["message"]

    def test_a_second_ctrl_c_says_that_the_sign_in_was_not_stored(self):
        self.assertIn("The sign-in was not stored.", self.given_up_while_stored("read"))
        (HOME / "slow-read").unlink()
        self.assertEqual(self.first, self.run_ok("token", ALICE))

    def test_a_second_ctrl_c_while_the_store_is_writing_does_not_claim_to_know(self):
        words = self.given_up_while_stored("write")
        self.assertIn(f"mail-oauth status {ALICE}", words)
        self.assertNotIn("was not stored", words)

    def test_a_rotation_that_cannot_be_written_is_told_in_json_beside_the_token(self):
        self.has_to_renew_where_nothing_can_be_written(but_once=True)
        done = self.run_command("token", ALICE, "--json")
        self.assertEqual(STORAGE, done.returncode, done.stderr)
        answer = json.loads(done.stdout)
        self.assertGreater(len(answer["access_token"]), 2400)
        self.assertEqual("storage", answer["error"]["kind"])
        self.assertIn("could not be stored", answer["error"]["message"])

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

    def test_a_damaged_item_stops_nobody_else(self):
        self.log_in(self.options())
        damaged, = self.files()
        self.log_in(self.options(), BOB)
        damaged.write_text(damaged.read_text(encoding="utf-8")[:40], encoding="utf-8")
        self.assertGreater(len(self.run_ok("token", BOB)), 2400)
        done = self.run_command("list")
        self.assertEqual((0, 1), (done.returncode, len(done.stdout.splitlines())), done.stderr)
        self.assertIn(str(damaged), done.stderr)
        for command in ("token", "login"):  # no command is known that could keep it
            self.assert_fails(STORAGE, command, ALICE, words=[str(damaged)])
        self.run_ok("logout", BOB)
        self.assertEqual([damaged], self.files())

    def test_who_signed_in_with_a_damaged_item_signs_out_and_in_anew(self):
        options = self.options()
        self.log_in(options)
        whole, = self.files()
        self.log_in(options, BOB)
        text = whole.read_text(encoding="utf-8")
        for damage in (text[:40], "", text.replace('"v": 1', '"v": 2')):
            with self.subTest(damage[:40]):
                whole.write_text(damage, encoding="utf-8")
                self.assertIn("not be revoked", self.run_command("logout", ALICE).stderr)
                self.assertFalse(whole.exists())
                self.assert_fails(CONFIG, "logout", ALICE)
                whole.write_text(damage, encoding="utf-8")
                self.log_in(options)
                self.assertGreater(len(self.run_ok("token", ALICE)), 2400)
        self.run_ok("logout", ALICE)
        self.run_ok("logout", BOB)

    def test_one_whose_key_is_away_leaves_the_status_of_others_alone(self):
        self.log_in(self.options(), BOB)
        away = self.recorder("noting")
        self.log_in(self.options(read=away))
        Path(away.strip()).unlink()
        done = self.run_command("status")
        self.assertEqual(STORAGE, done.returncode)
        self.assertRegex(done.stdout, f"(?m)^{re.escape(BOB)} .*IMAP")
        self.assertRegex(done.stdout, f"(?m)^{re.escape(ALICE)} .*could not be started")
        done = self.run_command("status", "--json")
        answer = json.loads(done.stdout)
        self.assertEqual({ALICE: "unknown", BOB: "fresh"}, {g["identity"]: g["state"] for g in answer["grants"]})
        self.assertEqual((STORAGE, "storage"), (done.returncode, answer["error"]["kind"]))
        self.assert_fails(STORAGE, "status", ALICE, words=["could not be started"])

    def test_nobody_signed_in_is_still_nobody(self):
        self.log_in(self.options())
        self.assert_fails(REAUTHORIZE, "token", BOB, words=["mail-oauth login"])


if __name__ == "__main__":
    assert COMMAND
    unittest.main()
