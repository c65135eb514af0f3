#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Secret Service in memory that behaves as it is told, for what gnome-keyring never does.

    scripted_keyring.py        on the session bus; prints a line when it owns its name

It is told over its own interface on /org/freedesktop/secrets, org.mail_oauth.Scripted:

    Set(name, value)   one of the behaviours below
    Counts()           how often each method was called, and how many items were looked at ("looked")
    Add(kind, identity)  an item of ours with these attributes
    Crowd(count)       the grants of so many others
    Reset()            counts from nothing again; items, locks and behaviours as at the start

collections  "default" or "none"
replace      "does" or "asks": to replace an item opens a question that nobody answers (as KeePassXC does)
locked       "no" or "yes"; unlocking opens a question
question     "unanswered", "dismissed" or "answered"
age          how many seconds ago, the service says, what is stored now was changed
silent       the name of a method that is never answered, or ""
late         the name of a method, or "all", whose calls are answered when this is set again, or ""
short_keys   how many more sessions are refused, as KWallet refuses a public key that begins with a zero byte

Sessions are plain. https://specifications.freedesktop.org/secret-service-spec/latest/
"""
import collections
import sys
import time

from gi.repository import Gio, GLib

NAME, ROOT = "org.freedesktop.secrets", "/org/freedesktop/secrets"
COLLECTION = ROOT + "/collection/main"
START = {"collections": "default", "replace": "does", "locked": "no", "question": "unanswered", "age": "0",
         "silent": "", "late": "", "short_keys": "0"}
_XML = """<node>
<interface name="org.freedesktop.Secret.Service">
 <method name="OpenSession"><arg type="s" direction="in"/><arg type="v" direction="in"/>
  <arg type="v" direction="out"/><arg type="o" direction="out"/></method>
 <method name="SearchItems"><arg type="a{ss}" direction="in"/>
  <arg type="ao" direction="out"/><arg type="ao" direction="out"/></method>
 <method name="Unlock"><arg type="ao" direction="in"/><arg type="ao" direction="out"/><arg type="o" direction="out"/></method>
 <method name="ReadAlias"><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
 <method name="GetSecrets"><arg type="ao" direction="in"/><arg type="o" direction="in"/>
  <arg type="a{o(oayays)}" direction="out"/></method>
 <property name="Collections" type="ao" access="read"/>
</interface>
<interface name="org.mail_oauth.Scripted">
 <method name="Set"><arg type="s" direction="in"/><arg type="s" direction="in"/></method>
 <method name="Counts"><arg type="a{su}" direction="out"/></method>
 <method name="Add"><arg type="s" direction="in"/><arg type="s" direction="in"/></method>
 <method name="Crowd"><arg type="u" direction="in"/></method>
 <method name="Reset"/>
</interface>
<interface name="org.freedesktop.Secret.Collection">
 <method name="CreateItem"><arg type="a{sv}" direction="in"/><arg type="(oayays)" direction="in"/>
  <arg type="b" direction="in"/><arg type="o" direction="out"/><arg type="o" direction="out"/></method>
 <property name="Items" type="ao" access="read"/><property name="Label" type="s" access="read"/>
 <property name="Locked" type="b" access="read"/><property name="Created" type="t" access="read"/>
 <property name="Modified" type="t" access="read"/>
</interface>
<interface name="org.freedesktop.Secret.Item">
 <method name="Delete"><arg type="o" direction="out"/></method>
 <method name="GetSecret"><arg type="o" direction="in"/><arg type="(oayays)" direction="out"/></method>
 <method name="SetSecret"><arg type="(oayays)" direction="in"/></method>
 <property name="Attributes" type="a{ss}" access="read"/><property name="Label" type="s" access="read"/>
 <property name="Locked" type="b" access="read"/><property name="Created" type="t" access="read"/>
 <property name="Modified" type="t" access="read"/>
</interface>
<interface name="org.freedesktop.Secret.Prompt">
 <method name="Prompt"><arg type="s" direction="in"/></method><method name="Dismiss"/>
 <signal name="Completed"><arg type="b"/><arg type="v"/></signal>
</interface>
</node>"""
_INTERFACES = {face.name: face for face in Gio.DBusNodeInfo.new_for_xml(_XML).interfaces}


class Item:
    """One item, and when it was changed last."""

    def __init__(self, attributes, label, secret, registration):
        self.attributes, self.label, self.registration = attributes, label, registration
        self.secret, self.modified = secret, 0


class Service:
    """All objects of the service; what its methods return is the reply, None is no reply."""

    def __init__(self, bus):
        self._bus, self._next = bus, 0
        self._items, self._told, self._counts = {}, dict(START), collections.Counter()
        self._questions, self._due = {}, []
        for path, face in ((ROOT, "Service"), (COLLECTION, "Collection"), (ROOT + "/aliases/default", "Collection")):
            self._register(path, f"org.freedesktop.Secret.{face}")
        self._register(ROOT, "org.mail_oauth.Scripted")

    def _register(self, path, face):
        return self._bus.register_object(path, _INTERFACES[face], self._call, self._property, None)

    def _new_path(self, kind):
        self._next += 1
        return f"{ROOT}/{kind}/n{self._next}"

    def _call(self, _bus, _sender, path, face, method, arguments, invocation):
        self._counts[method] += 1
        if method == self._told["silent"]:
            return
        if self._told["late"] in (method, "all") and face != "org.mail_oauth.Scripted":
            self._due.append((path, method, arguments, invocation))
            return
        self._answer(path, method, arguments, invocation)

    def _answer(self, path, method, arguments, invocation):
        answer = getattr(self, "_do_" + method)(path, *arguments.unpack())
        if isinstance(answer, tuple) and answer[0] == "error":
            invocation.return_dbus_error(answer[1], answer[2])
        else:
            invocation.return_value(answer)

    def _property(self, _bus, _sender, path, _face, name):
        if name == "Attributes":
            self._counts["looked"] += 1
        item = self._items.get(path)
        values = {"Collections": lambda: GLib.Variant("ao", self._collections()),
                  "Items": lambda: GLib.Variant("ao", list(self._items)),
                  "Attributes": lambda: GLib.Variant("a{ss}", item.attributes),
                  "Label": lambda: GLib.Variant("s", item.label if item else "Main"),
                  "Locked": lambda: GLib.Variant("b", self._told["locked"] == "yes"),
                  "Modified": lambda: GLib.Variant("t", item.modified if item else 0),
                  "Created": lambda: GLib.Variant("t", 0)}
        return values[name]()

    def _collections(self):
        return [COLLECTION] if self._told["collections"] == "default" else []

    def _do_Set(self, _path, name, value):
        self._told[name] = value
        if name == "late":
            self._answer_what_is_due()

    def _answer_what_is_due(self):
        due, self._due = self._due, []
        for call in due:
            self._answer(*call)

    def _do_Counts(self, _path):
        return GLib.Variant("(a{su})", (dict(self._counts),))

    def _do_Add(self, _path, kind, identity):
        names = {"kind": kind, "identity": identity, "provider": "bed", "client": "", "tenant": "",
                 "xdg:schema": "org.mail_oauth.Grant"}
        self._new_item(names, identity, ("/", [], [], "text/plain"))

    def _do_Crowd(self, path, count):
        for number in range(count):
            self._do_Add(path, "grant", f"{number}@elsewhere.test")

    def _do_Reset(self, _path):
        self._answer_what_is_due()
        for item in self._items.values():
            self._bus.unregister_object(item.registration)
        self._items.clear()
        self._counts.clear()
        self._told = dict(START)

    def _do_OpenSession(self, _path, algorithm, _input):
        refused = int(self._told["short_keys"])
        if refused:
            self._told["short_keys"] = str(refused - 1)
            return "error", "org.freedesktop.DBus.Error.InvalidArgs", "Client public key size is invalid"
        if algorithm != "plain":
            return "error", "org.freedesktop.DBus.Error.NotSupported", "only plain"
        return GLib.Variant("(vo)", (GLib.Variant("s", ""), ROOT + "/session/plain"))

    def _do_SearchItems(self, _path, wanted):
        found = [path for path, item in self._items.items() if wanted.items() <= item.attributes.items()]
        locked = self._told["locked"] == "yes"
        return GLib.Variant("(aoao)", ([], found) if locked else (found, []))

    def _do_ReadAlias(self, _path, _alias):
        return GLib.Variant("(o)", ((self._collections() or ["/"])[0],))

    def _do_Unlock(self, _path, objects):
        if self._told["locked"] == "no":
            return GLib.Variant("(aoo)", (objects, "/"))
        return GLib.Variant("(aoo)", ([], self._question(GLib.Variant("ao", []),
                                                                    lambda: self._unlocked(objects))))

    def _unlocked(self, objects):
        self._told["locked"] = "no"
        return GLib.Variant("ao", objects)

    def _do_GetSecrets(self, _path, paths, session):
        secrets = {path: self._secret(path, session) for path in paths if path in self._items}
        return GLib.Variant("(a{o(oayays)})", (secrets,))

    def _do_CreateItem(self, _path, properties, secret, replace):
        attributes = properties["org.freedesktop.Secret.Item.Attributes"]
        same = [path for path, item in self._items.items() if item.attributes == attributes] if replace else []
        if same and self._told["replace"] == "asks":
            return GLib.Variant("(oo)", ("/", self._question(GLib.Variant("o", "/"),
                                                                     lambda: GLib.Variant("o", same[0]))))
        if same:
            self._do_SetSecret(same[0], secret)
            return GLib.Variant("(oo)", (same[0], "/"))
        path = self._new_item(attributes, properties["org.freedesktop.Secret.Item.Label"], secret)
        return GLib.Variant("(oo)", (path, "/"))

    def _new_item(self, attributes, label, secret):
        path = self._new_path("collection/main")
        self._items[path] = Item(attributes, label, secret, self._register(path, "org.freedesktop.Secret.Item"))
        self._do_SetSecret(path, secret)
        return path

    def _do_SetSecret(self, path, secret):
        self._items[path].secret = secret
        self._items[path].modified = int(time.time()) - int(self._told["age"])

    def _do_GetSecret(self, path, session):
        return GLib.Variant("((oayays))", (self._secret(path, session),))

    def _do_Delete(self, path):
        self._bus.unregister_object(self._items.pop(path).registration)
        return GLib.Variant("(o)", ("/",))

    def _secret(self, path, session):
        _, parameters, value, kind = self._items[path].secret
        return session, parameters, value, kind

    def _question(self, dismissed, answered):
        path = self._new_path("prompt")
        self._register(path, "org.freedesktop.Secret.Prompt")
        self._questions[path] = (dismissed, answered)
        return path

    def _do_Prompt(self, path, _window):
        if self._told["question"] == "answered":
            self._complete(path, False, self._questions[path][1]())
        elif self._told["question"] == "dismissed":
            self._do_Dismiss(path)

    def _do_Dismiss(self, path):
        self._complete(path, True, self._questions[path][0])

    def _complete(self, path, dismissed, value):
        self._bus.emit_signal(None, path, "org.freedesktop.Secret.Prompt", "Completed",
                              GLib.Variant("(bv)", (dismissed, value)))


def main():
    loop = GLib.MainLoop()
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    service = Service(bus)  # noqa: F841, lives as long as the loop

    def owned(*_):
        print("ready", flush=True)

    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, owned, lambda *_: sys.exit("no name"))
    loop.run()
    return service


if __name__ == "__main__":
    main()
