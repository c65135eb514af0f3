#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`mail-oauth client check` against the bed's authorization server and against answers as the providers document them:

    tests/bed/bed.py run -- tests/cli/client_check_test.py
"""
import json
import os
import re
import unittest

from cli_case import CONFIG, PROVIDERS, ROOT, CliCase, bed, write_manifest

JSON = {"Content-Type": "application/json"}
# As on Microsoft's page of error codes.
UNKNOWN = {"error": "unauthorized_client", "error_codes": [700016], "correlation_id": "11111111-2222-3333-4444-555555555555",
           "error_description": "AADSTS700016: Application with identifier 'c' was not found in the directory."}


class ClientCheck(CliCase):
    def check(self, provider="bed", *more, **env):
        report = self.run_json("client", "check", provider, *more, **env)
        return report, {check["request"]: check["result"] for check in report["checks"]}

    def test_a_good_client_is_accepted_everywhere(self):
        bed("clear_requests")
        report, results = self.check()
        self.assertEqual({"refresh": "accepted", "device_authorization": "accepted", "authorization": "accepted"}, results)
        self.assertFalse(report["refused"])
        counts = bed("requests")["counts"]
        self.assertEqual((1, 1, 1), (counts["token"], counts["device_authorization"], counts["authorization"]))
        self.assertEqual("", self.run_ok("list"))  # nobody was signed in

    def test_an_unknown_client_is_refused(self):
        report, results = self.check("bed", "--client-id", "nobody-knows-me")
        self.assertEqual("refused", results["refresh"])
        self.assertEqual("refused", results["device_authorization"])
        self.assertTrue(report["refused"])
        self.assertEqual("invalid_client", report["checks"][0]["code"])

    def test_a_redirect_address_that_is_not_registered_stays_open(self):
        write_manifest("odd", extends="bed", name="Odd", client_id=os.environ["BED_CLIENT_ID"], redirect={"path": "/odd"})
        report, results = self.check("odd")
        self.assertEqual(("accepted", "unclear"), (results["refresh"], results["authorization"]))
        self.assertTrue([what for what in report["not_checkable"] if "/odd" in what], report)

    def test_a_secret_is_checked_with_the_client(self):
        client = os.environ["BED_SECRET_CLIENT_ID"]
        write_manifest("closed", extends="bed", name="Closed", client_secret="required")
        for secret, result in (("wrong", "refused"), (os.environ["BED_CLIENT_SECRET"], "accepted")):
            self.run_ok("client", "set", "closed", "--client-id", client, "--secret-stdin", text=secret + "\n")
            self.assertEqual(result, self.check("closed")[1]["refresh"])

    def test_microsofts_answer_names_the_correlation_id(self):
        port = bed("scripted_http", answers=[{"status": 400, "headers": JSON, "body": json.dumps(UNKNOWN)}])["port"]
        write_manifest("ms", extends="bed", name="M", client_id="c", token_endpoint=f"https://localhost:{port}/token",
                       authorization_endpoint=f"https://localhost:{port}/authorize")
        said = self.run_ok("client", "check", "ms")
        self.assertIn("token endpoint: refused.", said)
        self.assertIn(UNKNOWN["correlation_id"], said)
        self.assertIn("Not checkable without signing in:", said)

    def test_a_provider_that_is_away_is_unclear(self):
        bed("set", down="503")
        try:
            report, results = self.check()
        finally:
            bed("set", down=None)
        self.assertEqual({"unclear"}, set(results.values()))
        self.assertFalse(report["refused"])

    def test_a_client_that_is_not_set_is_answered_with_the_way_to_set_it(self):
        self.assert_fails(CONFIG, "client", "check", "microsoft365", words=["mail-oauth client set microsoft365"])


class Pages(CliCase):
    def test_every_manifest_on_a_page_for_registering_can_be_used(self):
        pages = os.path.join(ROOT, "docs", "register")
        written, set_up = [], set()
        for page in sorted(os.listdir(pages)) + ["../administrator.md"]:
            with open(os.path.join(pages, page), encoding="utf-8") as file:
                text = file.read()
                set_up |= set(re.findall(r"client set ([a-z][\w.-]*)", text))
                for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL):
                    manifest = json.loads(block)
                    path = os.path.join(PROVIDERS, manifest["id"] + ".json")
                    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as target:
                        target.write(block)
                    written.append(manifest["id"])
        self.assertIn("example", written)
        self.assertIn("google", set_up)
        providers = self.run_json("providers")
        self.assertEqual([], providers["broken"])
        known = {provider["id"] for provider in providers["providers"]}
        self.assertLessEqual(set(written) | set_up, known)


if __name__ == "__main__":
    unittest.main()
