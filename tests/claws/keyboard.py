# SPDX-License-Identifier: GPL-3.0-or-later
"""A person who works the display with the keyboard alone: where the keyboard is, the accessibility bus says.

No window manager runs on the display, so the window that a key is for gets the keyboard first.
"""
import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402  pylint: disable=wrong-import-position

from claws_host import wait_for  # noqa: E402  pylint: disable=wrong-import-position
from gui import Person  # noqa: E402  pylint: disable=wrong-import-position


class Keyboard(Person):
    def enter(self, window, label, text):
        """Replaces what stands in the field beside that label, or of that name."""
        self.walk_to(window, lambda: self._at(label), f"the field {label!r}")
        self.type_in(window, text)

    def type_in(self, window, text):
        """Replaces what stands in the field that has the keyboard, or gets it now."""
        wait_for(lambda: self._text() is not None, "a field with the keyboard")
        self.press_in(window, "ctrl+a")
        self.press_in(window, "BackSpace")
        self._display.run("type", "--delay", "2", text)
        wait_for(lambda: self._text() == text, f"{text!r} in the field")

    def set(self, window, label, on=True):
        """A check box or radio button of that name."""
        self.walk_to(window, lambda: label in (self.focused() or ""), f"the box {label!r}")
        if self.state("check box", label, "CHECKED") != on:
            self.press_in(window, "space")
        wait_for(lambda: self.state("check box", label, "CHECKED") == on, f"{label!r} is {on}")

    def press_if_there(self, title, key):
        """In a window that may close by itself."""
        for window in self._display.run("search", "--onlyvisible", "--name", f"^{title}").split()[-1:]:
            self._display.run("windowfocus", window, "key", key)

    def choose(self, window, after, value, limit=12):
        """In the list that comes before what is named `after`: the keyboard is in a list unseen by the accessibility bus."""
        self.walk_to(window, lambda: self.focused() == after, f"{after!r}")
        self.press_in(window, "shift+Tab")
        for _ in range(limit):
            if self.find("combo box", value, whole=True):
                return
            self.press_in(window, "Down")
            try:
                wait_for(lambda: self.find("combo box", value, whole=True), value, 1)
            except AssertionError:
                continue
        raise AssertionError(f"{value!r} is not in the list before {after!r}")

    def walk_to(self, window, there, what, key="Tab", limit=30):
        """Presses a key until the keyboard is there; each press is waited for."""
        for _ in range(limit):
            if there():
                return
            before = self._where()
            self.press_in(window, key)
            try:
                wait_for(lambda before=before: self._where() not in (before, None), "the keyboard further on", 2)
            except AssertionError:
                continue
        raise AssertionError(f"the keyboard never came to {what}")

    def in_list(self):
        """Whether the keyboard is in a list or tree of rows."""
        try:
            node = self._node()
            return node is not None and node.get_role_name() in ("table cell", "table", "tree table", "tree")
        except GLib.Error:
            return False

    def _node(self):
        return self._first(lambda node: node.get_role_name() not in ("frame", "dialog", "alert", "window"),
                           [Atspi.StateType.FOCUSED])

    def _where(self):
        """Something that changes with the place of the keyboard."""
        try:
            node = self._node()
            return (node.get_role_name(), node.get_name(), *self._box(node)) if node else None
        except GLib.Error:
            return None

    def _text(self):
        try:
            node = self._node()
            if node is None or node.get_role_name() not in ("text", "password text", "entry"):
                return None
            return Atspi.Text.get_text(node, 0, -1)
        except GLib.Error:
            return None

    @staticmethod
    def _box(node):
        box = Atspi.Component.get_extents(node, Atspi.CoordType.SCREEN)
        return box.x, box.y, box.width, box.height

    def _at(self, label):
        """Whether the keyboard is in a field of that name, or in one right of a label that begins so."""
        try:
            node = self._node()
            if node is None or node.get_role_name() not in ("text", "password text", "entry"):
                return False
            if node.get_name() == label:
                return True
            x, y, _, height = self._box(node)
            for words in self._fitting(lambda one: one.get_name().startswith(label), [Atspi.StateType.SHOWING], "label"):
                left, top, _, tall = self._box(words)
                if left < x and abs(top + tall / 2 - y - height / 2) < height / 2:
                    return True
            return False
        except GLib.Error:
            return False
