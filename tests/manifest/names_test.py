#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding a provider needs no code, so the code names none: not its name, not its hosts. What the shipped manifests hold is
looked for, besides the names that people use."""
import json
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = [json.loads(p.read_text(encoding="utf-8"))
           for p in Path(ROOT, "manifests").glob("*.json") if p.name != "provider.schema.json"]
NAMES = ("microsoft", "outlook", "office365", "hotmail", "exchange online", "entra", "21vianet", "google", "gmail", "yahoo", r"\baol\b",
         "fastmail", "messagingengine", "yandex", r"mail\.ru", "comcast", "xfinity", "keycloak", "stalwart")
# Wording, chosen by what a server said: issue 5, section 4. It decides nothing.
WORDING = ("src/explain/",)
# What people read, with the reason.
ALLOWED = {
    ("src/manifest/provider_reader.cc", "use the provider's own interface, such as Microsoft Graph."):
        "a manifest for client credentials is told what to use instead",
    ("plugin/claws/plugin.cc", "with the browser and without a password: Microsoft"): "what the host shows about the plugin",
}


def hosts():
    """Registered names of the endpoints and servers, such as "oauth.yandex.com"."""
    found = set()
    for manifest in SHIPPED:
        values = [v for k, v in manifest.items() if k.endswith("_endpoint") or k in ("issuer", "scope_resource")]
        found |= {re.match(r"https://([^/]+)", value).group(1) for value in values}
        found |= {server["host"] for server in manifest.get("servers", {}).values() if "host" in server}
    return found


def code_of(text):
    """The text without comments: those may cite pages and tell of quirks. Texts in quotes stay, with // in them."""
    return re.sub(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', lambda m: m.group(1) or " ", text, flags=re.DOTALL)


def named(root, allowed):
    wanted = re.compile("|".join([*NAMES, *map(re.escape, hosts())]), re.IGNORECASE)
    found = []
    for path in sorted([*Path(root, "src").rglob("*"), *Path(root, "plugin").rglob("*")]):
        name = str(path.relative_to(root))
        if path.suffix not in (".cc", ".h", ".c") or name.startswith(WORDING):
            continue
        code = code_of(path.read_text(encoding="utf-8"))
        for (file, words), _ in allowed.items():
            if file == name:
                code = code.replace(words, "")
        found += [f"{name}: {line.strip()}" for line in code.splitlines() if wanted.search(line)]
    return found


class Names(unittest.TestCase):
    def test_the_code_names_no_provider(self):
        self.assertEqual([], named(ROOT, ALLOWED))

    def test_each_exception_is_needed(self):
        for exception in ALLOWED:
            with self.subTest(exception):
                self.assertNotEqual([], named(ROOT, {k: v for k, v in ALLOWED.items() if k != exception}))

    def test_a_name_in_code_is_seen_and_in_a_comment_is_not(self):
        self.assertIn("Google", code_of('if (name == "Google") // as Yahoo has it\n'))
        self.assertNotIn("Yahoo", code_of('if (name == "Google") // as Yahoo has it\n'))
        self.assertIn("imap.example", code_of('f("https://imap.example/");'))

    def test_hosts_are_those_of_the_manifests(self):
        self.assertIn("oauth2.googleapis.com", hosts())
        self.assertIn("imap.aol.com", hosts())


if __name__ == "__main__":
    unittest.main()
