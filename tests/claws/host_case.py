# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host tests share: one bed and one display for a module, a fresh profile for each test.

The plugin is the one in the build folder (MAIL_OAUTH_PLUGIN). Nothing in it knows of tests: sign-ins are put
into the keyring as the store documents them, or done in the window.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
BED = os.path.join(os.path.dirname(HERE), "bed")
sys.path[:0] = [HERE, BED]

# pylint: disable=wrong-import-position
import claws_accounts
from bed import Bed
from claws_host import RELEASE, VERSION, Claws, Profile, wait_for
from display import Display

PLUGIN = os.environ.get("MAIL_OAUTH_PLUGIN", "")
GIVE_BACK = os.path.join(HERE, "..", "..", "plugin", "claws", "give_back.py")
ALICE, BOB, SHARED = "alice@contoso.test", "bob@contoso.test", "support@contoso.test"
PASSWORD = {ALICE: "alice-mail-password", BOB: "bob-mail-password"}
OAUTH = {"imap": "256", "pop": "2", "smtp": "32"}


def only_for(condition):
    """Defines a test only for the hosts that it is about; for others it is neither run nor counted."""
    return lambda test: test if condition else None


def title(account):
    """Of the host's main window."""
    return f"{account} - Claws Mail {RELEASE}"


def decoded(blob):
    """Base64 text decoded where it can be; "" else."""
    try:
        return base64.b64decode(blob + "=" * (-len(blob) % 4)).decode("latin-1")
    except ValueError:
        return ""


class HostCase(unittest.TestCase):
    """A bed for the class, and everything that a test starts is ended with it."""

    bed_options = {}

    @classmethod
    def setUpClass(cls):
        cls.bed = Bed(**cls.bed_options).start()
        cls.addClassCleanup(cls.bed.close)
        cls.display = Display(cls.bed.env)
        cls.addClassCleanup(cls.display.close)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="claws-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.bed.control("set", token_ttl=3600, token_bytes=self.bed_options.get("token_bytes", 2500),
                         judge_down=False, mailbox_as_smtp_user=False)
        self.bed.control("provider_up")
        for mailbox in (ALICE, BOB, SHARED):
            self.bed.control("clear_mailbox", mailbox=mailbox)
        self.forget_grants()
        self.bed.control("clear_transcript")

    # Accounts ---------------------------------------------------------------------------

    def intent(self, identity=ALICE, mailbox="", **more):
        return claws_accounts.intent(self.bed.env, identity, mailbox, **more)

    def account(self, name, user=ALICE, *, intent=None, **more):
        """An account with a password's settings; `intent` turns it on, as an administrator would."""
        return claws_accounts.account(self.bed.env, name, user, prefs=intent, **more)

    def stored_intent(self, profile, number=1):
        """The intent on disk, or None."""
        for part in profile.account(number).get("privacy_prefs", "").split(","):
            key, _, value = part.partition("=")
            if key == "mail_oauth":
                return json.loads(base64.b64decode(value))
        return None

    def profile(self, accounts, passwords=None, plugin=PLUGIN, **more):
        return Profile(self.folder, accounts, plugin=plugin, passwords=passwords, **more)

    def start(self, profile, *arguments, env=None, **more):
        everything = {**self.bed.env, "SSL_CERT_FILE": self.bed.env["BED_CA"], **(env or {})}
        claws = Claws(profile, self.display, everything, *arguments, **more)
        self.addCleanup(claws.close)
        return claws

    # Manifests --------------------------------------------------------------------------

    def manifest(self, **more):
        """What an administrator adds to the bed's, for one test; None takes a key out."""
        with open(self._manifest_path("bed"), encoding="utf-8") as file:
            before = file.read()
        self.addCleanup(self._write_manifest, "bed", before)
        values = {**json.loads(before), **more}
        self._write_manifest("bed", json.dumps({key: value for key, value in values.items() if value is not None}))

    def another_manifest(self, provider, **values):
        """Beside the bed's, for one test."""
        self.addCleanup(os.unlink, self._manifest_path(provider))
        self._write_manifest(provider, json.dumps({"schema": 1, "id": provider, **values}))

    def _manifest_path(self, provider):
        return os.path.join(self.bed.env["XDG_CONFIG_HOME"], "mail-oauth", "providers", f"{provider}.json")

    def _write_manifest(self, provider, text):
        with open(os.open(self._manifest_path(provider), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)

    # Sign-ins ---------------------------------------------------------------------------

    def grant(self, user=ALICE, *, scopes=None, **changes):
        """Puts a sign-in into the keyring, for all protocols unless `scopes` says otherwise; its access token."""
        tokens = self.bed.control("sign_in", user=user, scopes=scopes)
        item = {"v": 1, "refresh_token": tokens["refresh_token"], "access_token": tokens["access_token"],
                "expires_at": int(time.time()) + 3600, "scope": tokens.get("scope", ""),
                "token_endpoint": f"{self.bed.env['BED_ISSUER']}/token", "issuer": self.bed.env["BED_ISSUER"], **changes}
        subprocess.run(["secret-tool", "store", "--label", "Mail sign-in", *self._attributes(user)],
                       input=json.dumps(item).encode(), env=self.bed.env, check=True)
        return item["access_token"]

    def forget_grants(self):
        for user in (ALICE, BOB):
            subprocess.run(["secret-tool", "clear", *self._attributes(user)], env=self.bed.env, check=False,
                           capture_output=True)

    def signed_in(self, user=ALICE):
        """Whether the keyring holds a sign-in of that user."""
        found = subprocess.run(["secret-tool", "lookup", *self._attributes(user)], env=self.bed.env, check=False,
                               capture_output=True)
        return bool(found.stdout)

    def enter_code(self, code, user=ALICE, *more):
        """What a person does with the code on another device."""
        subprocess.run([sys.executable, os.path.join(BED, "signin.py"), f"{self.bed.env['BED_ISSUER']}/device", user,
                        "--code", code, *more], capture_output=True, text=True, timeout=30, check="--deny" not in more,
                       env={**os.environ, **self.bed.env})

    def _attributes(self, user):
        return ["xdg:schema", "org.mail_oauth.Grant", "kind", "grant", "provider", "bed",
                "client", self.bed.env["BED_CLIENT_ID"], "tenant", "", "identity", user]

    # What happened ----------------------------------------------------------------------

    def sent_bytes(self, port=None):
        """Every byte that the mail servers received, connection by connection."""
        return [talk["client"] for talk in self.bed.control("transcript", port=port)["connections"]]

    def assert_no_password_sent(self, *passwords):
        """Neither raw nor inside base64 of any word on the wire."""
        for talk in self.sent_bytes():
            words = talk + " ".join(decoded(word) for word in talk.split())
            for password in passwords or PASSWORD.values():
                self.assertNotIn(password, words)
            self.assertNotIn("(null)", words)

    def logged(self, claws, text, limit=30):
        """Waits until the host's log holds `text`."""
        try:
            wait_for(lambda: text in claws.log(), f"{text!r} in the log", limit)
        except AssertionError as error:
            windows, output = claws.windows(), claws.output()[-2000:]
            raise AssertionError(f"{error}\nwindows: {windows}\nlog:\n{claws.log()}\noutput:\n{output}") from None

    def assert_windows(self, claws, *titles):
        """Waits until exactly these windows can be seen. (A prompt that is cancelled exists for a moment, unseen.)"""
        def as_expected():
            self.assertIsNone(claws.process.poll())
            return sorted(claws.windows()) == sorted(titles)
        try:
            wait_for(as_expected, f"nothing but {titles}", 15)
        except AssertionError as error:
            raise AssertionError(f"{error}\nwindows: {claws.windows()}\nlog:\n{claws.log()}") from None

    def only_main_window(self, claws, account):
        """No prompt and no error box stays."""
        self.assert_windows(claws, title(account))

    def no_prompt_stays(self, claws):
        """Error boxes of the host may; what it asks for may not."""
        wait_for(lambda: claws.windows() and "Input password" not in claws.windows(), "no prompt stays", 15)
        self.assertIsNone(claws.process.poll())

    def queue(self, *message):
        claws_accounts.queue_message(*message)

    def subjects(self, mailbox):
        return [message["subject"] for message in self.bed.control("messages", mailbox=mailbox)["messages"]]


__all__ = ["ALICE", "BED", "BOB", "SHARED", "PASSWORD", "OAUTH", "PLUGIN", "VERSION", "HostCase", "decoded", "only_for",
           "title", "wait_for"]
