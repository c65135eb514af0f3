#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The translations as text: well formed, with the values where they belong and the typography of their language."""
import re
import unittest

from template import PO, by_source, listed, run, translations


def placeholders(text):
    """ "{}" counts as the number that format() fills it with; "{name}" stands for itself."""
    number, found = 0, []
    for name in re.findall(r"\{([^{}]*)\}", text):
        number += not name
        found.append(name or str(number))
    return sorted(found)


def key_of(text):
    """The letter behind the only "_" of a short text, or None."""
    found = re.findall(r"_(\w)", text) if len(text) < 80 else []
    return found[0].lower() if len(found) == 1 else None


class Catalogues(unittest.TestCase):
    def each(self):
        """(language, English, translation) of every form."""
        for language in listed("LINGUAS"):
            for english, translated, _ in translations(language).values():
                for text in translated:
                    yield language, english[-1] if text == translated[-1] else english[0], text

    def test_gettext_takes_them(self):
        for language in listed("LINGUAS"):
            run("msgfmt", "--check", "--check-accelerators=_", "--output-file=/dev/null", str(PO / f"{language}.po"))

    def test_a_translation_holds_the_values_of_the_original(self):
        for language, english, text in self.each():
            with self.subTest(language, english=english):
                self.assertEqual(placeholders(english), placeholders(text), text)

    def test_options_commands_and_addresses_are_not_translated(self):
        for language, english, text in self.each():
            for word in re.findall(r"--[a-z][a-z-]+|`[^`]+`|https?://[\w./-]+|XDG_\w+|mail-oauth (?:login|client|list)\b",
                                   english):
                with self.subTest(language, english=english):
                    self.assertIn(word, text)

    def test_keys_that_differ_in_one_source_differ_in_its_translation(self):
        """Each source is about one window."""
        for language in listed("LINGUAS"):
            for source, texts in by_source(language).items():
                windows = texts if source.startswith("plugin/") else []
                keys = {(key_of(english), key_of(text)) for english, text in windows if key_of(english)}
                with self.subTest(language, source=source):
                    self.assertEqual(len(keys), len({translated for _, translated in keys}), sorted(keys))

    def test_french_keeps_its_signs_with_their_words(self):
        for language, _, text in self.each():
            if language == "fr":
                with self.subTest(text=text):
                    self.assertNotRegex(text, r" [:;!?»]|« |«\w|\w»|\w'\w")
                    self.assertNotRegex(text, r"\w[;!?](?:\s|$)")

    def test_german_has_its_own_quotation_marks(self):
        for language, _, text in self.each():
            if language == "de":
                with self.subTest(text=text):
                    self.assertNotIn('"', text)
                    self.assertEqual(text.count("„"), text.count("“"))


if __name__ == "__main__":
    unittest.main()
