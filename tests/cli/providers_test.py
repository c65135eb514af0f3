#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`mail-oauth providers` and `client set` over the shipped manifests: no bed, no keyring, no network."""
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

CONFIG = 2
SHIPPED = Path(os.environ["SHIPPED"])


class Providers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        self.mine = self.home / "mail-oauth/providers"
        self.mine.mkdir(parents=True, mode=0o700)

    def command(self, *words, code=0):
        done = subprocess.run([os.environ["MAIL_OAUTH"], *words], capture_output=True, text=True, check=False, timeout=60,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8",
                                   "XDG_CONFIG_HOME": str(self.home), "XDG_CONFIG_DIRS": str(self.home / "none"),
                                   "XDG_DATA_DIRS": str(SHIPPED.parents[1])})
        self.assertEqual(code, done.returncode, done.stderr)
        return done

    def listed(self, *words):
        return json.loads(self.command("providers", "--json", *words).stdout)

    def override(self, provider, **changes):
        path = self.mine / f"{provider}.json"
        path.write_text(json.dumps({"schema": 1, "id": provider, **changes}), encoding="utf-8")
        path.chmod(0o600)
        return str(path)

    def test_all_that_is_shipped_is_a_provider_or_a_template(self):
        listed = self.listed()
        self.assertEqual([], listed["broken"])
        self.assertEqual(["discovery", "keycloak", "stalwart"], [one["id"] for one in listed["templates"]])
        files = {path.stem for path in SHIPPED.glob("*.json")}
        self.assertEqual(files, {one["id"] for one in listed["providers"] + listed["templates"]})

    def test_verbose_shows_value_file_source_and_state(self):
        said = self.command("providers", "google", "--verbose").stdout.splitlines()
        at = next(i for i, line in enumerate(said) if line.startswith("  /token_endpoint"))
        self.assertEqual('  /token_endpoint  "https://oauth2.googleapis.com/token"', said[at])
        self.assertEqual(f"      {SHIPPED}/google.json; seen 2026-11-22 at "
                         "https://accounts.google.com/.well-known/openid-configuration", said[at + 1])
        at = next(i for i, line in enumerate(said) if line.startswith("  /mx"))
        self.assertTrue(said[at + 1].strip().startswith(f"UNVERIFIED, {SHIPPED}/google.json; seen "), said[at + 1])
        self.assertNotIn("yahoo", "".join(said))

    def test_verbose_follows_the_files(self):
        mine = self.override("microsoft365-dod", extends="microsoft365-dod", client_id="c-1", tenant="contoso.us")
        values = {one["pointer"]: one for one in self.listed("microsoft365-dod", "--verbose")["providers"][0]["values"]}

        self.assertEqual(("contoso.us", mine), (values["/tenant"]["value"], values["/tenant"]["file"]))
        self.assertNotIn("source", values["/tenant"])
        self.assertIn(f"{mine} names no source", self.command("providers", "microsoft365-dod", "--verbose").stdout)
        scope = values["/scopes/imap"]
        self.assertEqual(["https://outlook.office365.us/IMAP.AccessAsUser.All"], scope["value"])
        self.assertEqual(("microsoft365-dod.json", "unverified"), (Path(scope["file"]).name, scope["source"]["status"]))
        token = values["/token_endpoint"]
        self.assertEqual(("microsoft365-gcc-high.json", "verified"), (Path(token["file"]).name, token["source"]["status"]))

    def test_every_shipped_value_shows_a_source(self):
        listed = self.listed("--verbose")
        for provider in listed["providers"] + listed["templates"]:
            for value in provider["values"]:
                with self.subTest(provider["id"], pointer=value["pointer"]):
                    self.assertEqual(value["pointer"] == "/name", "source" not in value)

    def test_a_template_says_what_to_do_with_it(self):
        said = self.command("client", "set", "keycloak", "--client-id", "c", code=CONFIG).stderr
        self.assertIn("template", said)
        self.override("work", extends="keycloak", name="Work", issuer="https://auth.example.org/realms/work")
        self.command("client", "set", "work", "--client-id", "c")
        work = next(one for one in self.listed()["providers"] if one["id"] == "work")
        self.assertEqual(("c", ["imap", "pop", "smtp"]), (work["client_id"], work["protocols"]))

    def test_each_template_needs_only_what_its_page_says(self):
        self.override("k", extends="keycloak", issuer="https://auth.example.org/realms/work")
        self.override("s", extends="stalwart", issuer="https://mail.example.org")
        self.override("d", extends="discovery", issuer="https://auth.example.org", scopes={"imap": ["mail"]})
        listed = self.listed()
        self.assertEqual([], listed["broken"])
        self.assertLessEqual({"k", "s", "d"}, {one["id"] for one in listed["providers"]})

    def test_a_scope_without_its_resource_is_refused(self):
        file = self.override("microsoft365", extends="microsoft365", scopes={"imap": ["IMAP.AccessAsUser.All"]})
        broken = self.listed()["broken"]
        self.assertEqual(["microsoft365"], [one["id"] for one in broken])
        self.assertIn(f"{file}: /scopes/imap: ", broken[0]["error"]["message"])
        self.assertIn("https://outlook.office.com/", broken[0]["error"]["message"])

    def test_client_credentials_are_refused_with_words(self):
        self.override("microsoft365", extends="microsoft365", scopes={"imap": ["https://outlook.office365.com/.default"]})
        said = self.command("login", "--provider", "microsoft365", "a@contoso.com", code=CONFIG).stderr
        self.assertIn("client credentials", said)
        self.assertIn("Microsoft Graph", said)

    def test_a_registered_address_is_asked_for_and_kept(self):
        said = self.command("client", "set", "yahoo", "--client-id", "c").stderr
        self.assertIn("--redirect-uri", said)
        self.command("client", "set", "yahoo", "--client-id", "c", "--redirect-uri", "https://client.example/back")
        values = self.listed("yahoo", "--verbose")["providers"][0]["values"]
        self.assertIn("https://client.example/back", [one["value"] for one in values if one["pointer"] == "/redirect/uri"])

    def test_an_address_is_not_taken_where_none_is_registered(self):
        said = self.command("client", "set", "google", "--client-id", "c", "--redirect-uri", "https://c.example/", code=CONFIG)
        self.assertIn("--redirect-uri", said.stderr)

    def test_an_unknown_provider_is_an_error(self):
        self.assertIn("nobody", self.command("providers", "nobody", code=CONFIG).stderr)


if __name__ == "__main__":
    unittest.main()
