# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Claws Mail on a display of its own, with a profile made for the test.

`Profile` is a configuration folder, `Claws` the running program. Everything lives in a folder that the test removes, and
every process is ended by its id.
"""
import base64
import glob
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bed"))

# pylint: disable=wrong-import-position
import sanitized
from display import end

PROGRAM = shutil.which("claws-mail") or "claws-mail"
LIMIT = 90.0 if sanitized.FIRST else 30.0
#: Such as "4.1.1"; what differs between versions is told by VERSION.
RELEASE = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True,
                         check=True).stdout.split()[-1].split("git")[0]
VERSION = tuple(int(part) for part in RELEASE.split(".")[:2])
_SALT = b"mail-oauth test salt, 64 bytes: " * 2
_ROUNDS = 1000


class NotNow(Exception):
    """Nobody can tell at the moment."""


def wait_for(condition, what, limit=LIMIT):
    """The first true value of `condition`, which may raise NotNow; AssertionError naming `what` when there is none in time."""
    end = time.monotonic() + limit
    while True:
        why = ""
        try:
            value = condition()
        except NotNow as error:
            value, why = None, f" ({error})"
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {limit:.0f} s: {what}{why}")
        time.sleep(0.05)


def encrypted(password, passphrase="passkey0"):
    """A password as the host's passwordstorerc holds it: AES-256-CBC, under its built-in passphrase or a person's."""
    key = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), _SALT, _ROUNDS, 32)
    clear = os.urandom(16) + password.encode().ljust((len(password) // 128 + 1) * 128, b"\0")
    done = subprocess.run(["openssl", "enc", "-aes-256-cbc", "-nopad", "-K", key.hex(), "-iv", os.urandom(16).hex()],
                          input=clear, capture_output=True, check=True)
    return f"{{AES-256-CBC,{_ROUNDS}}}{base64.b64encode(done.stdout).decode()}"


def revealed(stored, passphrase="passkey0"):
    """What encrypted() made, or the host itself."""
    rounds, _, text = stored.removeprefix("{AES-256-CBC,").partition("}")
    key = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), _SALT, int(rounds), 32)
    done = subprocess.run(["openssl", "enc", "-d", "-aes-256-cbc", "-nopad", "-K", key.hex(), "-iv", "0" * 32],
                          input=base64.b64decode(text), capture_output=True, check=True)
    return done.stdout[16:].partition(b"\0")[0].decode()  # The first block is random.


def primary_passphrase(passphrase):
    """What clawsrc holds when a person has set one."""
    derived = base64.b64encode(hashlib.pbkdf2_hmac("sha1", passphrase.encode(), _SALT, _ROUNDS, 64)).decode()
    return {"use_master_passphrase": 1, "master_passphrase": f"{{PBKDF2-HMAC-SHA1,{_ROUNDS}}}{derived}"}


class Clock:
    """All clocks of a program that runs with `env`, so that minutes need not pass."""

    def __init__(self, folder):
        [library] = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        self._file = os.path.join(folder, "clock")
        self.put_on(0)
        self.env = {"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": self._file, "FAKETIME_NO_CACHE": "1"}

    def put_on(self, seconds):
        """Ahead of the real ones from here on."""
        with open(f"{self._file}.new", "w", encoding="ascii") as file:
            file.write(f"+{seconds}")
        os.rename(f"{self._file}.new", self._file)


def section(title, values):
    return f"[{title}]\n" + "".join(f"{key}={value}\n" for key, value in values.items()) + "\n"


class Profile:
    """A configuration folder with accounts: each a dictionary of accountrc's keys."""

    def __init__(self, folder, accounts, *, plugin=None, passwords=None, common=None):
        self.folder, self.home = os.path.join(folder, "claws"), os.path.join(folder, "home")
        os.makedirs(self.folder, exist_ok=True)
        os.makedirs(os.path.join(self.home, "Mail"), exist_ok=True)
        self._config_version = config_version = 4 if VERSION < (4, 3) else 5
        settings = {
            "config_version": config_version, "no_receive_error_panel": 1,
            "show_receive_error_dialog": 0, "receive_dialog_mode": 2,
            "send_dialog_mode": 1, "confirm_on_exit": 0, "warn_queued_on_exit": 0, "enable_aspell": 0,
            "check_on_startup": 0, "autochk_newmail": 0, "master_passphrase_salt": base64.b64encode(_SALT).decode(),
            "master_passphrase_pbkdf2_rounds": _ROUNDS, "mainwin_width": 900, "mainwin_height": 600,
            "newmsgs_startup": 0, **(common or {})}
        plugins = f"[Plugins_GTK3]\n{plugin}\n\n" if plugin else ""
        self.write("clawsrc", section("Common", settings) + plugins)
        self.write("accountrc", "".join(section(f"Account: {number}", {"config_version": config_version, **values})
                                        for number, values in accounts.items()))
        self.write("folderlist.xml", self._folders(accounts))
        self.store_passwords(passwords or {})

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        try:
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def read_written(self, name):
        """The same of a file that the host renames away in the moment in which it writes it anew."""
        for _ in range(40):
            if text := self.read(name):
                return text
            time.sleep(0.05)
        return ""

    def store_passwords(self, passwords, **passphrase):
        """{account number: {"recv": password, ...}}"""
        text = f"[config_version:{self._config_version}]\n\n"
        for number, entries in passwords.items():
            text += f"[account:{number}]\n" + "".join(f"{name} {encrypted(word, **passphrase)}\n" for name, word in entries.items())
            text += "\n"
        self.write("passwordstorerc", text)

    def passwords(self, number):
        """What the host has stored for one account in its own place, in clear."""
        block = self.read("passwordstorerc").partition(f"[account:{number}]")[2].partition("[")[0]
        return {name: revealed(value) for name, value in (line.split(" ", 1) for line in block.strip().splitlines())}

    def account(self, number):
        """The keys of one account as they are on disk."""
        values, inside = {}, False
        for line in self.read_written("accountrc").splitlines():
            if line.startswith("["):
                inside = line == f"[Account: {number}]"
            elif inside and "=" in line:
                key, _, value = line.partition("=")
                values[key] = value
        return values

    def plugins(self, path):
        """Loads `path`, or no plugin when it is None, at the next start."""
        text = self.read("clawsrc")
        head, _, rest = text.partition("[Plugins_GTK3]\n")
        after = rest[rest.index("["):] if "[" in rest else ""
        self.write("clawsrc", head + after + (f"\n[Plugins_GTK3]\n{path}\n\n" if path else ""))

    def _folders(self, accounts):
        items = "".join(f'    <folderitem type="{kind}" name="{kind}" path="{kind}" />\n'
                        for kind in ("inbox", "outbox", "draft", "queue", "trash"))
        text = (f'<?xml version="1.0" encoding="UTF-8"?>\n<folderlist>\n  <folder type="mh" name="Mailbox" '
                f'path="{self.home}/Mail">\n{items}  </folder>\n')
        for kind in ("inbox", "outbox", "draft", "queue", "trash"):
            os.makedirs(os.path.join(self.home, "Mail", kind), exist_ok=True)
        for number, values in accounts.items():
            if values["protocol"] == 1:
                text += (f'  <folder type="imap" name="{values["account_name"]}" account_id="{number}">\n'
                         f'    <folderitem type="inbox" name="INBOX" path="INBOX" />\n  </folder>\n')
        return text + "</folderlist>\n"


def _locale(language):
    """Translations need a locale that is none of C's (tests/meson.build makes one)."""
    if not language:
        return {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}
    return {"LC_ALL": "en_US.UTF-8", "LOCPATH": os.environ["MAIL_OAUTH_LOCPATH"], "LANGUAGE": language}


class Claws:
    """A running Claws Mail. `env` carries the buses and the certificate file."""

    def __init__(self, profile, display, env, *arguments, language="", ready=True):
        self.profile, self.display = profile, display
        self.env = {**env, "HOME": profile.home, "DISPLAY": display.name, **_locale(language), "GTK_THEME": "Adwaita", "NO_AT_BRIDGE": "0", "GTK_MODULES": ""}
        self._command = [PROGRAM, "--alternate-config-dir", profile.folder]
        with open(profile.path("output"), "ab") as output:
            self.process = subprocess.Popen([*self._command, *arguments], stdout=output, stderr=subprocess.STDOUT,
                                            env={**self.env, **sanitized.environment(self.env.get("LD_PRELOAD", ""))})
        if ready:
            try:
                self.wait_until_ready()
            except AssertionError:
                self.close()
                raise

    def remote(self, *arguments):
        """One remote command; what it printed. (Where none runs, it would start another Claws Mail.)"""
        if self.process.poll() is not None:
            raise AssertionError(f"Claws Mail ended with {self.process.returncode}:\n{self.output()[-2000:]}")
        done = subprocess.run([*self._command, *arguments], env=self.env, capture_output=True, text=True, timeout=LIMIT,
                              check=False)
        return done.stdout

    def output(self):
        return self.profile.read("output")

    def log(self):
        """The host's protocol log since it started."""
        return self.profile.read("claws.log")

    def windows(self):
        """The titles of all windows that can be seen."""
        ids = self.display.run("search", "--onlyvisible", "--name", ".").split()
        return [self.display.run("getwindowname", number).strip() for number in ids]

    def burden(self):
        """Threads, descriptors and bytes of memory that it alone has written. (What is only read is private or shared as other
        programs with the same libraries come and go.)"""
        place = f"/proc/{self.process.pid}"
        with open(f"{place}/smaps_rollup", encoding="ascii") as file:
            private = sum(int(line.split()[1]) for line in file if line.startswith("Private_Dirty"))
        return len(os.listdir(f"{place}/task")), len(os.listdir(f"{place}/fd")), private * 1024

    def settled(self, threads=None):
        """The burden once nothing moves any more, and no more threads are there: GLib ends its own when they have idled,
        after 15 seconds."""
        last = []

        def still():
            last.append(self.burden())
            return len(last) > 5 and len(set(last[-5:])) == 1 and last[-1][0] <= (threads or last[-1][0])
        wait_for(still, "the host comes to rest")
        return last[-1]

    def exit(self):
        """Ends it as a person would; AssertionError when it does not end, or not as it should."""
        if self.process.poll() is None:
            self.remote("--exit")
            wait_for(lambda: self.process.poll() is not None, "Claws Mail ends after --exit")
        if self.process.returncode:
            self.close()
            raise AssertionError(f"Claws Mail ended with {self.process.returncode}:\n{self.output()}")

    def kill(self):
        """Ends it as a crash would, but not in the moment in which the host has renamed its passwords away and the new ones are
        not there yet: that loss would be its own."""
        def stopped_with_passwords():
            if self.process.poll() is not None:
                return True
            self.process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            if os.path.exists(self.profile.path("passwordstorerc")) or not os.path.exists(
                    self.profile.path("passwordstorerc.bak")):
                return True
            self.process.send_signal(signal.SIGCONT)
            return False
        wait_for(stopped_with_passwords, "a moment with passwords")
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for name in os.listdir(self.profile.folder):
            if name.startswith("lock") or name.endswith(".lock"):
                os.unlink(self.profile.path(name))

    def close(self):
        """Ends it; AssertionError when a sanitizer has found something in it."""
        end(self.process)
        sanitized.assert_no_reports(self.output())

    def wait_until_ready(self):
        """Until it takes remote commands."""
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"Claws Mail ended with {self.process.returncode}:\n{self.output()}")
            return "Claws Mail" in " ".join(self.windows()) and self.remote("--status")[:1].isdigit()
        wait_for(ready, "the main window of Claws Mail")
