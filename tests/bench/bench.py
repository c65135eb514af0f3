#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this costs, beside what others cost: `./run bench`.

    bench.py [--build DIR] [--json FILE] [--quick] [ROW...]

Prints a table of medians (quartiles in brackets) and writes all figures as JSON. Both sides of a ratio come from the same
minutes of the same machine, in turn. --quick only shows that every row works.
"""
import argparse
import json
import os
import platform
import sys

import hosts
import logins
import measure
import programs
from setting import Setting

ROWS = {"token": programs.token_command, "warm": programs.warm_broker, "login": logins.logins,
        "renewal": programs.renewal, "mechanism": programs.mechanism, "claws": hosts.claws}


def machine():
    """What the figures were measured on."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    return {"processor": model, "processors": os.cpu_count(), "system": system, "kernel": platform.release(),
            "load": list(os.getloadavg())}


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/bench")
    parser.add_argument("--json", default="build/bench.json")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}; all when none is named")
    options = parser.parse_args(arguments)
    unknown = [row for row in options.rows if row not in ROWS]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(ROWS)}")
    here, before, cases = Setting(options.build, options.quick), machine(), []
    for row, measured in ROWS.items():
        if not options.rows or row in options.rows:
            print(f"bench: {row} ...", file=sys.stderr, flush=True)
            cases += measured(here)
    text = {"machine": before, "load_after": list(os.getloadavg()), "quick": options.quick, "not_installed": sorted(here.absent),
            "cases": [case.as_json() for case in cases]}
    with open(options.json, "w", encoding="utf-8") as file:
        json.dump(text, file, indent=1)
        file.write("\n")
    print(f"{before['processor']}, {before['processors']} processors, {before['system']}, load {before['load'][0]:.1f}\n")
    print(measure.table(cases))
    if here.absent:
        print(f"\nNot installed, and so not compared with: {', '.join(sorted(here.absent))}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
