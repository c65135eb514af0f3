# SPDX-License-Identifier: GPL-3.0-or-later
"""KeePassXC as the Secret Service.

Without a display (Qt's "offscreen") a question that it asks is a dialog that nobody answers; with one, answer() is the
person there. Works with 2.7 of Debian 12 and 13.
"""
import base64
import os
import subprocess
import uuid

from process import BedError, start, tail, wait_until

PASSWORD = "keepassxc-password"
#: In the titles of its questions.
ACCESS, UNLOCK, DELETE = "Access Request", "Unlock Database", "Delete"
# The group that is shown to programs is named by the database itself.
_DATABASE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile><Meta><DatabaseName>Bed</DatabaseName><CustomData><Item>
<Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{{{group}}}</Value></Item></CustomData></Meta>
<Root><Group><UUID>{encoded}</UUID><Name>Root</Name></Group></Root></KeePassFile>"""
_SETTINGS = """[General]
ConfigVersion=2
UpdateCheckMessageShown=true
SingleInstance=false
[GUI]
CheckForUpdates=false
MinimizeOnStartup=true
MinimizeToTray=true
ShowTrayIcon=true
[FdoSecrets]
Enabled=true
ShowNotification=false
"""


class KeePassXC:
    """The service on the bus named in `env`; its files are in the folder `home`, which it makes. `display`: the name of
    one, as DISPLAY has it, that shows its windows."""

    def __init__(self, env, home, log, display=None):
        os.mkdir(home, 0o700)
        self._home, self._log, self._process = home, log, None
        self._env = {**env, "HOME": home, "QT_QPA_PLATFORM": "xcb" if display else "offscreen", "XDG_CONFIG_HOME": home,
                     "XDG_CACHE_HOME": home, "LANGUAGE": "C", **({"DISPLAY": display} if display else {})}
        self._database = os.path.join(home, "bed.kdbx")
        self._make_database()

    def _make_database(self):
        group = uuid.uuid4()
        xml = os.path.join(self._home, "bed.xml")
        with open(xml, "w", encoding="utf-8") as file:
            file.write(_DATABASE.format(group=group, encoded=base64.b64encode(group.bytes).decode()))
        done = subprocess.run(["keepassxc-cli", "import", "-p", "-t", "100", xml, self._database], env=self._env,
                              input=f"{PASSWORD}\n{PASSWORD}\n", capture_output=True, text=True, check=False)
        if done.returncode:
            raise BedError(f"keepassxc-cli: {done.stderr}")

    def start(self, *, opened=True, **settings):
        """Starts it with its database unlocked, or with none. `settings` of [FdoSecrets] that are not the defaults,
        such as ConfirmAccessItem=False."""
        with open(os.path.join(self._home, "keepassxc.ini"), "w", encoding="utf-8") as file:
            file.write(_SETTINGS)
            for name, value in settings.items():
                file.write(f"{name}={str(value).lower()}\n")
        arguments = ["--pw-stdin", self._database] if opened else []
        self._process = start(["keepassxc", "--config", os.path.join(self._home, "keepassxc.ini"),
                               "--localconfig", os.path.join(self._home, "local.ini"), *arguments],
                              env=self._env, log=self._log, stdin=subprocess.PIPE)
        if opened:
            self._process.stdin.write(f"{PASSWORD}\n".encode())
        self._process.stdin.close()
        wait_until(lambda: self._serves(opened), "KeePassXC on the bus", seconds=30, log=self._log)

    def stop(self):
        """Ends the service; it is killed, for a dialog would hold it up. What it was told to store in its last
        second may not be in its file yet."""
        self._process.kill()
        self._process.wait(10)

    def lock(self):
        """Locks the database; only a person at the screen could open it again, or start()."""
        answer = self.send("/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock",
                           "array:objpath:" + self._collection())
        prompt = answer.rpartition('object path "')[2].partition('"')[0]
        if prompt != "/":
            self.send(prompt, "org.freedesktop.Secret.Prompt.Prompt", "string:")
        wait_until(self._is_locked, "the lock of KeePassXC", log=self._log)

    def question(self):
        """The title of a question that shows; None when there is none."""
        return next((title for title in (ACCESS, UNLOCK, DELETE) if self._window(title)), None)

    def answer(self, title, *, typing="", key="Return"):
        """Waits for the dialog with that title, types and presses the key there, until it is gone. Whether it shows is what
        the display says of it, and it takes keys when it has the focus: no window manager runs here."""
        window = wait_until(lambda: self._window(title), f"the dialog {title!r}", log=self._log)
        self._xdotool("windowfocus", "--sync", window)
        if typing:
            self._xdotool("type", "--clearmodifiers", typing)
        self._xdotool("key", "--clearmodifiers", key)
        wait_until(lambda: self._window(title) != window, f"the end of {title!r}", log=self._log)

    def _window(self, title):
        """The id of that window; empty when there is none."""
        return self._xdotool("search", "--onlyvisible", "--name", title).split("\n")[0]

    def _xdotool(self, *command):
        return subprocess.run(["xdotool", *command], env=self._env, capture_output=True, text=True, check=False).stdout

    def _is_locked(self):
        return "boolean true" in self.send(self._collection(), "org.freedesktop.DBus.Properties.Get",
                                           "string:org.freedesktop.Secret.Collection", "string:Locked")

    def _serves(self, opened):
        if self._process.poll() is not None:
            raise BedError(f"keepassxc ended:\n{tail(self._log)}")
        answer = self.send("/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner",
                           "string:org.freedesktop.secrets", destination="org.freedesktop.DBus")
        return "true" in answer and (not opened or (self._collection() != "/" and not self._is_locked()))

    def _collection(self):
        answer = self.send("/org/freedesktop/secrets", "org.freedesktop.Secret.Service.ReadAlias", "string:default")
        return answer.rpartition('object path "')[2].partition('"')[0]

    def send(self, path, member, *arguments, destination="org.freedesktop.secrets"):
        """One call of dbus-send, and its answer."""
        done = subprocess.run(["dbus-send", "--session", "--print-reply", f"--dest={destination}", path, member,
                               *arguments], env=self._env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BedError(f"{member}: {done.stderr.strip()}")
        return done.stdout
