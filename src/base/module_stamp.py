#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes module_stamp(), which tells two builds apart whose C++ types do not fit together.

    module_stamp.py OUTPUT DEPFILE SRC TEXT HEADER...

A digest of TEXT (version and compiler) and of all headers under SRC that the HEADERs include, near and far.
"""
import hashlib
import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def reached(source, headers):
    """The headers and what they include, as {name: text}."""
    found, open_names = {}, list(headers)
    while open_names:
        name = open_names.pop()
        if name in found or not (source / name).is_file():
            continue
        found[name] = (source / name).read_text(encoding="utf-8")
        open_names += INCLUDE.findall(found[name])
    return found


def stamp(text, found):
    """Comments and blanks count too: rather one stamp too many."""
    digest = hashlib.sha256(text.encode())
    for name in sorted(found):
        digest.update(b"\0" + name.encode() + b"\0" + found[name].encode())
    return digest.hexdigest()


def main(output, depfile, source, text, *headers):
    found = reached(Path(source), headers)
    Path(output).write_text('#include "base/module.h"\n\n'
                            f'const char* mail_oauth::module_stamp() {{ return "{stamp(text, found)}"; }}\n',
                            encoding="utf-8")
    needed = [f"{source}/{name}".replace(" ", "\\ ") for name in sorted(found)]
    Path(depfile).write_text(f"{output}: {' '.join(needed)}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
