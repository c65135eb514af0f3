# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a bed down when whoever started it ends, however that was.

    python3 janitor.py DIRECTORY

Waits for standard input to be written to or closed (which the kernel does even for a
process killed with SIGKILL), then ends every process that DIRECTORY/started lists or that
carries BED_DIR=DIRECTORY in its environment, with its descendants, and removes DIRECTORY. Lives in a session of its
own and is deaf to the signals of a terminal.
"""
import os
import shutil
import signal
import sys
import time

_GRACE = 2.0  # seconds between asking and forcing


def _environment(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return file.read().split(b"\0")
    except OSError:
        return []


def _stat(pid):
    """(parent, start time) of a process; None when it is gone or only waits to be reaped."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] == b"Z" else (int(fields[1]), int(fields[19]))


def register(directory, pid):
    """Notes a process that may hide its environment. Its start time guards against a
    number that is used again."""
    if stat := _stat(pid):
        with open(os.path.join(directory, "started"), "a", encoding="ascii") as file:
            file.write(f"{pid} {stat[1]}\n")


def _registered(directory):
    try:
        with open(os.path.join(directory, "started"), encoding="ascii") as file:
            return {tuple(map(int, line.split())) for line in file}
    except OSError:
        return set()


def members(directory):
    """Process ids that belong to the bed in `directory`, descendants included."""
    mark = b"BED_DIR=" + os.fsencode(directory)
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    stats = {pid: stat for pid in pids if (stat := _stat(pid)) is not None}
    parents = {pid: stat[0] for pid, stat in stats.items()}
    noted = _registered(directory)
    found = {pid for pid in stats if (pid, stats[pid][1]) in noted or mark in _environment(pid)}
    grew = True
    while grew:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
        grew = bool(more)
    return found - {os.getpid()}


def _signal_all(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except OSError:
            pass  # ended meanwhile


def clean(directory):
    """Ends the bed's processes, politely first, and removes its files."""
    deadline = time.monotonic() + _GRACE
    asked = set()
    while pids := members(directory):
        late = time.monotonic() > deadline
        _signal_all(pids if late else pids - asked, signal.SIGKILL if late else signal.SIGTERM)
        asked |= pids
        if time.monotonic() > deadline + _GRACE:
            break
        time.sleep(0.01)
    shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    for quiet in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(quiet, signal.SIG_IGN)
    sys.stdin.buffer.read(1)
    clean(sys.argv[1])
