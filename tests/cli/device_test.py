#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`mail-oauth login --device`, against the bed and against a scripted server:

    tests/bed/bed.py run -- tests/cli/device_test.py
"""
import json
import os
import re
import signal
import subprocess
import sys
import unittest

from cli_case import (ALICE, BED, BOB, CANCELLED, CONFIG, PROTOCOL, REFUSED, SECONDS, STORAGE, TRANSIENT, CliCase, bed,
                      write_manifest)

SCOPES = {"imap": ["https://outlook.office.com/IMAP.AccessAsUser.All"], "always": ["offline_access"]}
NO_DESKTOP = {"DISPLAY": None, "WAYLAND_DISPLAY": None, "BROWSER": "/bin/false"}


class DeviceCase(CliCase):
    def begin(self, *more, ignored=None, **env):
        """The running command, and its first event. `ignored`: a signal, as nohup does."""
        before = signal.signal(ignored, signal.SIG_IGN) if ignored else None
        process = self.start("login", "--device", "--json", ALICE, *more, **{**NO_DESKTOP, **env})
        if ignored:
            signal.signal(ignored, before)
        self.addCleanup(self._end, process)
        line = process.stdout.readline()
        self.assertTrue(line, "it ended without a code")
        return process, json.loads(line)

    def _end(self, process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def enter_code(self, event, user=ALICE, *more):
        """What the person does on another device. Who declines is shown the form for codes again."""
        subprocess.run([sys.executable, os.path.join(BED, "signin.py"), event["verification_uri"], user,
                        "--code", event["user_code"], *more],
                       capture_output=True, text=True, timeout=SECONDS, check="--deny" not in more)

    def finish(self, process):
        """Exit code and the last event, which is the only other one."""
        out, err = process.communicate(timeout=SECONDS)
        lines = out.splitlines()
        self.assertEqual(1, len(lines), out + err)
        return process.returncode, json.loads(lines[0])

    def scripted(self, *answers, **fields):
        """A provider whose code endpoint and token endpoint give these answers, in order."""
        server = bed("scripted_http", answers=list(answers), tls=False)
        origin = server["origin"]
        write_manifest("scripted", name="Scripted", authorization_endpoint=f"{origin}/auth",
                       token_endpoint=f"{origin}/token", device_authorization_endpoint=f"{origin}/device",
                       scopes=SCOPES, client_id="c", **fields)
        return server["port"]


class AgainstTheBed(DeviceCase):
    def test_a_code_entered_elsewhere_signs_in(self):
        process, event = self.begin()
        self.assertEqual({"v": 1, "event": "device_code", "user_code": event["user_code"],
                          "verification_uri": f"{os.environ['BED_ISSUER']}/device",
                          "verification_uri_complete": f"{os.environ['BED_ISSUER']}/device?user_code={event['user_code']}",
                          "expires_in": event["expires_in"]}, event)
        self.assertIsInstance(event["expires_in"], int)
        self.enter_code(event)
        code, last = self.finish(process)
        self.assertEqual((0, "signed_in", ALICE, []), (code, last["event"], last["identity"], last["missing"]))
        self.assertGreater(len(self.run_ok("token", ALICE)), 2400)

    def test_tokens_of_several_sizes(self):
        for size in (40, 6000):
            with self.subTest(size=size):
                bed("set", token_bytes=size)
                process, event = self.begin()
                self.enter_code(event)
                self.assertEqual(0, self.finish(process)[0])
                self.assertEqual(size, len(self.run_ok("token", ALICE).strip()))

    def test_the_person_declines(self):
        process, event = self.begin()
        self.enter_code(event, ALICE, "--deny")
        code, last = self.finish(process)
        self.assertIn((code, last["kind"]), {(CANCELLED, "cancelled"), (REFUSED, "refused")})
        self.assertEqual([], self.run_json("list")["grants"])

    def test_a_code_that_runs_out(self):
        process, event = self.begin()
        bed("expire_device_codes")
        code, last = self.finish(process)
        self.assertEqual((TRANSIENT, "error", "transient"), (code, last["event"], last["kind"]))
        self.assertIn("ran out", last["message"])

    def test_another_person_is_declined_where_nobody_answers(self):
        process, event = self.begin()
        self.enter_code(event, BOB)
        out, _ = process.communicate("\n", timeout=SECONDS)
        self.assertEqual(CANCELLED, process.returncode)
        self.assertEqual(["confirm_identity", "error"], [json.loads(line)["event"] for line in out.splitlines()])
        self.assertEqual([], self.run_json("list")["grants"])

    def test_under_nohup_a_hang_up_ends_nothing(self):
        process, event = self.begin(ignored=signal.SIGHUP)
        process.send_signal(signal.SIGHUP)
        self.enter_code(event)
        code, last = self.finish(process)
        self.assertEqual((0, "signed_in"), (code, last.get("event")), last)

    def test_ctrl_c_ends_the_waiting_and_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process, _ = self.begin()
            process.send_signal(number)
            code, last = self.finish(process)
            self.assertEqual((CANCELLED, "error", "cancelled"), (code, last["event"], last["kind"]))
        self.assertEqual([], self.run_json("list")["grants"])

    def test_no_code_is_asked_for_when_the_store_cannot_store(self):
        bed("clear_requests")
        self.assert_fails(STORAGE, "login", "--device", ALICE, DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus")
        self.assertNotIn("device_authorization", bed("requests")["counts"])


class WhatIsShown(DeviceCase):
    def show(self, *more, **env):
        """All that standard error shows until Ctrl-C."""
        process = self.start("login", "--device", ALICE, *more, **{**NO_DESKTOP, **env})
        self.addCleanup(self._end, process)
        shown = ""
        while "Waiting for the sign-in" not in shown:
            line = process.stderr.readline()
            self.assertTrue(line, shown)
            shown += line
        code, out, _ = self.interrupt(process)
        self.assertEqual((CANCELLED, ""), (code, out))
        return shown

    def test_without_a_terminal_one_line_tells_the_time(self):
        shown = self.show()
        self.assertRegex(shown, r"/device\n")
        self.assertRegex(shown, r"[A-Z]{4}-[A-Z]{4}")
        self.assertEqual(1, len(re.findall(r"\d+:\d\d", shown)))
        self.assertNotIn("##", shown)

    def test_a_qr_code_in_ascii_where_the_locale_has_no_more(self):
        shown = self.show("--qr", "light", LC_ALL="C")
        self.assertIn("##############  ", shown)
        self.assertIn("same code", shown)
        self.assertNotIn("\u2588", shown)

    def test_a_qr_code_in_half_blocks_where_it_has(self):
        self.assertIn("\u2588", self.show("--qr", "dark", LC_ALL="C.UTF-8"))

    def test_on_a_terminal_the_time_left_is_written_over(self):
        terminal, other_end = os.openpty()
        self.addCleanup(os.close, terminal)
        process = self.start("login", "--device", ALICE, stderr=other_end, LC_ALL="C.UTF-8", **NO_DESKTOP)
        self.addCleanup(self._end, process)
        os.close(other_end)
        shown = b""
        while len(re.findall(rb"\rWaiting[^\r]*left: \d+:\d\d", shown)) < 2:
            shown += os.read(terminal, 4096)
        self.assertEqual(CANCELLED, self.interrupt(process)[0])
        self.assertIn("\u2588".encode(), shown)


class AgainstAScript(DeviceCase):
    def sign_in_scripted(self, *answers):
        port = self.scripted(*answers)
        process, _ = self.begin("--provider", "scripted")
        return self.finish(process), bed("scripted_log", port=port)["requests"]

    def test_pending_and_trouble_end_in_a_grant(self):
        (code, last), requests = self.sign_in_scripted("device", "authorization_pending", "html-503", "token")
        self.assertEqual((0, "signed_in"), (code, last["event"]), last)
        self.assertEqual(["/device", "/token", "/token", "/token"], [one["path"] for one in requests])
        self.assertIn("device_code=scripted-device-code", requests[1]["body"])
        self.assertIn("IMAP.AccessAsUser.All", requests[0]["body"])

    def test_slow_down_is_obeyed(self):
        (code, last), requests = self.sign_in_scripted("device", "slow_down", "token")
        self.assertEqual((0, "signed_in"), (code, last["event"]), last)
        self.assertEqual(3, len(requests))

    def test_what_microsoft_calls_it(self):
        for error, code in (("authorization_declined", CANCELLED), ("bad_verification_code", PROTOCOL)):
            answer = {"status": 400, "headers": {"Content-Type": "application/json"}, "body": json.dumps({"error": error})}
            with self.subTest(error=error):
                self.assertEqual(code, self.sign_in_scripted("device", answer)[0][0])

    def test_a_provider_whose_codes_do_not_serve_mail(self):
        self.scripted("device", device_flow="not_for_mail")
        self.assert_fails(CONFIG, "login", "--device", "--provider", "scripted", ALICE,
                          words=["Scripted", "does not give access to mail", "--paste"])

    def test_google_as_it_is_shipped(self):
        self.assert_fails(CONFIG, "login", "--device", "--provider", "google", "--client", "c", "alice@gmail.com",
                          words=["Google's sign-in with a code does not give access to mail", "--paste"])

    def test_a_provider_without_codes(self):
        self.scripted("device", device_flow="none")
        self.assert_fails(CONFIG, "login", "--device", "--provider", "scripted", ALICE, words=["Scripted", "--paste"])

    def test_options_that_do_not_go_together(self):
        self.assert_fails(CONFIG, "login", "--device", "--paste", ALICE, words=["--paste"])
        self.assert_fails(CONFIG, "login", "--qr", "light", ALICE, words=["--device"])
        self.assert_fails(CONFIG, "login", "--device", "--qr", "purple", ALICE, words=["purple"])


if __name__ == "__main__":
    unittest.main()
