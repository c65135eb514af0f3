# SPDX-License-Identifier: GPL-3.0-or-later
"""KWallet (kwalletd6, or 5 where that is the newest) as the Secret Service, with no screen that anybody could sit at (Qt's "offscreen").

Its wallet is opened as PAM opens it at a login: by a key on a pipe, the environment on a socket. Nobody else can
open it without a dialog.
"""
import os
import shutil
import socket
import subprocess

from process import BedError, start, tail, wait_until

_NAME = "kwalletd6" if shutil.which("kwalletd6") else "kwalletd5"
_KEY_BYTES = 56
_SETTINGS = """[Wallet]
Enabled=true
First Use=false
Launch Manager=false
Leave Open=true
[org.freedesktop.secrets]
apiEnabled=true
"""


class KWallet:
    """The service on the bus named in `env`; its files are in the folder `home`, which it makes."""

    def __init__(self, env, home, log):
        os.mkdir(home, 0o700)
        self._socket = os.path.join(home, "socket")
        self._log, self._process, self._key = log, None, os.urandom(_KEY_BYTES)
        self._env = {**env, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "XDG_CACHE_HOME": home,
                     "QT_QPA_PLATFORM": "offscreen", "LANGUAGE": "C", "PAM_KWALLET5_LOGIN": self._socket}  # so called in 6, too
        with open(os.path.join(home, "kwalletrc"), "w", encoding="utf-8") as file:
            file.write(_SETTINGS)
        # The first start makes the wallet, and only the next one knows it as a collection.
        self._start(lambda: "boolean true" in self._wallet("isOpen", "string:kdewallet"))
        self.stop()

    def start(self, opened=True):
        """Starts it with its wallet open, or as it is for who does not log in with a password."""
        self._start(lambda: "kdewallet" in self.send(
            "org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.DBus.Properties.Get",
            "string:org.freedesktop.Secret.Service", "string:Collections"), opened)

    def _start(self, ready, opened=True):
        arguments, files = [], ()
        with socket.socket(socket.AF_UNIX) as listener:
            if opened:
                pipe, end = os.pipe()
                os.write(end, self._key)
                os.close(end)
                listener.bind(self._socket)
                listener.listen(1)
                files = (pipe, listener.fileno())
                arguments = ["--pam-login", *map(str, files)]
            self._process = start([_NAME, *arguments], env=self._env, log=self._log, pass_fds=files)
            if opened:
                os.close(pipe)
                self._send_environment()
        wait_until(lambda: self._serves(ready), "KWallet on the bus", seconds=30, log=self._log)

    def _send_environment(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(self._socket)
            client.sendall("".join(f"{name}={value}\n" for name, value in self._env.items()
                                   if "\n" not in value).encode())
        os.unlink(self._socket)

    def _serves(self, ready):
        if self._process.poll() is not None:
            raise BedError(f"{_NAME} ended:\n{tail(self._log)}")
        answer = self.send("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner",
                           "string:org.freedesktop.secrets")
        return "boolean true" in answer and ready()

    def stop(self):
        """Ends the service; what it was told to store stays in its file."""
        self._process.kill()
        self._process.wait(10)

    def lock(self):
        """Closes the wallet."""
        self._wallet("close", "string:kdewallet", "boolean:true")

    def _wallet(self, member, *arguments):
        return self.send(f"org.kde.{_NAME}", f"/modules/{_NAME}", "org.kde.KWallet." + member, *arguments)

    def send(self, service, path, member, *arguments):
        """One call of dbus-send, and its answer."""
        done = subprocess.run(["dbus-send", "--session", "--print-reply", f"--dest={service}", path, member, *arguments],
                              env=self._env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BedError(f"{member}: {done.stderr.strip()}")
        return done.stdout
