# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the translations share: the messages of the sources as they are now, and of a catalogue."""
import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "po"


def listed(name):
    """The lines of po/LINGUAS or po/POTFILES."""
    lines = (PO / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}:\n{done.stderr}")
    return done.stdout


def fresh_template():
    """The template of the sources, extracted now as po/meson.build does."""
    return run("xgettext", "--from-code=UTF-8", "--language=C++", "--keyword=_", "--keyword=N_",
               "--keyword=translated_plural:1,2", "--add-location=file", "--output=-", *listed("POTFILES"))


def parsed(catalogue):
    """The messages of a catalogue in text: {msgid: [its forms in English, its translations, its flags]}."""
    messages = {}
    for block in re.split(r"\n\s*\n", catalogue):
        fields, key, flags = {}, None, ""
        for line in block.splitlines():
            word, _, rest = line.partition(" ")
            if line.startswith("#"):
                flags += line[2:] if line.startswith("#,") else ""
            elif line.startswith("msg"):
                key = word
                fields[key] = ast.literal_eval(rest)
            elif key:
                fields[key] += ast.literal_eval(line)
        if fields.get("msgid"):
            english = [fields[name] for name in ("msgid", "msgid_plural") if name in fields]
            messages[fields["msgid"]] = (english, [text for name, text in fields.items() if name.startswith("msgstr")], flags)
    return messages


def by_source(language):
    """{source: the texts of its messages in that catalogue, as (English, translation)}."""
    found = {}
    for block in re.split(r"\n\s*\n", (PO / f"{language}.po").read_text(encoding="utf-8")):
        for english, translated, _ in parsed(block).values():
            for source in re.findall(r"^#: (\S+)", block, re.MULTILINE):
                found.setdefault(source, []).append((english[0], translated[0]))
    return found


def translations(language):
    return parsed((PO / f"{language}.po").read_text(encoding="utf-8"))
