# SPDX-License-Identifier: GPL-3.0-or-later
"""A display of a test's own, and keys and clicks on it."""
import os
import subprocess


def end(process):
    """Ends one process and waits for it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


class Display:
    """An Xvfb, and the accessibility bus on the session bus named in `env`."""

    def __init__(self, env, size="1100x800x24"):
        reading, writing = os.pipe()
        self._server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
                                        pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            self.name = f":{pipe.readline().strip()}"
        self._bus = None
        if "DBUS_SESSION_BUS_ADDRESS" in env:
            self._bus = subprocess.Popen(["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"],
                                         env={**env, "DISPLAY": self.name}, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)

    def screenshot(self, path):
        subprocess.run(["import", "-display", self.name, "-window", "root", path], check=True)

    def run(self, *command):
        """One xdotool command; what it printed. Again when a window vanished under it."""
        for _ in range(5):
            done = subprocess.run(["xdotool", *command], env={**os.environ, "DISPLAY": self.name}, capture_output=True,
                                  text=True, check=False)
            if "X Error" not in done.stderr:
                break
        return done.stdout

    def close(self):
        for process in (self._bus, self._server):
            if process is not None:
                end(process)
