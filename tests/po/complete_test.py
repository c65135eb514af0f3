#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every word of ours is said in every language: the catalogues against a template that is made now."""
import re
import unittest

from template import ROOT, fresh_template, listed, parsed, translations

HOW = ("Bring it up to date: `meson compile -C build/debug mail-oauth-update-po`, then fill in what is empty or fuzzy "
       "(CONTRIBUTING.md, \"Words for people\").")


class Complete(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.template = parsed(fresh_template())

    def test_every_source_with_words_is_listed(self):
        marked = re.compile(r"\b(?:N?_|translated_plural)\(")
        sources = {str(path.relative_to(ROOT)) for folder in ("src", "plugin") for end in ("cc", "h")
                   for path in (ROOT / folder).rglob(f"*.{end}") if marked.search(path.read_text(encoding="utf-8"))}
        self.assertEqual(sorted(sources - {"src/base/i18n.cc", "src/base/i18n.h"}), listed("POTFILES"),
                         "Run tests/tools/potfiles.sh.")

    def test_every_message_is_translated(self):
        self.assertGreater(len(self.template), 600)
        for language in listed("LINGUAS"):
            said = translations(language)
            for msgid, (forms, _, _) in self.template.items():
                with self.subTest(language, msgid=msgid):
                    self.assertIn(msgid, said, f"po/{language}.po does not have it. {HOW}")
                    english, translated, flags = said[msgid]
                    self.assertEqual(forms, english, f"po/{language}.po has another plural. {HOW}")
                    self.assertNotIn("fuzzy", flags, f"po/{language}.po: {HOW}")
                    self.assertTrue(all(translated), f"po/{language}.po: no translation. {HOW}")
                    self.assertEqual(len(forms), len(translated), f"po/{language}.po: {HOW}")

    def test_nothing_is_translated_that_nobody_says(self):
        for language in listed("LINGUAS"):
            self.assertEqual([], sorted(set(translations(language)) - set(self.template)), f"po/{language}.po: {HOW}")


if __name__ == "__main__":
    unittest.main()
