# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting the bed's programs and waiting, with a bound, until they are there."""
import os
import select
import subprocess
import sys
import time

import janitor


class BedError(RuntimeError):
    """The bed could not be set up; the text says what is missing or went wrong."""


def start(argv, *, env, log, user=None, **options):
    """Starts a program in a session of its own, its talk appended to the file `log`.

    The caller keeps the Popen; the janitor ends the program by its BED_DIR. `user` and the
    group it names are taken on when given (root only).
    """
    if user is not None:
        options.update(user=user[0], group=user[1], extra_groups=[])
    with open(log, "ab") as file:
        options.setdefault("stdout", file)
        options.setdefault("stdin", subprocess.DEVNULL)
        try:
            process = subprocess.Popen(argv, env=env, stderr=file, start_new_session=True, **options)
        except FileNotFoundError as error:
            raise BedError(f"{argv[0]} is not installed: run ./run test once, it installs what "
                           f"is missing ({error})") from error
    janitor.register(env["BED_DIR"], process.pid)
    return process


def watched(directory):
    """The janitor of `directory`: takes it down when its standard input is closed, or we are gone."""
    return subprocess.Popen([sys.executable, janitor.__file__, directory], stdin=subprocess.PIPE,
                            start_new_session=True)


def tail(path, lines=15):
    """The end of a log file, for an error message."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-lines:])
    except OSError:
        return ""


def first_line(process, log, seconds=20):
    """The first line a program prints; fails when it ends or stays silent."""
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    line = process.stdout.readline() if ready else b""
    if not line:
        raise BedError(f"{process.args[0]} did not start:\n{tail(log)}")
    return line


def wait_until(condition, what, seconds=10, log=None):
    """Polls `condition` until it is true; BedError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise BedError(f"{what} did not happen in {seconds} s\n{tail(log) if log else ''}")
        time.sleep(0.005)
    return value


def base_environment(directory):
    """The environment of everything in a bed: nothing of the person's own session."""
    env = {name: value for name, value in os.environ.items()
           if not name.lower().endswith("_proxy")
           and not name.startswith(("XDG_", "DBUS_", "BED_", "MAIL_OAUTH", "GNOME_KEYRING"))
           and name not in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "SSL_CERT_FILE", "BROWSER")}
    env["BED_DIR"] = directory
    folders = {"HOME": "home", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data",
               "XDG_STATE_HOME": "state", "XDG_CACHE_HOME": "cache", "XDG_RUNTIME_DIR": "run"}
    for name, folder in folders.items():
        env[name] = os.path.join(directory, folder)
        os.mkdir(env[name], 0o700)
    if display := os.environ.get("DISPLAY"):
        env["BED_DISPLAY"] = display
        if authority := os.environ.get("XAUTHORITY"):
            env["BED_XAUTHORITY"] = authority
    return env
