# SPDX-License-Identifier: GPL-3.0-or-later
"""Who shows notifications on a desktop: the service org.freedesktop.Notifications, which keeps what it was sent.

Runs in a process of its own, so that a test may wait for anything meanwhile: `Notifications(env).seen()`.
"""
import json
import os
import subprocess
import sys
import tempfile

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
INTERFACE = f"""<node><interface name="{NAME}"><method name="Notify">
<arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{{sv}}" direction="in"/><arg type="i" direction="in"/>
<arg type="u" direction="out"/></method></interface></node>"""


class Notifications:
    """Owns the name on the bus of `env` until it is closed."""

    def __init__(self, env):
        self._file = tempfile.NamedTemporaryFile(prefix="notifications-", suffix=".json")
        self._process = subprocess.Popen([sys.executable, "-B", os.path.abspath(__file__), self._file.name], env=env,
                                         stdout=subprocess.PIPE, text=True)
        if self._process.stdout.readline().strip() != "ready":
            raise AssertionError("nobody shows notifications")

    def seen(self):
        """(title, body) of each, in order."""
        with open(self._file.name, encoding="utf-8") as file:
            return [tuple(json.loads(line)) for line in file]

    def close(self):
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()
        self._file.close()


def serve(path):
    import gi  # pylint: disable=import-outside-toplevel
    gi.require_version("Gio", "2.0")
    from gi.repository import Gio, GLib  # pylint: disable=import-outside-toplevel

    def on_call(_bus, _sender, _path, _interface, _method, arguments, invocation):
        _, _, _, title, body, _, _, _ = arguments.unpack()
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps([title, body]) + "\n")
        invocation.return_value(GLib.Variant("(u)", (1,)))

    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
    bus.register_object(PATH, interface, on_call, None, None)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: print("ready", flush=True), None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    serve(sys.argv[1])
