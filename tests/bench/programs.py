# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows that time programs and calls: the command, the warm broker, a renewal, the mechanism."""
import glob
import json
import os
import re
import subprocess
import tempfile
import urllib.parse
from datetime import datetime, timedelta

import setting
from measure import Case, in_turn, spread
from setting import ALICE
from wire import Delay, Loop

SCRIPT = "/usr/share/doc/mutt/examples/mutt_oauth2.py"


def _mutts_script(folder, access_token):
    """Debian mutt's script with `cat` for a cipher, and its file of tokens; the command."""
    with open(SCRIPT, encoding="utf-8") as file:
        text = file.read()
    for name in ("ENCRYPTION_PIPE", "DECRYPTION_PIPE"):
        text, count = re.subn(rf"^{name} = .*$", f"{name} = ['cat']", text, flags=re.MULTILINE)
        if count != 1:
            raise RuntimeError(f"{SCRIPT} has no {name}")
    program, tokens = os.path.join(folder, "mutt_oauth2.py"), os.path.join(folder, "tokens")
    with open(program, "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.open(tokens, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        json.dump({"registration": "microsoft", "authflow": "authcode", "email": ALICE, "refresh_token": "r",
                   "access_token": access_token,
                   "access_token_expiration": (datetime.now() + timedelta(hours=1)).isoformat()}, file)
    return ["/usr/bin/python3", program, tokens]


def token_command(here):
    with setting.bed() as bed:
        item = setting.sign_in(bed)
        commands = {
            "mail-oauth token": [here.built("src/cli/mail-oauth"), "token", ALICE],
            "secret-tool": ["secret-tool", "lookup", *setting.attributes(bed)]}
        if here.has("mutt_oauth2.py", os.path.exists(SCRIPT)):
            commands["mutt_oauth2.py"] = _mutts_script(bed.env["HOME"], item["access_token"])
        sides = {name: lambda command=command: here.once(command, bed.env) for name, command in commands.items()}
        runs = in_turn(here.runs(30), sides, warm_up=1 if here.quick else 3)
    times = {name: spread([run[0] for run in values]) for name, values in runs.items()}
    memory = {name: spread([run[1] for run in values]) for name, values in runs.items()}
    time_case = Case("token", "a fresh grant's token on the command line", "ms", times,
                     "within 1.5x of secret-tool, 5x faster than the script")
    time_case.reached = time_case.ratio("secret-tool") <= 1.5 and (
        "mutt_oauth2.py" not in times or time_case.ratio("mutt_oauth2.py") <= 0.2)
    return [time_case, Case("token", "most memory", "MB", memory, "under 15 MB",
                            memory["mail-oauth token"]["median"] < 15)]


def warm_broker(here):
    cases = []
    for threads, calls in ((1, 20_000), (64, 400)):
        runs = [json.loads(here.program("bench_token", str(threads), str(here.runs(calls, 100))))
                for _ in range(here.runs(5))]
        for share in ("p50", "p99"):
            sides = {side: spread([run[side][share] / 1000 for run in runs]) for side in ("broker", "mutex")}
            case = Case("warm", f"token from the warm broker, {threads} thread{'s' if threads > 1 else ''}, {share}", "us",
                        sides, "within 3x of a copy under a mutex")
            case.reached = case.ratio("mutex") <= 3
            cases.append(case)
    return cases


class _Renewals:
    """bench_refresh against a bed whose token endpoint is reached through a counting wire."""

    def __init__(self, here, bed, loop):
        self._bed = bed
        self.wire = Delay(loop, urllib.parse.urlsplit(bed.env["BED_ISSUER"]).port)
        endpoint = f"https://localhost:{self.wire.port}/token"
        path = os.path.join(bed.env["XDG_CONFIG_HOME"], "mail-oauth", "providers", "bed.json")
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**manifest, "token_endpoint": endpoint}, file)
        item = setting.sign_in(bed, expires_at=1, token_endpoint=endpoint)
        client = bed.env["BED_CLIENT_ID"]
        form = urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": item["refresh_token"],
                                       "client_id": client, "scope": item["scope"]})
        self._process = subprocess.Popen([here.built("tests/bench/bench_refresh"), "bed", client, ALICE, endpoint, form],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=bed.env)

    def close(self):
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def ask(self, line):
        """{"time" (ms), "requests", "connections", "bytes"} of one order."""
        before = (self.wire.connections, self.wire.bytes_out + self.wire.bytes_in)
        self._bed.control("clear_requests")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        nanoseconds = int(self._process.stdout.readline())
        if nanoseconds < 0:
            raise RuntimeError(f"bench_refresh could not {line}")
        counts = self._bed.control("requests")["counts"]
        return {"time": nanoseconds / 1e6, "requests": sum(counts.values()),
                "connections": self.wire.connections - before[0],
                "bytes": self.wire.bytes_out + self.wire.bytes_in - before[1]}


def renewal(here):
    loop, cases = Loop(), []
    # Shorter than what is ever handed out twice: each question is a renewal.
    with setting.bed(token_ttl=8) as bed:
        bed.control("set", rotate=False)  # so that the POST beside it can be sent again
        renewals = _Renewals(here, bed, loop)
        for callers in (1, 8, 64):
            runs = in_turn(here.runs(15), {f"{callers} callers": lambda n=callers: renewals.ask(f"refresh {n}"),
                                           "one POST": lambda: renewals.ask("post")})
            for what, unit in (("requests", ""), ("connections", ""), ("bytes", "bytes"), ("time", "ms")):
                sides = {name: spread([run[what] for run in values]) for name, values in runs.items()}
                case = Case("renewal", f"{callers} at once: {what}", unit, sides,
                            "exactly one" if not unit else "as one POST" if unit == "bytes" else "")
                if not unit:
                    case.reached = all(run[what] == 1 for run in runs[f"{callers} callers"])
                elif unit == "bytes":
                    case.reached = case.ratio("one POST") < 1.05
                cases.append(case)
        renewals.close()
    loop.close()
    return cases


def mechanism(here):
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        kde = os.path.join(folder, "kde")
        os.makedirs(kde)
        os.makedirs(os.path.join(folder, "none"))
        os.symlink(glob.glob("/usr/lib/*/sasl2/libkdexoauth2.so")[0], os.path.join(kde, "libkdexoauth2.so"))
        calls = str(here.runs(20_000, 200))
        sides = {
            "ours": lambda: here.program("bench_mechanism", "ours", calls,
                                         env={**os.environ, "SASL_PATH": os.path.join(folder, "none")}),
            "KDE's": lambda: here.program("bench_mechanism", "others", calls, env={**os.environ, "SASL_PATH": kde})}
        runs = in_turn(here.runs(9), sides)
    spreads = {name: spread([json.loads(line)["p50"] / 1000 for line in lines]) for name, lines in runs.items()}
    case = Case("mechanism", "the step of XOAUTH2 with 2.5 KB", "us", spreads, "faster than KDE's")
    case.reached = case.ratio("KDE's") < 1
    return [case]
