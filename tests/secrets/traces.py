# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds secrets, whole or in parts, in bytes of any origin: text, files, environments, command lines, memory.

Knows of no flow: the tests say whose bytes, and when. A part is found from 23 characters on, as it is, in base64 at any
offset (as a SASL response holds it), in its URL form, or in hexadecimal. Percent-encoding changes none of these characters.
"""
import base64
import contextlib
import os
import re
import signal
import time

_RUN = re.compile(rb"[A-Za-z0-9+/_=-]{23,}")
_WINDOW, _STRIDE = 16, 8
#: Without a bound a test would hang with the process that does not stop.
_LIMIT = 10.0


def _in_base64(value):
    """The characters of `value` in base64 that do not depend on what stands around it, for each offset."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + value + b"\0" * 2)
        first = -(-before * 8 // 6)
        yield coded[first:(before + len(value)) * 8 // 6]


def forms(value):
    """(name, bytes) of each way in which `value` may be written."""
    yield "as it is", value
    for coded in _in_base64(value):
        yield "base64", coded
        yield "base64", coded.replace(b"+", b"-").replace(b"/", b"_")
    yield "hexadecimal", value.hex().encode()
    yield "hexadecimal", value.hex().upper().encode()


class Secrets:
    """What must not be found: {value: kind}, as the bed's `secrets` gives it."""

    def __init__(self, kinds=None):
        self._windows, self._known = {}, set()
        self.add(kinds or {})

    def add(self, kinds):
        """More of them; returns self."""
        for value in kinds.keys() - self._known:
            self._known.add(value)
            # What an id_token claims is no secret, and parts of it stand elsewhere: the client's id, names.
            secret = value.rpartition(".")[2] if kinds[value] == "id_token" else value
            for form, coded in forms(secret.encode()):
                what = kinds[value], form
                for at in range(len(coded) - _WINDOW + 1):
                    self._windows.setdefault(coded[at:at + _WINDOW], what)
        return self

    def found(self, data):
        """The (kind, form) pairs of all that is in `data`."""
        return {what for what, _ in self.places(data)}

    def places(self, data):
        """((kind, form), offset) of each piece, one for each run of characters and pair."""
        for run in _RUN.finditer(data):
            seen = set()
            for at in range(run.start(), run.end() - _WINDOW + 1, _STRIDE):
                what = self._windows.get(data[at:at + _WINDOW])
                if what and what not in seen:
                    seen.add(what)
                    yield what, at


def in_files(secrets, folder):
    """{(path from `folder` on, kind, form)} of every file there, or of this one file."""
    hits = set()
    walk = os.walk(folder) if os.path.isdir(folder) else [(os.path.dirname(folder), [], [os.path.basename(folder)])]
    for top, _, names in walk:
        for path in (os.path.join(top, name) for name in names):
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            try:
                with open(path, "rb") as file:
                    data = file.read()
            except FileNotFoundError:
                continue  # a lock file of a program that goes on
            hits |= {(os.path.relpath(path, os.path.dirname(folder)), *what) for what in secrets.found(data)}
    return hits


# Processes ------------------------------------------------------------------------------


def _read(pid, name):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except OSError:
        return b""  # it ended, or is another person's


def processes(mark):
    """The ids of all processes that have `mark` (bytes such as b"BED_DIR=/tmp/x") in their environment."""
    return [int(name) for name in os.listdir("/proc")
            if name.isdigit() and int(name) != os.getpid() and mark in _read(name, "environ").split(b"\0")]


def told(pid):
    """{"command line": bytes, "environment": bytes} of a process: what anybody's `ps` shows, or this person's."""
    return {"command line": _read(pid, "cmdline"), "environment": _read(pid, "environ")}


@contextlib.contextmanager
def stopped(pid):
    """The process stands still meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        end = time.monotonic() + _LIMIT
        while _read(pid, "stat").rpartition(b")")[2].split()[:1] not in ([b"T"], [b"t"]):
            if time.monotonic() > end:
                raise AssertionError(f"process {pid} does not stop")
            time.sleep(0.005)
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


class Region:
    """One mapping of a process, as /proc/PID/smaps tells it."""

    def __init__(self, head):
        fields = head.split(None, 5)
        self.start, self.end = (int(part, 16) for part in fields[0].split("-"))
        self.rights, self.name = fields[1], fields[5] if len(fields) > 5 else ""
        self.anonymous, self.flags = 0, set()

    @property
    def in_core_dump(self):
        """By the kernel's default (core(5)): what is private and was written to, or shared and anonymous."""
        shared = self.rights[3] == "s" and self.name.startswith(("/dev/zero", "/memfd:", "/SYSV"))
        return "dd" not in self.flags and self.rights[0] == "r" and (self.anonymous > 0 or shared)

    @property
    def left_out(self):
        """MADV_DONTDUMP, as the arena of secrets."""
        return "dd" in self.flags and self.rights[:2] == "rw"

    @property
    def place(self):
        """Where a reader of a report looks."""
        return self.name.strip("[]") if self.name.startswith("[") else os.path.basename(self.name) or "mapped"


def regions(pid):
    found = []
    for line in _read(pid, "smaps").decode("utf-8", "replace").splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            found.append(Region(line))
        elif line.startswith("Anonymous:"):
            found[-1].anonymous = int(line.split()[1])
        elif line.startswith("VmFlags:"):
            found[-1].flags = set(line.split()[1:])
    return found


def memory(pid, wanted):
    """(region, its bytes but for zeros at both ends) of those that `wanted(region)`. REQUIRES: the process stands still."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
        for region in filter(wanted, regions(pid)):
            file.seek(region.start)
            try:
                data = file.read(region.end - region.start)
            except OSError:
                continue  # a page of a device
            yield region, data.strip(b"\0")  # most of a thread's stack was never touched


def in_core_dump(secrets, pid, around=0):
    """[(place, kind, form, the bytes around it)] of all that a core dump of the process would hold now."""
    hits = []
    with stopped(pid):
        for region, data in memory(pid, lambda region: region.in_core_dump):
            hits += [(region.place, *what, data[max(0, at - around):at + around])
                     for what, at in secrets.places(data)]
    return hits


def in_arena(secrets, pid):
    """The (kind, form) pairs in what a core dump of the process leaves out."""
    with stopped(pid):
        return {what for _, data in memory(pid, lambda region: region.left_out) for what in secrets.found(data)}
