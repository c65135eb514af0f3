#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""First mail in Claws Mail, shown step by step against the test bed.

    demo.py --build DIR [--pictures DIR]

Ends with 0 only if everything that it says happened. Uses the desktop's display when there is one (the
window is then to be seen), else an Xvfb, and takes pictures of both.
"""
import argparse
import contextlib
import imaplib
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path[:0] = [os.path.join(ROOT, "tests", part) for part in ("bed", "claws", "demo")]

# pylint: disable=wrong-import-position
import c_host
import chromium
import claws_accounts
import device_code
import mail_logins
from bed import Bed
from claws_host import Claws, Profile, wait_for
from display import Display
from process import BedError

ALICE, STRANGER, SHARED = "alice@contoso.test", "stranger@elsewhere.test", "support@contoso.test"
OWN, TEAM = "#imap/Alice/INBOX", "#imap/Support/INBOX"
TOKEN_BYTES, TOKEN_SECONDS = 2500, 8


def accounts(env):
    """Alice's own mailbox and the shared one, both turned on as an administrator would."""
    own, team = (claws_accounts.intent(env, ALICE, mailbox) for mailbox in ("", SHARED))
    return {1: claws_accounts.account(env, "Alice", ALICE, prefs=own, is_default=1),
            2: claws_accounts.account(env, "Support", SHARED, prefs=team)}


class Failed(Exception):
    """A step did not show what it says."""


def check(condition, words):
    if not condition:
        raise Failed(words)


class Desktop(Display):
    """The display that this person sits at: nothing is started, and nothing ended."""

    def __init__(self, name, authority):  # pylint: disable=super-init-not-called
        self.name = name
        if authority:
            os.environ["XAUTHORITY"] = authority

    def close(self):
        pass


def display_for(env):
    if not env.get("BED_DISPLAY"):
        return Display(env)
    if env.get("BED_XAUTHORITY"):
        env["XAUTHORITY"] = env["BED_XAUTHORITY"]
    return Desktop(env["BED_DISPLAY"], env.get("BED_XAUTHORITY"))


class Demo:
    def __init__(self, bed, build, pictures, display, folder):
        self.bed, self.pictures, self.display, self.folder = bed, pictures, display, folder
        self.command = os.path.join(build, "src", "cli", "mail-oauth")
        self.plugin = os.path.join(build, "plugin", "claws", "mail_oauth.so")
        self.browser = "chromium" if chromium.installed() else "script"
        self.claws = self.profile = None

    def mail_oauth(self, *arguments, code=0, user=ALICE):
        env = {**self.bed.env, "BROWSER": os.path.join(ROOT, "tests", "bed", "browser"),
               "BED_BROWSER": self.browser, "BED_BROWSER_USER": user}
        done = subprocess.run([self.command, *arguments], env=env, capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, check=False)
        check(done.returncode == code, f"mail-oauth {arguments[0]} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout.strip() if code == 0 else done.stderr.strip()

    def requests(self, endpoint):
        return self.bed.control("requests")["counts"].get(endpoint, 0)

    def subjects(self, mailbox):
        return [message["subject"] for message in self.bed.control("messages", mailbox=mailbox)["messages"]]

    def picture(self, name):
        path = os.path.join(self.pictures, f"{name}.png")
        self.display.screenshot(path)
        print(f"        picture: {os.path.relpath(path)}")

    def logged(self, text, count=1):
        wait_for(lambda: self.claws.log().count(text) >= count, f"{text!r} in Claws Mail's log")

    def counts(self, folder):
        """New, unread and all messages that Claws Mail knows in a folder."""
        line = next((line for line in self.claws.remote("--status-full").splitlines() if line.endswith(folder)), "0 0 0")
        return [int(number) for number in line.split()[:3]]

    def fetch_until(self, folder, total):
        """Presses "Get mail" until the folder holds so many: the host notices some arrivals a fetch late."""
        for _ in range(8):
            self.claws.remote("--receive-all")
            with contextlib.suppress(AssertionError):
                wait_for(lambda: self.counts(folder)[2] >= total, folder, 4)
                return
        raise Failed(f"{folder} does not get {total} messages")

    # The steps, in the order in which they are shown ---------------------------------------

    def set_client(self):
        """mail-oauth learns its client id"""
        self.mail_oauth("client", "set", "bed", "--client-id", self.bed.env["BED_CLIENT_ID"])

    def sign_in(self):
        """alice signs in with the browser"""
        self.mail_oauth("login", "--provider", "bed", ALICE)
        token = self.mail_oauth("token", ALICE)
        check(len(token) == TOKEN_BYTES, f"the token has {len(token)} bytes, not {TOKEN_BYTES}")
        return f"{'headless Chromium' if self.browser == 'chromium' else 'a scripted browser'}; " \
               f"an access token of {len(token)} bytes"

    def look_into_keyring(self):
        """the grant lies in the keyring"""
        done = subprocess.run(["secret-tool", "search", "--all", "kind", "grant", "identity", ALICE],
                              env=self.bed.env, capture_output=True, text=True, check=True)
        shown = done.stdout + done.stderr
        check("schema = org.mail_oauth.Grant" in shown, "there is no item org.mail_oauth.Grant in the keyring")
        return "org.mail_oauth.Grant"

    def start_claws(self):
        """Claws Mail starts with two accounts: alice's own, and the shared mailbox"""
        self.bed.control("deliver", mailbox=ALICE, subject="Good morning, Alice", body="This came in with a token.")
        self.bed.control("deliver", mailbox=SHARED, subject="My printer is on fire", body="Please help.")
        self.profile = Profile(self.folder, accounts(self.bed.env), plugin=self.plugin)
        self.claws = Claws(self.profile, self.display, {**self.bed.env, "SSL_CERT_FILE": self.bed.env["BED_CA"]})

    def receive_mail(self):
        """it receives over IMAP: the own mailbox, and the shared one with alice's token"""
        self.fetch_until(OWN, 1)
        self.fetch_until(TEAM, 1)
        for user in (ALICE, SHARED):
            self.logged(f"Logging {user} to localhost using XOAUTH2")
        self.claws.remote("--select", f"{OWN}/1")
        wait_for(lambda: self.counts(OWN)[1] == 0, "the message is read")
        self.picture("received")

    def send_mail(self):
        """it sends over SMTP, and reads what it sent"""
        claws_accounts.queue_message(self.profile, 1, ALICE, ALICE, "A letter to myself")
        self.claws.remote("--send")
        wait_for(lambda: "A letter to myself" in self.subjects(ALICE), "the sent message in the mailbox")
        wait_for(lambda: [one["user"] for one in self.bed.control("sent")["sent"]] == [ALICE], "one message, sent by alice")
        self.fetch_until(OWN, 2)
        self.picture("sent-and-read-back")

    def refuse_stranger(self):
        """a stranger signs in too, and gets into nobody's mailbox"""
        self.mail_oauth("login", "--provider", "bed", STRANGER, user=STRANGER)
        token = self.mail_oauth("token", STRANGER)
        trust = ssl.create_default_context(cafile=self.bed.env["BED_CA"])
        for mailbox in (ALICE, SHARED, STRANGER):
            with imaplib.IMAP4_SSL("localhost", int(self.bed.env["BED_IMAP_PORT"]), ssl_context=trust) as imap:
                try:
                    imap.authenticate("XOAUTH2", sasl_answers(f"user={mailbox}\1auth=Bearer {token}\1\1"))
                except imaplib.IMAP4.error as refusal:
                    words = str(refusal)
                else:
                    raise Failed(f"the stranger opened {mailbox}")
        self.mail_oauth("logout", STRANGER)
        return words.strip("b'")

    def expire(self):
        """the access token expires, and is renewed unseen"""
        shown = json.loads(self.mail_oauth("status", "--json", ALICE))["grants"][0]
        wait_for(lambda: time.time() > shown["expires_at"] + 1, "the token's end", TOKEN_SECONDS + 10)
        self.bed.control("hang_up")
        self.bed.control("clear_requests")
        self.bed.control("deliver", mailbox=ALICE, subject="After the token's end")
        self.fetch_until(OWN, 3)
        check(self.requests("token") >= 1, "nothing was renewed")
        titles = [title for title in self.claws.windows() if "Claws Mail" not in title]
        check(not titles, f"windows came up: {titles}")
        return f"{self.requests('token')} request(s) to the token endpoint, no window"

    def sign_out(self):
        """alice signs out: the grant is revoked, and gone"""
        self.bed.control("clear_requests")
        said = self.mail_oauth("logout", ALICE)
        check(self.requests("revocation") >= 1, "nothing was revoked")
        self.mail_oauth("token", ALICE, code=3)
        return said

    def end_claws(self):
        """Claws Mail ends; no password was ever sent, and no token is in its log"""
        self.claws.exit()
        log = self.claws.log() + self.claws.output()
        check("auth=Bearer" not in log and "dXNlcj1" not in log.replace("[", ""), "a token stands in the log")
        talks = self.bed.control("transcript")["connections"]
        check(not any("alice-mail-password" in talk["client"] for talk in talks), "a password was sent")
        return f"{len(talks)} connections looked at"

    def steps(self):
        return (self.set_client, self.sign_in, self.look_into_keyring, self.start_claws, self.receive_mail,
                self.send_mail, self.refuse_stranger, self.expire, mail_logins.step(self), c_host.step(self),
                device_code.step(self), self.sign_out, self.end_claws)


def sasl_answers(first):
    """The initial response, then the empty line that a refusal asks for."""
    answers = [first.encode(), b""]
    return lambda challenge: answers.pop(0) if answers else None


def run_step(step, number):
    began = time.monotonic()
    print(f"  {number:2}  {step.__doc__}", flush=True)
    said = step()
    print(f"        {time.monotonic() - began:4.1f} s{'; ' + said.splitlines()[-1] if said else ''}", flush=True)


def show(build, pictures):
    os.makedirs(pictures, exist_ok=True)
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        bed = stack.enter_context(Bed(token_bytes=TOKEN_BYTES, token_ttl=TOKEN_SECONDS))
        print(f"   0  an authorization server, mail servers and a keyring start on loopback\n"
              f"        {bed.seconds_to_start:4.1f} s; {bed.env['BED_ISSUER']}", flush=True)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="demo-"))
        display = display_for(bed.env)
        stack.callback(display.close)
        demo = Demo(bed, os.path.abspath(build), pictures, display, folder)
        try:
            for number, step in enumerate(demo.steps(), 1):
                run_step(step, number)
        finally:
            if demo.claws:
                demo.claws.close()
    print(f"\nAll of it happened, in {time.monotonic() - began:.0f} s.")


def stop(*_):
    raise KeyboardInterrupt


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--pictures")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    print("First mail in Claws Mail, with a token instead of a password\n")
    try:
        show(options.build, options.pictures or os.path.join(options.build, "demo"))
    except (Failed, AssertionError, BedError, subprocess.SubprocessError, OSError, RuntimeError, LookupError) as error:
        print(f"\nThis did not happen: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
