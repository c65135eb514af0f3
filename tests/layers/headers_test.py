#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every header compiles alone, with the flags of the sources of its layer.

Usage: headers_test.py BUILD-DIR   (the folder with compile_commands.json; meson passes it)
"""
import json
import os
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


def calls_by_layer(build):
    """For each layer: (folder, compiler call) of one of its C++ files."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = (Path(entry["directory"]) / entry["file"]).resolve()
        if path.suffix == ".cc" and path.is_relative_to(ROOT):
            found.setdefault(rules.layer_of(path, ROOT), (entry["directory"], flags(entry["command"])))
    return found


def pick(layer, calls):
    """The call of the layer itself, else (headers only) of the nearest row above or below it."""
    if layer in calls:
        return calls[layer]
    known = [name for name in calls if name in rules.ROW_OF]
    return calls[min(known, key=lambda name: abs(rules.ROW_OF[name] - rules.ROW_OF[layer]))]


def compile_alone(header, calls):
    """What the compiler says about a source of nothing but this header; empty when it is content."""
    folder, call = pick(rules.layer_of(header, ROOT), calls)
    done = subprocess.run(
        [*call, "-fsyntax-only", "-x", "c++", "-"],
        input=f'#include "{header}"\n', cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    return f"{header.relative_to(ROOT)} does not compile alone:\n{done.stderr}"


def main(build):
    calls = calls_by_layer(build)
    headers = [p for p in rules.sources(ROOT) if p.suffix == ".h"]
    if "plugin/claws" not in calls:  # a build without the plugin need not have GTK
        headers = [p for p in headers if rules.layer_of(p, ROOT) != "plugin/claws"]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        said = [text for text in pool.map(lambda h: compile_alone(h, calls), headers) if text]
    print("\n".join(said))
    print(f"{len(headers) - len(said)} of {len(headers)} headers compile alone")
    return 1 if said or not headers else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
