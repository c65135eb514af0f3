#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of manifests, by a real validator: the shipped ones pass, mistakes do not, and schema, reader and
documentation know the same keys."""
import json
import re
import unittest
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads(Path(ROOT, "manifests/provider.schema.json").read_text(encoding="utf-8"))
READER = Path(ROOT, "src/manifest/provider_reader.cc").read_text(encoding="utf-8")
DOCUMENT = Path(ROOT, "docs/manifest.md").read_text(encoding="utf-8")
SHIPPED = sorted(p for p in Path(ROOT, "manifests").glob("*.json") if p.name != "provider.schema.json")

WHOLE = {"schema": 1, "id": "p", "name": "P", "issuer": "https://p.example", "scopes": {"imap": ["I"]}}

# The rows of tests/manifest/provider_reader_test.cc that a schema can see.
WRONG = [
    {"schema": 2}, {"schema": "1"}, {"id": "../p"}, {"id": ""}, {"nmae": "P"}, {"name": 1}, {"name": ""},
    {"name": "a\u001b[2J"}, {"issuer": "http://p.example"}, {"issuer": "ftp://p.example"},
    {"token_endpoint": "https://p.example/t"}, {"registration_page": "javascript:void"},
    {"iss_parameter": "forbidden"}, {"scopes": {"imap": "I"}}, {"scopes": {"imap": [1]}}, {"scopes": {"jmap": ["J"]}},
    {"redirect": {"host": "evil.example"}}, {"redirect": {"port": 65536}}, {"redirect": {"port": 1.5}},
    {"redirect": {"path": "cb"}}, {"redirect": {"path": "/cb?x=1"}},
    {"servers": {"imap": {"host": "h", "port": 993, "tls": "none"}}}, {"servers": {"imap": {"prot": 993}}},
    {"sasl_user": {"smtp": "me"}}, {"device_flow": "yes"}, {"mechanism": "xoauth2"}, {"line_limits": {"smtp": 12289}},
    {"line_limits": {"imap": 512}}, {"client_secret": "yes"}, {"authorization_parameters": {"prompt": 1}},
    {"refresh_margin": -1}, {"revocation_ends_other_devices": "no"}, {"ca_file": "ca.pem"}, {"domains": ["a b"]},
    {"tenant_discovery": "https://p.example/"},
]


def problems(manifest):
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(manifest)]


class Schema(unittest.TestCase):
    def test_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_shipped_manifests_pass(self):
        self.assertTrue(SHIPPED)
        for path in SHIPPED:
            with self.subTest(path.name):
                manifest = json.loads(path.read_text(encoding="utf-8"))
                self.assertEqual([], problems(manifest))
                self.assertEqual(path.stem, manifest["id"])

    def test_examples_of_the_documentation_pass(self):
        for name in ("README.md", "docs/manifest.md"):
            text = Path(ROOT, name).read_text(encoding="utf-8")
            for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL):
                with self.subTest(name):
                    self.assertEqual([], problems(json.loads(block)))

    def test_a_mistake_is_found(self):
        self.assertEqual([], problems(WHOLE))
        self.assertEqual([], problems({"schema": 1, "id": "p", "extends": "q", "client_id": "c"}))
        for wrong in WRONG:
            with self.subTest(wrong=wrong):
                self.assertNotEqual([], problems({**WHOLE, **wrong}))
        for key in WHOLE:
            with self.subTest(without=key):
                self.assertNotEqual([], problems({k: v for k, v in WHOLE.items() if k != key}))

    def test_schema_reader_and_documentation_know_the_same_keys(self):
        read = set(re.findall(r'\broot\.(?:text|texts|word|integer|flag|object|endpoint|page)\("(\w+)"', READER))
        read |= set(re.findall(r'\w+\(root, "(\w+)"\)', READER))
        self.assertEqual(read, set(SCHEMA["properties"]))
        listed = {key for row in re.findall(r"^\| (`.*?) \|", DOCUMENT, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}
        self.assertEqual(read, listed)


if __name__ == "__main__":
    unittest.main()
