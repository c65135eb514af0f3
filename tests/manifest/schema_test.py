#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of manifests, by a real validator: the shipped ones pass, mistakes do not, and schema, reader and
documentation know the same keys. manifests.json is the table that agreement_test.cc gives to the reader."""
import json
import re
import unittest
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA_FILE = Path(ROOT, "manifests/provider.schema.json")
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
READER = Path(ROOT, "src/manifest/provider_reader.cc").read_text(encoding="utf-8")
DOCUMENT = Path(ROOT, "docs/manifest.md").read_text(encoding="utf-8")
SHIPPED = sorted(p for p in Path(ROOT, "manifests").glob("*.json") if p.name != "provider.schema.json")

TABLE = json.loads(Path(ROOT, "tests/manifest/manifests.json").read_text(encoding="utf-8"))
# What says who a manifest is, and not what its provider does.
NO_SOURCE_NEEDED = ("schema", "id", "extends", "template", "name", "sources")


def problems(manifest):
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(manifest)]


def leaves(value, pointer=""):
    if not isinstance(value, dict):
        return [pointer]
    return [leaf for key, member in value.items() for leaf in leaves(member, f"{pointer}/{key}")]


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
        for name in ("docs/register/generic.md", "docs/administrator.md", "docs/manifest.md"):
            blocks = re.findall(r"```json\n(.*?)```", Path(ROOT, name).read_text(encoding="utf-8"), re.DOTALL)
            self.assertTrue(blocks, name)
            for block in blocks:
                with self.subTest(name):
                    self.assertEqual([], problems(json.loads(block)))

    def test_the_good_manifests_of_the_table_pass(self):
        for row in TABLE["good"] + TABLE["refused_by_the_reader"]:
            with self.subTest(row["why"]):
                self.assertEqual([], problems(row["manifest"]))

    def test_the_broken_manifests_of_the_table_do_not(self):
        for row in TABLE["refused_by_both"]:
            with self.subTest(row["why"]):
                self.assertNotEqual([], problems(row["manifest"]))

    def test_every_shipped_value_has_a_source(self):
        for path in SHIPPED:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            for pointer in leaves({k: v for k, v in manifest.items() if k not in NO_SOURCE_NEEDED}):
                with self.subTest(path.name, pointer=pointer):
                    around = [pointer[:at] for at in range(1, len(pointer) + 1) if pointer[at:at + 1] in ("", "/")]
                    self.assertTrue(set(around) & set(manifest["sources"]), "no source")

    def test_shipped_sources_are_real_pages(self):
        for path in SHIPPED:
            for pointer, source in json.loads(path.read_text(encoding="utf-8"))["sources"].items():
                with self.subTest(path.name, pointer=pointer):
                    self.assertNotIn("example", source["url"])
                    self.assertLessEqual("2026-01-01", source["seen"])

    def test_what_is_shipped_is_installed(self):
        build = Path(ROOT, "manifests/meson.build").read_text(encoding="utf-8")
        self.assertEqual({p.name for p in SHIPPED} | {SCHEMA_FILE.name}, set(re.findall(r"'([\w.-]+\.json)'", build)))

    def test_schema_reader_and_documentation_know_the_same_keys(self):
        read = set(re.findall(r'\broot\.(?:text|texts|word|integer|flag|object|endpoint|page)\("(\w+)"', READER))
        read |= set(re.findall(r'\w+\(root, "(\w+)"\)', READER))
        read.add("sources")  # src/manifest/sources.cc
        self.assertEqual(read, set(SCHEMA["properties"]))
        listed = {key for row in re.findall(r"^\| (`.*?) \|", DOCUMENT, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}
        self.assertEqual(read, listed)


if __name__ == "__main__":
    unittest.main()
