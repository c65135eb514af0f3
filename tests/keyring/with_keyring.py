#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a test against a real gnome-keyring on a private session bus.

    with_keyring.py MODE COMMAND [ARGUMENT...]

MODE  unlocked    a keyring with an unlocked login collection
      cold        the command runs twice, with [cold-store] and [cold-read] as its last argument, and
                  the keyring is started anew in between, locked
      scripted    tests/bed/scripted_keyring.py, a service that behaves as it is told
      no-service  a bus with nobody on it
      no-bus      no bus, though DISPLAY is set
Nothing on the bus is activatable, so no prompt appears. Ends with the command's status; nothing of it
is left behind.
"""
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bed"))

# pylint: disable=wrong-import-position
import secret_service
from process import base_environment, watched


def run(env, mode, command):
    def status(*more):
        return subprocess.run([*command, *more], env=env, check=False, timeout=120).returncode

    if mode == "no-bus":
        env["DISPLAY"] = ":99"
        return status()
    log = os.path.join(env["BED_DIR"], "log")
    secret_service.start_bus(env, log)
    if mode == "no-service":
        return status()
    if mode == "scripted":
        secret_service.start_scripted(env, log)
        return status()
    keyring = secret_service.Keyring(env, log)
    keyring.start()
    if mode == "unlocked":
        return status()
    stored = status("[cold-store]")
    keyring.stop()
    keyring.start(unlocked=False)
    return stored or status("[cold-read]")


def main(mode, command):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="mail-oauth-keyring-")
    janitor = watched(folder)
    try:
        return run(base_environment(folder), mode, command)
    finally:
        janitor.stdin.close()
        janitor.wait()


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("unlocked", "cold", "scripted", "no-service", "no-bus"):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
