#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The `mail-oauth` command, from signing in to signing out, against the bed:

    tests/bed/bed.py run -- tests/cli/cli_test.py
"""
import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from cli_case import (ALICE, BED, BOB, BROWSER, CANCELLED, COMMAND, CONFIG, PROVIDERS, REAUTHORIZE, REFUSED, SECONDS,
                      STORAGE, TRANSIENT, CliCase, bed, write_manifest)


class StraightPath(CliCase):
    def test_from_signing_in_to_signing_out(self):
        self.sign_in()
        self.assertIn(ALICE, self.run_ok("list"))
        token = self.run_ok("token", ALICE)
        self.assertEqual(1, token.count("\n"))
        self.assertGreater(len(token), 2400)  # Microsoft's size
        self.assertEqual(token, self.run_ok("token", "--protocol", "smtp", ALICE.upper()))
        self.assertIn("IMAP", self.run_ok("status", ALICE))
        bed("clear_requests")
        self.run_ok("logout", ALICE)
        self.assertEqual(1, bed("requests")["counts"].get("revocation", 0), bed("requests"))
        self.assertEqual("", self.run_ok("list"))
        self.assert_fails(REAUTHORIZE, "token", ALICE, words=["mail-oauth login"])

    def test_signing_out_warns_where_other_devices_are_signed_out_too(self):
        write_manifest("sweeping", extends="bed", name="Sweeping Mail", revocation_ends_other_devices=True,
                       client_id=os.environ["BED_CLIENT_ID"])
        for provider, warned in (("sweeping", True), ("bed", False)):
            for form in ((), ("--json",)):
                with self.subTest(provider=provider, form=form):
                    self.sign_in(ALICE, "--provider", provider)
                    done = self.run_command("logout", ALICE, "--provider", provider, *form)
                    self.assertEqual(0, done.returncode, done.stderr)
                    self.assertEqual(warned, "at Sweeping Mail, this signs out your other devices" in done.stderr)
                    self.assertEqual(warned, "other devices" in done.stderr)

    def test_json_everywhere(self):
        lines = [json.loads(line) for line in self.sign_in(ALICE, "--json").splitlines()]
        self.assertEqual(["authorization_url", "signed_in"], [line["event"] for line in lines])
        self.assertTrue(lines[0]["url"].startswith(os.environ["BED_ISSUER"]))
        grant = {"provider": "bed", "client": os.environ["BED_CLIENT_ID"], "tenant": "", "identity": ALICE}
        self.assertEqual({**grant, "v": 1, "event": "signed_in", "missing": []}, lines[1])
        self.assertEqual([grant], self.run_json("list")["grants"])
        status = self.run_json("status")["grants"][0]
        self.assertEqual("fresh", status["state"])
        self.assertEqual(["imap", "pop", "smtp"], status["protocols"])
        token = self.run_json("token", ALICE)
        self.assertEqual("Bearer", token["token_type"])
        self.assertEqual(self.run_ok("token", ALICE), token["access_token"] + "\n")
        provider = [p for p in self.run_json("providers")["providers"] if p["id"] == "bed"][0]
        self.assertEqual(os.environ["BED_CLIENT_ID"], provider["client_id"])
        out = self.run_json("logout", ALICE)
        self.assertEqual((grant, True), (out["signed_out"], out["revoked"]))

    def test_an_expired_token_is_renewed_unseen(self):
        bed("set", token_ttl=1)
        self.sign_in()
        bed("set", token_ttl=3600)
        first = self.run_json("status", ALICE)["grants"][0]["expires_at"]
        bed("expire_tokens")
        token = self.run_ok("token", ALICE)
        self.assertGreater(len(token), 2400)
        self.assertGreater(self.run_json("status", ALICE)["grants"][0]["expires_at"], first)

    def interrupted_while_it_renews(self, **how):
        bed("set", token_ttl=1)
        self.sign_in()
        bed("set", token_ttl=3600, **how)
        bed("expire_tokens")
        bed("clear_requests")
        process = self.start("token", ALICE)
        end = time.monotonic() + 20
        while not bed("requests")["counts"].get("token") and time.monotonic() < end:
            pass
        return self.interrupt(process)

    def test_ctrl_c_does_not_lose_the_answer_to_a_refresh_token(self):
        self.assertEqual(CANCELLED, self.interrupted_while_it_renews(token_delay_ms=700)[0])
        self.assertGreater(len(self.run_ok("token", ALICE)), 2400)
        self.assertEqual(1, bed("requests")["counts"]["token"])

    def test_who_ends_before_a_refresh_token_is_answered_is_told_what_may_be_lost(self):
        self.addCleanup(bed, "set", hold_token_answers=False)
        code, out, err = self.interrupted_while_it_renews(hold_token_answers=True)
        self.assertEqual((CANCELLED, ""), (code, out), err)
        self.assertIn("may have ended the sign-in", err)
        self.assertIn(f"mail-oauth login {ALICE}", err)

    def test_pasting_the_address_on_which_the_browser_ended(self):
        process = self.start("login", "--paste", "--json", ALICE, BROWSER="/bin/false")
        url = json.loads(process.stdout.readline())["url"]
        ended = subprocess.run([sys.executable, os.path.join(BED, "signin.py"), url, ALICE, "--no-redirect"],
                               capture_output=True, text=True, timeout=SECONDS, check=True)
        out, err = process.communicate(ended.stdout.strip() + "\n", timeout=SECONDS)
        self.assertEqual(0, process.returncode, err)
        self.assertEqual("signed_in", json.loads(out.splitlines()[-1])["event"])

    def test_after_a_wrong_paste_the_right_one_is_taken(self):
        process = self.start("login", "--paste", "--json", ALICE, BROWSER="/bin/false")
        url = json.loads(process.stdout.readline())["url"]
        for wrong in ("https://mail.example/inbox", "http://127.0.0.1/?code=x&state=y", ""):
            process.stdin.write(wrong + "\n")
            process.stdin.flush()
            told = json.loads(process.stdout.readline())
            self.assertEqual("address_refused", told["event"])
            self.assertIn("does not belong to this sign-in", told["message"])
        ended = subprocess.run([sys.executable, os.path.join(BED, "signin.py"), url, ALICE, "--no-redirect"],
                               capture_output=True, text=True, timeout=SECONDS, check=True)
        out, err = process.communicate(ended.stdout.strip() + "\n", timeout=SECONDS)
        self.assertEqual(0, process.returncode, err)
        self.assertEqual("signed_in", json.loads(out.splitlines()[-1])["event"])
        self.assertEqual(3, err.count("does not belong to this sign-in"))

    def test_an_address_of_the_registration_is_pasted_unasked(self):
        write_manifest("fixed", extends="bed", name="Fixed", domains=[], redirect={"kind": "registered"})
        self.assert_fails(CONFIG, "login", "--provider", "fixed", ALICE, words=["--redirect-uri"])
        self.run_ok("client", "set", "fixed", "--client-id", os.environ["BED_CLIENT_ID"], "--redirect-uri",
                    "http://127.0.0.1/callback")
        process = self.start("login", "--json", "--provider", "fixed", ALICE, BROWSER="/bin/false")
        url = json.loads(process.stdout.readline())["url"]
        ended = subprocess.run([sys.executable, os.path.join(BED, "signin.py"), url, ALICE, "--no-redirect"],
                               capture_output=True, text=True, timeout=SECONDS, check=True)
        self.assertTrue(ended.stdout.startswith("http://127.0.0.1/callback?"), ended.stdout)
        out, err = process.communicate(ended.stdout.strip() + "\n", timeout=SECONDS)
        self.assertEqual(0, process.returncode, err)
        self.assertEqual("signed_in", json.loads(out.splitlines()[-1])["event"])

    def test_a_client_secret_comes_by_standard_input_only(self):
        write_manifest("bed2", extends="bed", name="Bed 2", client_secret="required", domains=[])
        client, secret = os.environ["BED_SECRET_CLIENT_ID"], os.environ["BED_CLIENT_SECRET"]
        self.assert_fails(CONFIG, "client", "set", "bed2", "--client-id", client, "--secret", "x")
        self.run_ok("client", "set", "bed2", "--client-id", client)
        self.assert_fails(CONFIG, "login", "--provider", "bed2", ALICE, words=["--secret-stdin"])
        self.run_ok("client", "set", "bed2", "--client-id", client, "--secret-stdin", text=secret + "\n")
        self.sign_in(ALICE, "--provider", "bed2")
        with open(os.path.join(PROVIDERS, "bed2.json"), encoding="utf-8") as file:
            self.assertNotIn(secret, file.read())

    def test_a_secret_that_the_provider_requires_is_asked_for(self):
        write_manifest("keen", extends="bed", name="Keen", client_secret="required")
        said = self.run_command("client", "set", "keen", "--client-id", "c").stderr
        self.assertIn("--secret-stdin", said)
        self.assert_fails(CONFIG, "login", "--provider", "keen", ALICE, words=["client secret", "--secret-stdin"])

    def test_several_sign_ins_fit_an_address(self):
        write_manifest("bed2", extends="bed", name="Bed 2", domains=[])
        self.sign_in()
        self.sign_in(ALICE, "--provider", "bed2")
        for command in ("token", "logout"):
            said = self.assert_fails(CONFIG, command, ALICE, words=["provider bed,", "provider bed2,"])
            self.assertIn("--provider", said)
        self.run_ok("token", ALICE, "--provider", "bed2")
        self.assertEqual(2, len(self.run_json("list")["grants"]))

    def test_a_narrower_grant_serves_what_it_has(self):
        bed("set", grant_scopes=["openid", "offline_access", "https://outlook.office.com/IMAP.AccessAsUser.All"])
        done = self.run_command("login", "--json", "--protocols", "imap,smtp", ALICE)
        self.assertEqual(["smtp"], json.loads(done.stdout.splitlines()[-1])["missing"])
        self.assertIn("SMTP", done.stderr)
        self.run_ok("token", "--protocol", "imap", ALICE)
        self.assert_fails(REFUSED, "token", "--protocol", "smtp", ALICE, words=["SMTP"])


class Renewing(CliCase):
    """Alice is signed in, and her access token is good for an hour, as far as anybody here knows."""

    def setUp(self):
        super().setUp()
        self.sign_in()
        self.first = self.run_ok("token", ALICE)

    def status(self):
        return self.run_json("status", ALICE)["grants"][0]

    def assert_ended(self):
        """Whoever asks is told that a sign-in is needed, and nobody gets the old token."""
        self.assert_fails(REAUTHORIZE, "token", ALICE, words=["Sign in again", f"login --provider bed {ALICE}"])
        self.assert_fails_json(REAUTHORIZE, "reauthorize", "token", ALICE)
        self.assertEqual("unusable", self.status()["state"])
        self.assertIn("Sign in again: mail-oauth login", self.run_ok("status", ALICE))

    def test_after_the_server_revoked_the_access_token_renew_brings_a_new_one(self):
        bed("expire_tokens")
        self.assertEqual(self.first, self.run_ok("token", ALICE))
        second = self.run_ok("token", "--renew", ALICE)
        self.assertNotEqual(self.first, second)
        self.assertEqual(second, self.run_ok("token", ALICE))
        third = self.run_json("token", "--renew", ALICE)["access_token"]
        self.assertNotEqual(second, third + "\n")
        self.assertEqual("fresh", self.status()["state"])

    def test_renew_does_not_print_the_old_one_when_the_provider_is_not_there(self):
        bed("set", down="503")
        self.assert_fails(TRANSIENT, "token", "--renew", ALICE)
        bed("set", down=False)
        self.assertEqual(self.first, self.run_ok("token", ALICE))

    def test_a_sign_in_that_renew_found_ended_hands_nothing_out_again(self):
        bed("revoke_user", user=ALICE)
        self.assert_fails(REAUTHORIZE, "token", "--renew", ALICE, words=["Sign in again"])
        self.assert_ended()

    def test_a_sign_in_that_check_found_ended_hands_nothing_out_again(self):
        bed("revoke_user", user=ALICE)
        self.assertEqual(REAUTHORIZE, self.run_command("check", ALICE).returncode)
        self.assert_ended()

    def test_a_sign_in_that_ended_after_its_token_expired_is_told_by_status(self):
        bed("set", token_ttl=1)
        self.sign_in()
        bed("revoke_user", user=ALICE)
        self.assert_fails(REAUTHORIZE, "token", ALICE)
        self.assert_ended()

    def test_a_new_sign_in_after_the_end_is_as_good_as_any(self):
        bed("revoke_user", user=ALICE)
        self.assert_fails(REAUTHORIZE, "token", "--renew", ALICE)
        self.sign_in()
        self.assertEqual("fresh", self.status()["state"])
        self.assertNotEqual(self.first, self.run_ok("token", ALICE))


class FullDisk(CliCase):
    """Standard output is a file on a disk without room."""

    def test_what_could_not_be_written_is_no_success(self):
        self.sign_in()
        for command in (["list"], ["status"], ["token", ALICE], ["providers"], ["--help"], ["token", "--help"], ["--version"],
                        ["list", "--json"], ["status", "--json"], ["token", ALICE, "--json"], ["providers", "--json"]):
            with self.subTest(command=command), open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([COMMAND, *command], env=self.environment(), stdin=subprocess.DEVNULL, stdout=full,
                                      stderr=subprocess.PIPE, text=True, timeout=SECONDS, check=False)
                self.assertEqual(STORAGE, done.returncode, done.stderr)
                self.assertIn("Standard output did not take", done.stderr)


class ForeignRevocation(CliCase):
    def test_an_address_to_revoke_that_the_sign_in_did_not_see_is_not_asked(self):
        """Who writes a provider file would get a live refresh token, and the person would hear that it was ended."""
        port = bed("scripted_http", answers=["empty-200"])["port"]
        fields = {"extends": "bed", "name": "Turned", "domains": [], "client_id": os.environ["BED_CLIENT_ID"]}
        for form in ((), ("--json",)):
            with self.subTest(form=form):
                write_manifest("turned", **fields)
                self.sign_in(ALICE, "--provider", "turned")
                write_manifest("turned", **fields, revocation_endpoint=f"https://localhost:{port}/revoke")
                done = self.run_command("logout", ALICE, "--provider", "turned", *form)
                self.assertEqual(0, done.returncode, done.stderr)
                self.assertIn("could not be revoked at the provider: " + os.path.join(PROVIDERS, "turned.json") +
                              " names other addresses", done.stderr)
                if form:
                    self.assertFalse(json.loads(done.stdout)["revoked"])
                self.assertEqual([], bed("scripted_log", port=port)["requests"])
                self.assertEqual([], self.run_json("list")["grants"])


class SigningOut(CliCase):
    """Alice is signed in at a provider that does not answer when it is asked to revoke."""

    def setUp(self):
        super().setUp()
        self.port = bed("scripted_http", answers=["hang"])["port"]
        write_manifest("silent", extends="bed", name="Silent", domains=[], client_id=os.environ["BED_CLIENT_ID"],
                       revocation_endpoint=f"https://localhost:{self.port}/revoke")
        self.sign_in(ALICE, "--provider", "silent")

    def stopped_while_the_provider_is_asked(self, *more):
        process = self.start("logout", ALICE, "--provider", "silent", *more)
        end = time.monotonic() + SECONDS
        while not bed("scripted_log", port=self.port)["requests"]:
            self.assertLess(time.monotonic(), end)
        return self.interrupt(process)

    def test_ctrl_c_while_the_provider_is_asked_says_that_the_sign_in_is_gone_here(self):
        code, out, err = self.stopped_while_the_provider_is_asked()
        self.assertEqual((0, ""), (code, out), err)
        self.assertIn(f"Signed out: {ALICE}", err)
        self.assertIn("could not be revoked", err)
        self.assertIn("did not wait", err)
        self.assertEqual([], self.run_json("list")["grants"])

    def test_ctrl_c_while_the_provider_is_asked_is_told_in_json(self):
        code, out, err = self.stopped_while_the_provider_is_asked("--json")
        self.assertEqual(0, code, err)
        answer = json.loads(out)
        self.assertEqual((ALICE, False), (answer["signed_out"]["identity"], answer["revoked"]))
        self.assertEqual("cancelled", answer["not_revoked"]["kind"])


class Identity(CliCase):
    def test_signing_out_leaves_no_older_sign_in_in_the_keyring(self):
        self.sign_in()
        self.sign_in(ALICE, "--store", "command", "--store-write", "base64 -w0", "--store-read", "base64 -d",
                     DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")
        self.assertEqual(1, len(self.run_json("list")["grants"]))
        self.run_ok("logout", ALICE)
        self.assertEqual([], self.run_json("list")["grants"])

    def test_another_person_is_declined_where_nobody_can_be_asked(self):
        said = self.assert_fails(CANCELLED, "login", ALICE, BED_BROWSER_USER=BOB)
        self.assertIn(ALICE, said)
        self.assertIn(BOB, said)
        self.assertEqual([], self.run_json("list")["grants"])

    def test_another_name_can_be_confirmed(self):
        done = self.run_command("login", "--json", ALICE, text="yes\n", BED_BROWSER_USER=BOB)
        self.assertEqual(0, done.returncode, done.stderr)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual((ALICE, BOB), (events[1]["asked"], events[1]["found"]))
        self.assertEqual(BOB, events[-1]["identity"])

    def test_anything_but_yes_declines(self):
        self.assert_fails_json(CANCELLED, "cancelled", "login", ALICE, BED_BROWSER_USER=BOB)


class Loading(CliCase):
    def test_a_fresh_token_loads_no_network_and_opens_no_browser(self):
        self.sign_in()
        with tempfile.TemporaryDirectory() as folder:
            self.run_ok("token", ALICE, LD_DEBUG="files", LD_DEBUG_OUTPUT=os.path.join(folder, "ld"),
                        BROWSER="/bin/false")
            logs = [pathlib.Path(folder, name).read_text(encoding="utf-8") for name in os.listdir(folder)]
        self.assertTrue(any("libsecret" in log for log in logs))
        for library in ("cpprest", "mail-oauth-net", "libetpan", "libgtk", "libboost"):
            self.assertFalse([log for log in logs if library in log], library)

    def test_it_links_no_window_system(self):
        needed = subprocess.run(["ldd", COMMAND], capture_output=True, text=True, check=True).stdout
        for library in ("gtk", "gdk", "X11", "cpprest", "etpan"):
            self.assertNotIn(library, needed)


class DamagedInstallation(CliCase):
    """Half an update: the loader finds parts of another build first, those of tests/net and tests/etpan."""

    def test_parts_of_another_build_are_told_and_crash_nothing(self):
        bed("set", token_ttl=1)
        self.sign_in()
        tests = os.path.join(os.path.dirname(COMMAND), "..", "..", "tests")
        for layer, command in (("net", "token"), ("etpan", "check")):
            with self.subTest(layer=layer):
                # The others stand behind it: gcc's run-time for memory hides the command's own way to them.
                found_first = os.path.join(tests, layer) + ":" + os.environ["LD_LIBRARY_PATH"]
                done = self.run_command(command, ALICE, LD_LIBRARY_PATH=found_first)
                self.assertEqual(1, done.returncode, done.stdout + done.stderr)
                self.assertIn(f"(mail-oauth-{layer}.so) is missing or does not fit", done.stderr)
                self.assertIn("install mail-oauth again", done.stderr)
                self.assertNotIn("bug", done.stderr)


class Settings(CliCase):
    def test_a_client_is_saved_for_us_alone(self):
        write_manifest("bed3", extends="bed", name="Bed 3")
        answer = self.run_json("client", "set", "bed3", "--client-id", "c-3", "--tenant", "t-3")
        self.assertEqual(("bed3", "c-3", "t-3"), (answer["provider"], answer["client"], answer["tenant"]))
        self.assertEqual(0o600, stat.S_IMODE(os.stat(answer["file"]).st_mode))
        shown = [p for p in self.run_json("providers")["providers"] if p["id"] == "bed3"][0]
        self.assertEqual(("c-3", "t-3"), (shown["client_id"], shown["tenant"]))

    def test_help_and_version(self):
        self.assertIn("client set", self.run_ok("--help"))
        self.assertRegex(self.run_ok("--version"), r"^mail-oauth \d+\.\d+")
        for command in (["login"], ["token"], ["list"], ["status"], ["logout"], ["client", "set"], ["providers"]):
            self.assertIn("--json", self.run_ok(*command, "--help"))

    def test_the_browser_of_the_tests_is_there(self):
        self.assertTrue(os.access(BROWSER, os.X_OK))


if __name__ == "__main__":
    unittest.main()
