# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rows of the table share: the build that is measured, a bed, and sign-ins in its keyring."""
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(TESTS, "bed"), os.path.join(TESTS, "claws")]

# pylint: disable=wrong-import-position
from bed import Bed

ALICE, BOB = "alice@contoso.test", "bob@contoso.test"
ALICES_PASSWORD = "alice-mail-password"


class Setting:
    """`quick` asks for few runs: to see that everything works, and not what it costs."""

    def __init__(self, build, quick):
        self.build, self.quick = os.path.abspath(build), quick
        self.absent = set()

    def has(self, name, there):
        """Whether something to compare with is installed; what is not is told below the table."""
        if not there:
            self.absent.add(name)
        return there

    def runs(self, many, few=2):
        return few if self.quick else many

    def built(self, path):
        return os.path.join(self.build, path)

    def program(self, name, *arguments, env=None, text=None):
        """A program of this folder; what it printed."""
        done = subprocess.run([self.built(f"tests/bench/{name}"), *arguments], env=env, input=text, text=True,
                              capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{name} {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def once(self, command, env):
        """(milliseconds, megabytes) of one run of a command."""
        nanoseconds, kilobytes, code = map(int, self.program("bench_once", *command, env=env).split())
        if code:
            raise RuntimeError(f"{' '.join(command)} ended with {code}")
        return nanoseconds / 1e6, kilobytes / 1024


def bed(**options):
    return Bed(**options)


def attributes(running, user=ALICE):
    return ["xdg:schema", "org.mail_oauth.Grant", "kind", "grant", "provider", "bed", "client",
            running.env["BED_CLIENT_ID"], "tenant", "", "identity", user]


def sign_in(running, user=ALICE, **changes):
    """Puts a sign-in into the keyring, as the store documents it; the item."""
    tokens = running.control("sign_in", user=user)
    item = {"v": 1, "refresh_token": tokens["refresh_token"], "access_token": tokens["access_token"],
            "expires_at": int(time.time()) + 3600, "scope": tokens.get("scope", ""),
            "token_endpoint": f"{running.env['BED_ISSUER']}/token", "issuer": running.env["BED_ISSUER"], **changes}
    subprocess.run(["secret-tool", "store", "--label", "Mail sign-in", *attributes(running, user)],
                   input=json.dumps(item).encode(), env=running.env, check=True)
    return item
