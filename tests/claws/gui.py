# SPDX-License-Identifier: GPL-3.0-or-later
"""A person in front of the display: finds widgets by what the accessibility bus says of them, and clicks and types
with xdotool. (Actions over the bus itself would stall as soon as the host opens a nested loop.)
"""
import ctypes
import os
import subprocess

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402  pylint: disable=wrong-import-position

from claws_host import NotNow, wait_for  # noqa: E402  pylint: disable=wrong-import-position


#: What newer versions of at-spi2-core (Debian 13) call it.
RENAMED = {"push button": "button"}
MATCH = Atspi.CollectionMatchType


def _role(name):
    """The Atspi.Role of that name; None when this version has no such role."""
    return getattr(Atspi.Role, name.upper().replace(" ", "_"), None)


class _ClientMessage(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong), ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
                ("rest_of_the_union", ctypes.c_long * 24)]


def ask_to_close(display, window):
    """Sends WM_DELETE_WINDOW (ICCCM section 4.2.8.1): no window manager runs here, and xdotool only learnt it later."""
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XInternAtom.restype = ctypes.c_ulong
    connection = ctypes.c_void_p(xlib.XOpenDisplay(display.encode()))
    atoms = [xlib.XInternAtom(connection, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW")]
    message = _ClientMessage(type=33, window=window, message_type=atoms[0], format=32)
    message.data[0] = atoms[1]
    xlib.XSendEvent(connection, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(message))
    xlib.XCloseDisplay(connection)


class Person:
    """Looks at one Claws Mail and works it. `env` names the session bus that the display's bus is on."""

    bus = None

    def __init__(self, claws, env):
        # libatspi finds the bus by this process's environment, once.
        bus = env["DBUS_SESSION_BUS_ADDRESS"]
        if Person.bus not in (None, bus):
            raise RuntimeError("each test class with a person needs a program of its own")
        Person.bus = os.environ["DBUS_SESSION_BUS_ADDRESS"] = bus
        os.environ["DISPLAY"] = claws.display.name
        self._claws, self._display = claws, claws.display

    def find(self, role, name="", showing=True, whole=False):
        """The first widget of that role whose name holds `name`, or is it when `whole`; None when there is none."""
        states = [Atspi.StateType.SHOWING] if showing else []
        return self._first(lambda node: name == node.get_name() if whole else name in node.get_name(), states, role)

    def count(self, role, name=""):
        """How many such widgets show."""
        return sum(1 for _ in self._fitting(lambda node: name in node.get_name(), [Atspi.StateType.SHOWING], role))

    def read(self, words, limit=15):
        """Waits until a field of several lines holds the words."""
        return wait_for(lambda: self._first(lambda node: words in Atspi.Text.get_text(node, 0, -1), [], "text"),
                        f"the words {words!r}", limit)

    def _first(self, fits, states, *roles):
        return next(self._fitting(fits, states, *roles), None)

    def _fitting(self, fits, states, *roles):
        """Those of _all() that fit and are still there."""
        for node in self._all(states, *roles):
            try:
                if fits(node):
                    yield node
            except GLib.Error:
                continue  # it is gone

    def _all(self, states, *roles):
        """Everything that has all the states and one of the roles, or any role where none is given. The program itself looks
        (walking through it from here is two messages for each widget, a thousand of them). NotNow when it does not answer."""
        wanted = {_role(name) for role in roles for name in (role, RENAMED.get(role, role))} - {None}
        if roles and not wanted:
            raise ValueError(f"no such role: {roles}")
        rule = Atspi.MatchRule.new(Atspi.StateSet.new(states), MATCH.ALL, {}, MATCH.ALL,
                                   list(wanted), MATCH.ANY if wanted else MATCH.NONE, [], MATCH.ALL, False)
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache()
        found = []
        try:
            for index in range(desktop.get_child_count()):
                program = desktop.get_child_at_index(index)
                if program is None or program.get_process_id() != self._claws.process.pid:
                    continue
                found += Atspi.Collection.get_matches(program, rule, Atspi.CollectionSortOrder.CANONICAL, 0, True)
        except GLib.Error as error:
            raise NotNow(error) from None
        for node in found:
            node.clear_cache()
        return found

    def see(self, role, name="", limit=15, whole=False):
        """Waits for the widget to show."""
        return wait_for(lambda: self.find(role, name, whole=whole), f"a {role} {name!r}", limit)

    def click(self, role, name="", times=1, whole=False):
        box = self._place(role, name, whole)
        self._display.run("mousemove", str(box.x + min(box.width, 60) // 2), str(box.y + box.height // 2),
                          "click", "--repeat", str(times), "1")

    def click_nth(self, role, name, number):
        """Of several that have this very name."""
        nodes = wait_for(lambda: list(self._fitting(lambda node: node.get_name() == name, [Atspi.StateType.SHOWING], role)),
                         f"a {role} {name!r}")
        box = Atspi.Component.get_extents(nodes[number], Atspi.CoordType.SCREEN)
        self._display.run("mousemove", str(box.x + box.width // 2), str(box.y + box.height // 2), "click", "1")

    def click_right_of(self, role, name, pixels=40):
        """The field beside a label or box, for fields that have no name."""
        box = self._place(role, name)
        self._display.run("mousemove", str(box.x + box.width + pixels), str(box.y + box.height // 2), "click", "1")

    def _place(self, role, name, whole=False):
        """Where the widget is, once it stays there: a window is laid out after what is new in it can be seen."""
        places = []

        def stays():
            try:
                box = Atspi.Component.get_extents(self.see(role, name, whole=whole), Atspi.CoordType.SCREEN)
            except GLib.Error:
                return None  # it went, and may come again
            places.append((box.x, box.y, box.width, box.height))
            return places[-2:] == places[-1:] * 2 and box
        return wait_for(stays, f"a {role} {name!r} that stays in its place")

    def fill(self, name, text):
        """Replaces what stands in a text field."""
        self.click("text", name, times=3)
        self._display.run("key", "ctrl+a", "key", "Delete")
        if text:
            subprocess.run(["xdotool", "type", "--delay", "1", text],
                           env={**os.environ, "DISPLAY": self._display.name}, check=True)
        wait_for(lambda: self.text(name) == text, f"{text!r} in {name}")

    def fill_beside(self, role, name, text):
        """Replaces what stands in the field beside a label or box of the host's own pages."""
        self.click_right_of(role, name)
        self._display.run("key", "ctrl+a")
        subprocess.run(["xdotool", "type", "--delay", "1", text], env={**os.environ, "DISPLAY": self._display.name}, check=True)

    def press(self, *keys):
        self._display.run("key", *keys)

    def press_in(self, title, keys):
        """In the window whose title begins so: nobody else gives it the keyboard where no window manager runs."""
        window = wait_for(lambda: self._display.run("search", "--onlyvisible", "--name", f"^{title}").split(), f"the window {title!r}")
        self._display.run("windowfocus", "--sync", window[-1], "key", keys)

    def close_box(self, title):
        """What a window manager does when its close box is pressed, with the window whose title begins so."""
        window = wait_for(lambda: self._display.run("search", "--onlyvisible", "--name", f"^{title}").split(), f"the window {title!r}")
        ask_to_close(self._display.name, int(window[-1]))

    def text(self, name):
        field = self.find("text", name)
        return Atspi.Text.get_text(field, 0, -1) if field else None

    def user_code(self):
        """What the window of a sign-in by code shows, once it does."""
        return self.see("label", "Code: ").get_name().removeprefix("Code: ").replace(" ", "")

    def focused(self):
        """The name of what has the keyboard; None when nothing of this program has it."""
        node = self._first(lambda node: node.get_role_name() not in ("frame", "dialog", "window"), [Atspi.StateType.FOCUSED])
        return node.get_name() if node else None

    def nameless(self, title):
        """Roles of what can be worked in the window whose title begins so and says nothing of itself to a screen reader."""
        worked = ("push button", "check box", "radio button", "combo box", "text", "password text", "toggle button", "link")
        seen = []

        def look(node):
            if (self._window(node) or "").startswith(title):
                seen.append((node.get_role_name(), node.get_name()))
        list(self._fitting(look, [Atspi.StateType.SHOWING, Atspi.StateType.FOCUSABLE], *worked))
        if not seen:
            raise AssertionError(f"nothing can be worked in {title!r}")
        return [role for role, name in seen if not name]

    @staticmethod
    def _window(node):
        """The title of the window that the widget is in; None when it is in none."""
        while node is not None and node.get_role_name() not in ("frame", "dialog", "alert", "window"):
            node = node.get_parent()
        return node.get_name() if node is not None else None

    def state(self, role, name, kind):
        node = self.find(role, name)
        return bool(node) and node.get_state_set().contains(getattr(Atspi.StateType, kind))

    def open_menu(self, menu, item):
        """The host's menus hear nothing while it fetches mail: a person clicks again then."""
        for _ in range(5):
            self.click("menu", menu)
            try:
                self.see("menu item", item, limit=3)
                break
            except AssertionError:
                continue
        self.click("menu item", item)

    def unload(self):
        """The plugin; its window stays open for load()."""
        self.open_menu("Configuration", "Plugins")
        self.click("table cell", "Sign in with OAuth")
        self.click("push button", "Unload")
        wait_for(lambda: not self.find("table cell", "Sign in with OAuth"), "the plugin leaves the list")

    def load(self, path):
        """The plugin file of that path. Which folder the file window opens in, and what is in it, depends on the machine."""
        self.click("push button", "Load")
        self.press_in("Select the Plugin", "slash")  # a slash begins a path
        subprocess.run(["xdotool", "type", "--delay", "1", path.removeprefix("/")],
                       env={**os.environ, "DISPLAY": self._display.name}, check=True)
        self.read(path)
        for _ in range(5):  # Return may go to the list of what would complete the path
            self.press("Delete", "Return")
            try:
                wait_for(lambda: not self.find("file chooser"), "the file window's end", 3)
                break
            except AssertionError:
                continue
        self.see("table cell", "Sign in with OAuth")
        self.click("push button", "Close")

    def open_page(self):
        """The account window of the current account, at our page."""
        self.open_menu("Configuration", "Preferences for current account")
        self.click("table cell", "Sign in with OAuth")
        self.see("check box", "Sign in with OAuth")
