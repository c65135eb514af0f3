#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the pictures of the guides: the real Claws Mail with windows framed by a window manager, and an account at "Microsoft 365".

    tests/demo/pictures.py --build build/debug FOLDER

Needs Debian's xfwm4, greybird-gtk-theme and hsetroot beside what the tests need. The provider is the bed's under another name; no
window shows an address of this machine.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path[:0] = [os.path.join(ROOT, "tests", part) for part in ("bed", "claws")]

# pylint: disable=wrong-import-position
import claws_accounts
from bed import Bed
from claws_host import Claws, Profile, wait_for
from display import Display, end
from gui import Person

ALICE = "alice@contoso.com"
THEME = "Greybird"


class Desktop:
    """A bed, a display and a window manager; every window that is photographed has its frame."""

    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.bed = Bed().start()
        self.env = {**self.bed.env, "SSL_CERT_FILE": self.bed.env["BED_CA"], "BROWSER": "/bin/true"}
        self.display = Display(self.bed.env, "1300x1000x24")
        manager = (f"xfconf-query -c xfwm4 -p /general/theme -n -t string -s {THEME}; "
                   "xfconf-query -c xfwm4 -p /general/use_compositing -n -t bool -s false; hsetroot -solid '#ffffff'; exec xfwm4")
        self.manager = subprocess.Popen(["dbus-run-session", "--", "sh", "-c", manager], start_new_session=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, "DISPLAY": self.display.name})
        wait_for(lambda: "xfwm4" in self.display.run("search", "--class", "xfwm4", "getwindowclassname").lower()
                 or subprocess.run(["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], capture_output=True, text=True, check=False,
                                   env={**os.environ, "DISPLAY": self.display.name}).stdout.count("#"), "a window manager")
        self.provider()

    def close(self):
        end(self.manager)
        self.display.close()
        self.bed.close()

    def provider(self):
        providers = os.path.join(self.bed.env["XDG_CONFIG_HOME"], "mail-oauth", "providers")
        with open(os.path.join(providers, "bed.json"), encoding="utf-8") as file:
            values = json.load(file)
        device = {"device_code": "d", "user_code": "HC9D2MQKR", "expires_in": 900, "interval": 60,
                  "verification_uri": "https://microsoft.com/devicelogin"}
        answers = self.bed.scripted_http([{"status": 200, "headers": {"Content-Type": "application/json"},
                                           "body": json.dumps(device)}])
        values.update(device_authorization_endpoint=f"https://localhost:{answers.port}/device",
                      id="microsoft365", name="Microsoft 365", client_id=self.bed.env["BED_CLIENT_ID"], domains=["contoso.com"], no_passwords=True,
                      servers={"imap": {"host": "outlook.office365.com", "port": 993, "tls": "tls"},
                               "smtp": {"host": "smtp.office365.com", "port": 587, "tls": "starttls"}})
        path = os.path.join(providers, "microsoft365.json")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump(values, file)

    def sign_in(self):
        item = {"v": 1, "refresh_token": "r", "access_token": "a", "expires_at": int(time.time()) + 3600, "scope": "",
                "token_endpoint": f"{self.bed.env['BED_ISSUER']}/token", "issuer": self.bed.env["BED_ISSUER"]}
        subprocess.run(["secret-tool", "store", "--label", "Mail sign-in", "xdg:schema", "org.mail_oauth.Grant", "kind", "grant",
                        "provider", "microsoft365", "client", self.bed.env["BED_CLIENT_ID"], "tenant", "", "identity", ALICE],
                       input=json.dumps(item).encode(), env=self.bed.env, check=True)

    def account(self, **more):
        intent = claws_accounts.intent(self.bed.env, ALICE, provider="microsoft365", client="")
        values = {"receive_server": "outlook.office365.com", "imap_port": 993, "smtp_server": "smtp.office365.com",
                  "smtp_port": 587, "ssl_smtp": 2, "ssl_certs_auto_accept": 0, **more}
        return claws_accounts.account(self.bed.env, "Work", ALICE, prefs=intent, is_default=1, imap_auth_method=256,
                                      smtp_auth_method=32, **values)

    def at_the_page(self, folder):
        claws = self.start(folder)
        person = Person(claws, self.bed.env)
        person.open_page()
        return claws, person

    def start(self, folder, *arguments, **more):
        profile = Profile(folder, {1: self.account(**more)}, plugin=os.path.join(self.build, "plugin/claws/mail_oauth.so"),
                          common={"mainwin_width": 1000, "mainwin_height": 640})
        return Claws(profile, self.display, {**self.env, "GTK_THEME": THEME}, *arguments)

    def activate(self, title):
        [window, *_] = wait_for(lambda: self.display.run("search", "--onlyvisible", "--name", title).split(), f"the window {title}")
        self.display.run("windowactivate", "--sync", window)
        return window

    def take(self, title, name):
        """The window of that title, as it stands in its frame."""
        window = self.activate(title)
        time.sleep(1)  # for the picture only: what is drawn last
        subprocess.run(["import", "-display", self.display.name, "-frame", "-window", window, os.path.join(self.folder, name)],
                       check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("folder")
    options = parser.parse_args()
    desktop = Desktop(os.path.abspath(options.build), os.path.abspath(options.folder))
    try:
        with tempfile.TemporaryDirectory() as folder:
            claws, person = desktop.at_the_page(folder)
            person.see("label", "not signed in yet")
            person.press("alt+b")
            person.see("push button", "Copy address")
            desktop.take("^Sign in: ", "sign-in-browser.png")
            person.press("Escape")
            person.see("label", "The sign-in was cancelled.")
            desktop.activate("Account preferences")
            person.click("push button", "Sign in with a code")
            person.see("label", "The code is good for ")
            desktop.take("^Sign in: ", "sign-in-code.png")
            person.press("Escape")
            claws.close()
        with tempfile.TemporaryDirectory() as folder:
            claws = desktop.start(folder, "--receive", receive_server="localhost", ssl_certs_auto_accept=1,
                                  imap_port=desktop.bed.env["BED_IMAP_PORT"])
            Person(claws, desktop.bed.env).see("push button", "Sign in", whole=True)
            desktop.take("Claws Mail", "notice.png")
            claws.close()
        desktop.sign_in()
        with tempfile.TemporaryDirectory() as folder:
            claws, person = desktop.at_the_page(folder)
            person.see("label", "is signed in")
            desktop.take("Account preferences", "account-page.png")
            claws.close()
    finally:
        desktop.close()


if __name__ == "__main__":
    main()
