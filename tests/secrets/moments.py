# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds a program at a known moment and looks at all that shows of it there.

A program is held where it writes to a pipe that is full, or where the authorization server keeps its answer back: it
stands in the middle of its work for as long as the test looks. The moments have names, and SECURITY.md says for each what
may lie in memory that a core dump would hold; nothing else may.
"""
import fcntl
import os
import re
import time
import uuid

import traces

_ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
_ROW = re.compile(r"^\| (.+?) \| (nothing|`[a-z_]+`(?:, `[a-z_]+`)*) \| .* \|$", re.MULTILINE)
_PIPE = 4096
_LIMIT = 20.0


def listed(text=None):
    """{moment: the kinds that may lie outside the arena}, from the table of SECURITY.md."""
    if text is None:
        with open(os.path.join(_ROOT, "SECURITY.md"), encoding="utf-8") as file:
            text = file.read()
    return {moment: frozenset(re.findall("`([a-z_]+)`", kinds)) for moment, kinds in _ROW.findall(text)}


def wait_for(condition, what):
    """The first true value of `condition`."""
    end = time.monotonic() + _LIMIT
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {_LIMIT:.0f} s: {what}")
        time.sleep(0.01)
    return value


class Pipe:
    """The writing end goes to a program, which stands still once it has written `room` bytes."""

    def __init__(self, room=0):
        self._read, self.end = os.pipe()
        fcntl.fcntl(self.end, fcntl.F_SETPIPE_SZ, _PIPE)
        self._filled = 0
        self.fill(room)

    def fill(self, room=0):
        """Until `room` bytes are left: by a single write where it is empty, as pages are not shared by two."""
        os.set_blocking(self.end, False)
        try:
            if room:
                self._filled += os.write(self.end, b"\0" * (_PIPE - room))
                return
            for size in (_PIPE, 1):
                self._fill_by(size)
        finally:
            os.set_blocking(self.end, True)

    def _fill_by(self, size):
        try:
            while True:
                self._filled += os.write(self.end, b"\0" * size)
        except BlockingIOError:
            pass

    def written(self):
        """What the program wrote. REQUIRES: it has ended."""
        os.close(self.end)
        with os.fdopen(self._read, "rb") as file:
            return file.read().replace(b"\0", b"")

    @staticmethod
    def stands(process, descriptor):
        """Whether the process waits in write() to that descriptor."""
        if process.poll() is not None:
            raise AssertionError(f"it ended with {process.returncode} before it wrote")
        with open(f"/proc/{process.pid}/syscall", encoding="ascii") as file:
            return file.read().split()[:2] == [str(_WRITE), hex(descriptor)]


#: write(2) by its number, as /proc/PID/syscall names it.
_WRITE = {"x86_64": 1, "aarch64": 64, "riscv64": 64, "ppc64le": 4, "s390x": 4}[os.uname().machine]


#: Of all tests of a run: to take a long token apart costs more than to look for it.
_SEEN = traces.Secrets()


class Watch:
    """What is looked at in one test: `ask` does an operation of the bed, `test` is the test case."""

    def __init__(self, ask, test):
        self._ask, self._test = ask, test
        self.mark = f"TRACES_OF={uuid.uuid4().hex}"

    @property
    def environment(self):
        """For the programs that are watched, and so for all that they start."""
        name, _, value = self.mark.partition("=")
        return {name: value}

    def secrets(self):
        known = self._ask("secrets")["secrets"]
        self._test.assertTrue(known, "the server has seen nothing that could be found")
        return _SEEN.add(known)

    def moment(self, name, pid, held=()):
        """Memory, command lines and environments now. `held`: kinds that have to be in the arena, so that it is
        known that the search sees them."""
        secrets, may = self.secrets(), listed()
        self._test.assertIn(name, may, "a row of SECURITY.md is missing")
        self.told_nothing(secrets)
        kept = {kind for kind, _ in traces.in_arena(secrets, pid)}
        self._test.assertLessEqual(set(held), kept, f"{name}: not in the arena")
        outside = [(place, kind, form, around) for place, kind, form, around in traces.in_core_dump(secrets, pid, 60)
                   if kind not in may[name]]
        with self._test.subTest(moment=name):  # the moments after it are looked at, too
            self._test.assertEqual([], outside, f"{name}: outside the arena, and not in SECURITY.md")

    def told_nothing(self, secrets):
        """Command lines and environments of all that is watched, right now."""
        found = traces.processes(self.mark.encode())
        self._test.assertTrue(found, "nothing runs that could be looked at")
        for pid in found:
            for what, data in traces.told(pid).items():
                self._test.assertEqual(set(), secrets.found(data), f"{what} of {data[:80]}")

    def said_nothing(self, secrets, logs):
        """`logs`: {name: bytes}; none may be empty, or it would not be known whether it was on."""
        for name, text in logs.items():
            self._test.assertTrue(text.strip(), f"{name} is empty")
            self._test.assertEqual(set(), secrets.found(text), f"{name}: {text!r}")
