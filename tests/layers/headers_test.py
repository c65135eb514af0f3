#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every header compiles alone, with the flags of the sources of its layer.

A header that its own source includes before all else was shown to by the build itself; the others are
compiled here.

Usage: headers_test.py BUILD-DIR   (the folder with compile_commands.json; meson passes it)
"""
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import rules

ROOT = Path(__file__).resolve().parents[2]

# Options of compile_commands.json that are about the one file: dropped with their argument, or alone.
WITH_ARGUMENT = {"-o", "-MF", "-MQ", "-MT", "-c"}
ALONE = {"-MD", "-MMD"}


def flags(command):
    """A compiler call without its file, output and dependency options."""
    words = [w for w in shlex.split(command) if not w.endswith("ccache")]
    kept, skip = [], False
    for word in words:
        if skip or word in WITH_ARGUMENT:
            skip = word in WITH_ARGUMENT and not skip
        elif word not in ALONE:
            kept.append(word)
    return kept


def place(entry):
    """Where the source stands; one that meson puts together from several (unity) counts as beside them."""
    path = (Path(entry["directory"]) / entry["file"]).resolve()
    if path.suffix != ".cpp" or not path.parent.name.endswith(".p"):
        return path
    return ROOT / path.parent.parent.relative_to(Path(entry["directory"]).resolve()) / path.name


def calls_of_sources(build):
    """For each C++ source of the tree: (folder, compiler call)."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = place(entry)
        if path.suffix in (".cc", ".cpp") and path.is_relative_to(ROOT):
            found.setdefault(path, (entry["directory"], flags(entry["command"])))
    return found


def pick(header, calls):
    """The call of the header's own source; else the one with most flags of its layer, since a layer may be
    built in parts; else (a layer of headers only) of the nearest row above or below."""
    own = header.with_suffix(".cc")
    if own in calls:
        return calls[own]
    layer = rules.layer_of(header, ROOT)
    rows = {path: rules.ROW_OF.get(rules.layer_of(path, ROOT)) for path in calls}
    same = [path for path in calls if rules.layer_of(path, ROOT) == layer]
    known = [path for path, row in rows.items() if row is not None]
    near = same or sorted(known, key=lambda path: abs(rows[path] - rules.ROW_OF[layer]))[:1]
    return calls[max(near, key=lambda path: len(calls[path][1]))]


def shown_by_build(header, calls):
    """True when the first directive of the header's own, built source includes the header."""
    own = header.with_suffix(".cc")
    if own not in calls:
        return False
    first = re.search(r"^\s*#.*$", own.read_text(encoding="utf-8"), re.MULTILINE)
    name = rules.INCLUDE.match(first.group()) if first else None
    return bool(name and name.group(1)) and rules.resolve(name.group(1), own, ROOT) == header


def compile_alone(header, calls):
    """What the compiler says about a source of nothing but this header; empty when it is content."""
    folder, call = pick(header, calls)
    done = subprocess.run(
        [*call, "-fsyntax-only", "-x", "c++", "-"],
        input=f'#include "{header}"\n', cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    return f"{header.relative_to(ROOT)} does not compile alone:\n{done.stderr}"


def main(build):
    calls = calls_of_sources(build)
    headers = [p for p in rules.sources(ROOT) if p.suffix == ".h"]
    if not any(rules.layer_of(path, ROOT) == "plugin/claws" for path in calls):  # a build without the plugin need not have GTK
        headers = [p for p in headers if rules.layer_of(p, ROOT) != "plugin/claws"]
    open_ones = [h for h in headers if not shown_by_build(h, calls)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        said = [text for text in pool.map(lambda h: compile_alone(h, calls), open_ones) if text]
    print("\n".join(said))
    print(f"{len(headers) - len(said)} of {len(headers)} headers compile alone, "
          f"{len(headers) - len(open_ones)} of them shown by the build")
    return 1 if said or not headers else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
