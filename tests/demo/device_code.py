# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's step without a browser: a code and a QR code here, a browser elsewhere."""
import os
import re
import subprocess
import tempfile

import signin
from people import PASSWORDS

BOB = "bob@contoso.test"


def step(demo):
    """The step for `demo`: bob signs in, and out again."""
    def device_code():
        """bob signs in without a browser: a code and a QR code on the terminal, entered on another device"""
        env = {**demo.bed.env, "LC_ALL": "C.UTF-8", "BROWSER": "/bin/false"}
        command = [demo.command, "login", "--device", "--qr", "dark", "--provider", "bed", BOB]
        with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8") as process:
            shown = read_prompt(process)
            print("".join(f"        {line}" for line in shown.splitlines(keepends=True)), flush=True)
            address, link = re.search(r"https://\S+", shown).group(), scanned(shown)
            code = re.search(r"^ +([A-Z]{4}-[A-Z]{4})$", shown, re.MULTILINE).group(1)
            check(link == f"{address}?user_code={code}", f"the QR code holds {link!r}")
            signin.sign_in(link, BOB, PASSWORDS[BOB], ca=demo.bed.env["BED_CA"])
            said = process.communicate(timeout=60)[1]
        check(process.returncode == 0, said)
        check(len(demo.mail_oauth("token", BOB)) > 2000, "there is no token")
        demo.mail_oauth("logout", BOB)
        return "the QR code was read from a picture, and led to the page with the code in it"
    return device_code


def check(condition, words):
    if not condition:
        raise AssertionError(words)


def read_prompt(process):
    """What is shown until the waiting begins."""
    shown = ""
    while "Waiting for the sign-in" not in shown:
        line = process.stderr.readline()
        check(line, shown)
        shown += line
    return shown


def scanned(shown):
    """What a camera reads from a dark terminal: each half of a character is a square of four by four pixels."""
    lines = [line for line in shown.splitlines() if "\u2588\u2588\u2588\u2588" in line]
    upper = {" ": 0, "\u2584": 0, "\u2580": 255, "\u2588": 255}
    lower = {" ": 0, "\u2580": 0, "\u2584": 255, "\u2588": 255}
    rows = [bytes(half[cell] for cell in line for _ in range(4)) for line in lines for half in (upper, lower)
            for _ in range(4)]
    with tempfile.TemporaryDirectory() as folder:
        picture = os.path.join(folder, "terminal.pgm")
        with open(picture, "wb") as file:
            file.write(b"P5 %d %d 255\n" % (len(rows[0]), len(rows)) + b"".join(rows))
        done = subprocess.run(["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", picture],
                              capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip()
