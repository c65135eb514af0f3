# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds English of ours in what a program says in another language."""
import re

from template import fresh_template, parsed, translations

PLACEHOLDER = r"\{\d?\}"


class _Message:
    """One of our texts in English, with any values filled in."""

    def __init__(self, english):
        self.english = english
        words = re.findall(r"[A-Za-z]{2,}", re.sub(PLACEHOLDER, " ", english))
        self.empty, self._long = not words, len(words) > 3
        shown = english if len(words) > 8 else re.sub(r"_(?=\w)", "", english)  # without the key of a button
        parts = re.split(PLACEHOLDER, " ".join(shown.split()))
        self._longest = max(parts, key=len).strip()
        self._whole = re.compile(".+".join(map(re.escape, parts)))
        self._inside = re.compile(".{1,300}?".join(map(re.escape, (part for part in parts if part.strip(" .:,")))))

    def stands_in(self, flat, columns):
        """Long ones anywhere in the text, short ones as a line or a column of it."""
        if self._longest not in flat:
            return False
        return bool(self._inside.search(flat)) if self._long else any(self._whole.fullmatch(column) for column in columns)


class English:
    """Our messages that this language says in other words. `names` are words that stand for themselves."""

    def __init__(self, language, names=()):
        said, self._messages = translations(language), []
        for msgid, (forms, _, _) in parsed(fresh_template()).items():
            translated = said.get(msgid, (None, [], ""))[1]
            messages = [_Message(english) for english in forms if english not in translated and english not in names]
            self._messages += [message for message in messages if not message.empty]

    def within(self, text):
        """The messages that stand in the text."""
        flat = " ".join(text.split())
        columns = {column.strip() for line in text.splitlines() for column in re.split(r"\s{2,}|\t", line)}
        return [message.english for message in self._messages if message.stands_in(flat, columns)]
