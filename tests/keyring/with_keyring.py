#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a test against a real gnome-keyring on a private session bus.

    with_keyring.py MODE COMMAND [ARGUMENT...]

MODE  unlocked    a keyring with an unlocked login collection
      cold        the command runs twice, with [cold-store] and [cold-read] as its last argument, and
                  the keyring is started anew in between, locked
      no-service  a bus with nobody on it
      no-bus      no bus, though DISPLAY is set
Nothing on the bus is activatable, so no prompt appears. Ends with the command's status; nothing of it
is left behind.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class Session:
    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.env = {name: value for name, value in os.environ.items()
                    if name not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "GNOME_KEYRING_CONTROL")}
        for name, sub in (("XDG_RUNTIME_DIR", "run"), ("HOME", "home"), ("XDG_DATA_HOME", "home/data"),
                          ("XDG_CONFIG_HOME", "home/config"), ("XDG_CACHE_HOME", "home/cache")):
            self.env[name] = os.path.join(folder, sub)
            os.makedirs(self.env[name], mode=0o700, exist_ok=True)

    def start(self, argv, **options):
        process = subprocess.Popen(argv, env=self.env, stderr=subprocess.DEVNULL, start_new_session=True, **options)
        self.processes.append(process)
        return process

    def start_bus(self):
        config = os.path.join(self.folder, "bus.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(BUS.format(path=os.path.join(self.folder, "run/bus")))
        bus = self.start(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
                         stdout=subprocess.PIPE, text=True)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()

    def start_keyring(self, password):
        argv = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
        keyring = self.start(argv + (["--unlock"] if password else []), stdin=subprocess.PIPE,
                             stdout=subprocess.DEVNULL)
        keyring.stdin.write(password)
        keyring.stdin.close()
        end = time.monotonic() + 10
        while not self.has_service():
            if keyring.poll() is not None or time.monotonic() > end:
                sys.exit("gnome-keyring did not come up")
            time.sleep(0.02)
        return keyring

    def has_service(self):
        asked = subprocess.run(["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus",
                                "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner",
                                "string:org.freedesktop.secrets"],
                               env=self.env, capture_output=True, text=True, check=False)
        return "true" in asked.stdout

    def run(self, argv):
        return subprocess.run(argv, env=self.env, check=False, timeout=120).returncode

    def end(self, process):
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                self.end(process)


def run(session, mode, command):
    if mode == "no-bus":
        session.env["DISPLAY"] = ":99"
        return session.run(command)
    session.start_bus()
    if mode == "no-service":
        return session.run(command)
    keyring = session.start_keyring(b"keyring-password")
    if mode == "unlocked":
        return session.run(command)
    status = session.run(command + ["[cold-store]"])
    session.end(keyring)
    session.start_keyring(b"")
    return status or session.run(command + ["[cold-read]"])


def main(mode, command):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="mail-oauth-keyring-")
    session = Session(folder)
    try:
        return run(session, mode, command)
    finally:
        session.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("unlocked", "cold", "no-service", "no-bus"):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
