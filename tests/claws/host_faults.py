# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of faults in the host share: a Claws Mail that stays from row to row, the windows that a person can be in, and
the faults that happen meanwhile.

The keyring is tests/bed/scripted_keyring.py, so that it can be late with any of its answers. Every login renews: the server says
of each token that it lives for eight seconds, ends a grant whose old refresh token comes again, and goes on taking the tokens.
"""
import json
import os
import re
import subprocess
import sys

from gi.repository import Gio, GLib

import secret_service
from claws_host import revealed
from host_case import ALICE, BED, BOB, PASSWORD, HostCase, title, wait_for
from keyboard import Keyboard
from scripted_keyring import NAME, ROOT

EVERY = "--all" in sys.argv
MAIN, WINDOW, LIST, WAITING, SIGN_IN = title("Work"), "Work - Account preferences", "Edit accounts", "Sign in with OAuth", "Sign in: Work"
BROWSER = os.path.join(BED, "browser")
LOGIN = "Login to \\S+ successful"
#: Each freed byte becomes another one, so that what is read after it was freed is not what it was.
ENV = {"MALLOC_PERTURB_": "165", "BROWSER": BROWSER, "BED_BROWSER_USER": ALICE}
#: Seconds, for what a busy machine and the pauses between tries may take.
LIMIT = 60
SHORT = {"token_answer_patch": {"expires_in": 8}}


def poll(condition, limit):
    """Looks at it until it is true, but not for ever; whether it was."""
    try:
        return wait_for(condition, "", limit)
    except AssertionError:
        return None


class Keyring:
    """scripted_keyring.py in the place of the bed's keyring."""

    def __init__(self, bed):
        self._process = secret_service.start_scripted(bed.env, bed.log("scripted-keyring"))
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self._bus = Gio.DBusConnection.new_for_address_sync(bed.env["DBUS_SESSION_BUS_ADDRESS"], flags, None, None)

    def _call(self, method, arguments=None):
        return self._bus.call_sync(NAME, ROOT, "org.mail_oauth.Scripted", method, arguments, None, Gio.DBusCallFlags.NONE, -1, None)

    def set(self, name, value):
        self._call("Set", GLib.Variant("(ss)", (name, value)))

    def asked(self, method):
        """How often; of "all" methods together."""
        counts = self._call("Counts").unpack()[0]
        return counts.get(method, 0) if method != "all" else sum(counts.values()) - counts.get("Counts", 0) - counts.get("Set", 0)

    def reset(self):
        self._call("Reset")

    def close(self):
        self._bus.close_sync(None)
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()


class Fault:
    """One fault. `told`: what the account page says of it, if not `told_at_once` then when it opens; `notice`: what the main
    window says. A `late` one leaves who asked waiting."""

    told = notice = None
    told_at_once = True
    late = False

    def begin(self, host):
        raise NotImplementedError

    def met(self, host):
        """Whether who asked has come to it; where no answer is due, to its end: until then the host has a prompt, unseen."""
        return "LOGOUT" in host.claws.log()[host.begins:]

    def end(self, host):
        raise NotImplementedError

    def mend(self, host):
        """What a person does so that mail comes again."""


class KeyringLate(Fault):
    late = True

    def __init__(self, method):
        self._method, self._before = method, 0

    def begin(self, host):
        self._before = host.keyring.asked(self._method)
        host.keyring.set("late", self._method)

    def met(self, host):
        return host.keyring.asked(self._method) > self._before

    def end(self, host):
        host.keyring.set("late", "")


class KeyringLocked(Fault):
    told = "The keyring is locked"
    notice = f"Not receiving: the sign-in of {ALICE} cannot be read."

    def begin(self, host):
        host.keyring.set("question", "dismissed")
        host.keyring.set("locked", "yes")

    def end(self, host):
        host.keyring.set("locked", "no")


class ServerDown(Fault):
    """Where tokens are given."""

    told = f"{ALICE} is signed in."

    def begin(self, host):
        host.bed.control("set", token_answer={"status": 503, "body": ""})

    def end(self, host):
        host.bed.control("set", token_answer=None)


class ServerLate(Fault):
    told = f"{ALICE} is signed in."
    late = True

    def begin(self, host):
        host.bed.control("set", hold_token_answers=True)

    def met(self, host):
        return host.answers(200)

    def end(self, host):
        host.bed.control("set", hold_token_answers=False)


class Refused(Fault):
    told = f"The provider ended the sign-in of {ALICE}"
    told_at_once = False
    notice = f"Not receiving: {ALICE} has to sign in."

    def begin(self, host):
        host.bed.control("revoke_user", user=ALICE)

    def end(self, host):
        pass

    def mend(self, host):
        host.keys.press_in(MAIN, "alt+s")
        host.keys.see("label", f"Signed in as {ALICE}", limit=LIMIT)


class HostFaults(HostCase):
    """`host` of a fault is this case: `claws`, `keys`, `profile` and `keyring`, and where in the host's log the row `begins`."""

    bed_options = {"token_bytes": 120}
    claws = keys = profile = keyring = None
    current = "Work"
    begins = delivered = 0
    dropped = frozenset()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bed.control("stop_keyring")
        cls.keyring = Keyring(cls.bed)
        cls.addClassCleanup(cls.keyring.close)

    def setUp(self):
        super().setUp()
        self.no_fault()
        self.keyring.reset()
        self.dropped = set()

    def no_fault(self):
        self.bed.control("set", hold_token_answers=False, token_answer=None, **SHORT)
        for name, value in (("late", ""), ("locked", "no")):
            self.keyring.set(name, value)

    # The host ----------------------------------------------------------------------------

    def begin(self, accounts=None):
        """Accounts, or one that is signed in beside one with passwords. The window of the first was saved once: the host sets some
        values right then."""
        usual = accounts is None
        if usual:
            self.grant(expires_at=1)
            accounts = {1: self.account("Work", is_default=1, intent=self.intent()), 2: self.account("Private", BOB)}
        words = {1: {"recv": PASSWORD[ALICE], "send": "alices-other-password"},
                 2: {"recv": PASSWORD[BOB], "send": "bobs-other-password"}}
        self.profile = self.new_profile(accounts, words)
        self.claws = self.start(self.profile, env=ENV)
        self.keys = Keyboard(self.claws, self.bed.env)
        wait_for(lambda: "saved" in (self.stored_intent(self.profile) or {}), "the fields follow")
        self.open_account()
        self.close_window(f"{self.current} - Account preferences", "OK")
        if usual:
            self.delivered = 0
            self.bed.control("clear_mailbox", mailbox=ALICE)
            self.mail_arrives()

    new_profile = HostCase.profile

    def drop(self):
        """The host of a row that failed is no host for the next one."""
        self.no_fault()
        if self.claws is not None:
            claws, self.claws = self.claws, None
            claws.close()

    def open_account(self):
        self.open("Preferences for current account...", "p", f"{self.current} - Account preferences")

    def open_list(self):
        self.open("Edit accounts...", "e", LIST)

    def open(self, item, key, window):
        """By the menu. It hears nothing while the host fetches mail: a person tries again then."""
        def opened():
            self.keys.press_in(title(self.current), "alt+c")
            if not poll(lambda: self.keys.find("menu item", item), 2):
                return False
            self.keys.press_in(title(self.current), key)
            return poll(lambda: window in self.claws.windows(), 10)
        wait_for(opened, f"the window {window!r}")

    def page(self):
        """Our page. While a button that was pressed by its key is down, GTK hears no click."""
        def shown():
            self.keys.click("table cell", "Sign in with OAuth")
            return poll(lambda: self.keys.find("check box", "Sign in with OAuth"), 3)
        wait_for(shown, "our page")

    def close_window(self, window, end):
        wait_for(lambda: window in self.claws.windows(), f"the window {window!r}")
        if end == "close box":
            self.keys.close_box(window)
        else:
            self.keys.press_in(window, {"OK": "alt+o", "Cancel": "Escape"}[end])
        wait_for(lambda: window not in self.claws.windows(), f"{window!r} closes by {end}")

    # Logins ------------------------------------------------------------------------------

    def row_begins(self):
        self.begins = len(self.claws.log())
        self.bed.control("clear_requests")

    def says(self, words):
        """Waits until the host's log has it, since the row began."""
        wait_for(lambda: re.search(words, self.claws.log()[self.begins:]), f"{words} in the log", LIMIT)

    def answers(self, *statuses):
        """How many such answers the token endpoint has worked out since the requests were cleared."""
        return sum(request["endpoint"] == "token" and request.get("status") in statuses
                   for request in self.bed.control("requests")["requests"])

    def login_meets(self, fault):
        """The person looks at another folder and back, until the login that this needs has come so far."""
        self.bed.control("hang_up")

        def met():
            self.claws.remote("--select", "#mh/Mailbox/inbox")
            self.claws.remote("--select", "#imap/Work/INBOX")
            return poll(lambda: fault.met(self), 10)
        wait_for(met, "a login that meets the fault", LIMIT)

    def mail_arrives(self):
        self.bed.control("deliver", mailbox=ALICE, subject="One more")
        self.delivered += 1

        def there():
            self.claws.remote("--receive")
            return self.claws.remote("--status-full", "#imap/Work/INBOX").split()[2:3] == [str(self.delivered)]
        try:
            wait_for(there, f"message {self.delivered} in INBOX", LIMIT)
        except AssertionError as error:
            raise AssertionError(f"{error}\nwindows: {self.claws.windows()}\nlog:\n{self.claws.log()[-3000:]}") from None

    # What is kept ------------------------------------------------------------------------

    def accounts(self):
        """accountrc as the host has written it."""
        return {number: self.profile.account(number) for number in (1, 2)}

    def passwords(self):
        """All that the host's store holds, in clear, by block; None in the moment in which it is written."""
        blocks, block = {}, None
        text = self.profile.read("passwordstorerc")
        for line in text.splitlines():
            if line.startswith("["):
                block = blocks.setdefault(line, {})
            elif line:
                name, _, value = line.partition(" ")
                block[name] = revealed(value)
        return {name: block for name, block in blocks.items() if block} if text else None

    def item(self):
        """Alice's sign-in as it is in the keyring, which keeps its type: so it is no password for "lookup"."""
        done = subprocess.run(["secret-tool", "search", *self._attributes(ALICE)], env=self.bed.env, check=True,
                              capture_output=True, text=True)
        [secret] = [line.partition(" = ")[2] for line in done.stdout.splitlines() if line.startswith("secret = ")]
        return json.loads(secret)

    def newest(self):
        """The refresh token that the server gave last, but for those that were dropped."""
        return [token for token, kind in self.bed.control("secrets")["secrets"].items()
                if kind == "refresh_token" and token not in self.dropped][-1]
