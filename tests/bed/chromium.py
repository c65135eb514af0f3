#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sign-in of signin.py in a real, headless Chromium.

    chromium.py URL USER [--deny] [--password WORD] [--screenshot FILE]

Speaks the DevTools protocol over the two pipes of --remote-debugging-pipe, so nothing listens.
The key of the bed's certificate authority is named to Chromium, which has no option for an
authority of one's own. Prints the last address; exit code 0 when
that page has no form, 69 when there is no Chromium.
"""
import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

import people
from signin import command_line

_FLAGS = ["--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-extensions",
          "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pings",
          "--password-store=basic", "--disable-dev-shm-usage", "--disable-breakpad",
          # No name is looked up: the browser would wait for the network.
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1"]

# Fills in and submits what is on the page; says what it did.
_STEP = """(() => {
  if (document.readyState !== 'complete') return 'loading';
  const forms = [...document.forms];
  if (!forms.length) return 'done';
  if (window.submittedByTest) return 'loading';
  const form = forms.find((one) => (one.id === 'deny') === %(deny)s) ?? forms[0];
  for (const [name, value] of Object.entries(%(answers)s)) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  window.submittedByTest = true;
  if (form.requestSubmit) form.requestSubmit(); else form.submit();
  return 'submitted';
})()"""


def installed():
    """The path of a Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def key_of(certificate):
    """The base64 SHA-256 of a certificate's public key, as Chromium wants it."""
    public = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"],
                            capture_output=True, check=True).stdout
    binary = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public,
                            capture_output=True, check=True).stdout
    digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary"], input=binary,
                            capture_output=True, check=True).stdout
    return base64.b64encode(digest).decode()


class Chromium:
    """One headless browser with one page. `ca` is a PEM file or None."""

    def __init__(self, ca=None):
        self._profile = tempfile.TemporaryDirectory(prefix="bed-chromium-")
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        flags = [*_FLAGS, f"--user-data-dir={self._profile.name}"]
        if os.getuid() == 0:
            flags.append("--no-sandbox")
        if ca:
            flags.append(f"--ignore-certificate-errors-spki-list={key_of(ca)}")
        # The browser reads descriptor 3 and writes 4.
        shell = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "chromium", installed(), *flags, "about:blank"],
            pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._number, self._rest = 0, b""
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]

    def close(self):
        try:
            self._call("Browser.close", {}, browser=True)
        except (OSError, EOFError, RuntimeError):
            pass  # it is gone before it answers
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        os.close(self._in)
        for _ in range(100):
            try:
                self._profile.cleanup()
                break
            except OSError:
                time.sleep(0.02)  # its helpers are still writing their last

    def load(self, url):
        answer = self._call("Page.navigate", {"url": url})
        if answer.get("errorText"):
            raise RuntimeError(f"{url.split('?')[0]}: {answer['errorText']}")

    def evaluate(self, script):
        answer = self._call("Runtime.evaluate", {"expression": script, "returnByValue": True})
        return answer["result"].get("value")

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("Page.captureScreenshot", {"format": "png"})["data"]))

    def _call(self, method, parameters, browser=False):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if not browser and hasattr(self, "_session"):
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def _receive(self):
        while b"\0" not in self._rest:
            if not select.select([self._in], [], [], 30)[0]:
                raise RuntimeError("the browser does not answer")
            data = os.read(self._in, 65536)
            if not data:
                raise EOFError("the browser ended")
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


def _last_address(browser):
    address = browser.evaluate("location.href")
    if address.startswith("chrome-error:"):
        raise RuntimeError("the browser could not open the last address")
    return address


def sign_in(url, user, password, *, deny=False, ca=None, code="", screenshot=None, seconds=30):
    """Follows `url` to its end in a browser; the last address."""
    browser = Chromium(ca)
    try:
        browser.load(url)
        answers = {"login": user, "password": password, **({"user_code": code} if code else {})}
        step = _STEP % {"deny": json.dumps(deny), "answers": json.dumps(answers)}
        deadline = time.monotonic() + seconds
        while True:
            try:
                state = browser.evaluate(step)
            except RuntimeError:
                state = "loading"  # the page went away under the script
            if state == "done":
                if screenshot:
                    browser.screenshot(screenshot)
                return _last_address(browser)
            if time.monotonic() > deadline:
                raise RuntimeError("the sign-in does not end: is the password right?")
            time.sleep(0.02)
    finally:
        browser.close()


def main():
    parser = command_line(__doc__)
    parser.add_argument("--screenshot")
    options = parser.parse_args()
    if not installed():
        print("no Chromium is installed", file=sys.stderr)
        return 69
    print(sign_in(options.url, options.user, options.password or people.PASSWORDS.get(options.user, ""),
                  deny=options.deny, ca=os.environ.get("BED_CA"), code=options.code, screenshot=options.screenshot))
    return 0


if __name__ == "__main__":
    sys.exit(main())
