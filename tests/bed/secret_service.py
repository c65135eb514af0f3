# SPDX-License-Identifier: GPL-3.0-or-later
"""gnome-keyring's Secret Service on a session bus that nothing else is on.

Nothing is activatable on that bus, so no prompt can ever appear: a locked collection stays
locked until control.py unlocks it.
"""
import os
import resource
import signal
import subprocess

import keyring_unlock
from process import BedError, first_line, start, tail, wait_until

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
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
_SERVICE = "org.freedesktop.secrets"
PASSWORD = b"keyring-password"


def start_bus(env, log):
    """Starts the bus and puts its address into `env`."""
    path = os.path.join(env["XDG_RUNTIME_DIR"], "bus")
    config = os.path.join(env["XDG_RUNTIME_DIR"], "bus.conf")
    with open(config, "w", encoding="ascii") as file:
        file.write(_BUS.format(path=path))
    process = start(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
                    env=env, log=log, stdout=subprocess.PIPE)
    env["DBUS_SESSION_BUS_ADDRESS"] = first_line(process, log).decode().strip()
    return process


def start_scripted(env, log):
    """scripted_keyring.py on the bus named in `env`, in the place of a keyring."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scripted_keyring.py")
    process = start(["/usr/bin/python3", "-B", script], env=env, log=log, stdout=subprocess.PIPE)
    first_line(process, log)
    return process


class Keyring:
    """The service on the bus named in `env`."""

    def __init__(self, env, log):
        self._env, self._log = env, log
        self._process = None

    def start(self, unlocked=True):
        """Starts it, its collection unlocked or as it was left; returns when it owns its name."""
        self._process = start(["gnome-keyring-daemon", "--foreground", "--components=secrets"] +
                              (["--unlock"] if unlocked else []),
                              env=self._env, log=self._log, stdin=subprocess.PIPE,
                              restore_signals=False)  # it is not to die of SIGXFSZ
        self._process.stdin.write(PASSWORD if unlocked else b"")
        self._process.stdin.close()
        wait_until(self._owns_name, "gnome-keyring on the bus", log=self._log)

    def stop(self):
        """Ends the service; the bus stays."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(5)
            self._process = None

    def hold(self):
        """It answers nobody, until let_go(): as while it asks a person to unlock it."""
        self._process.send_signal(signal.SIGSTOP)

    def let_go(self):
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def fill_disk(self):
        """Nothing that it writes is kept, until free_disk()."""
        self._limit_files(lambda most: 0)

    def free_disk(self):
        self._limit_files(lambda most: most)

    def _limit_files(self, limit):
        pid, kind = self._process.pid, resource.RLIMIT_FSIZE
        _, most = resource.prlimit(pid, kind)
        resource.prlimit(pid, kind, (limit(most), most))

    def lock(self):
        self._send("/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock",
                   "array:objpath:/org/freedesktop/secrets/collection/login")

    def unlock(self):
        keyring_unlock.unlock(self._env["DBUS_SESSION_BUS_ADDRESS"], PASSWORD)

    def _owns_name(self):
        if self._process.poll() is not None:
            raise BedError(f"gnome-keyring-daemon ended:\n{tail(self._log)}")
        answer = self._send("/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner",
                            f"string:{_SERVICE}", "org.freedesktop.DBus")
        return "true" in answer

    def _send(self, path, member, argument, destination=_SERVICE):
        done = subprocess.run(["dbus-send", "--session", "--print-reply", f"--dest={destination}",
                               path, member, argument], env=self._env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BedError(f"{member}: {done.stderr.strip()}")
        return done.stdout
