# SPDX-License-Identifier: GPL-3.0-or-later
"""Just enough D-Bus to unlock gnome-keyring's collection with its password.

dbus-send cannot: the secret is a structure and its session dies with the connection that
opened it. Wire format: https://dbus.freedesktop.org/doc/dbus-specification.html
"""
import os
import socket
import struct

from process import BedError

_COLLECTION = "/org/freedesktop/secrets/collection/login"
_SERVICE = "org.freedesktop.secrets"
_INTERNAL = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"


def _align(data, size):
    data += b"\0" * (-len(data) % size)


def _text(data, value):
    _align(data, 4)
    data += struct.pack("<I", len(value)) + value.encode() + b"\0"


def _signature(data, value):
    data += bytes([len(value)]) + value.encode() + b"\0"


def _bytes(data, value):
    _align(data, 4)
    data += struct.pack("<I", len(value)) + value


class _Connection:
    def __init__(self, address):
        path = address.partition("unix:path=")[2].partition(",")[0]
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(10)
        self._socket.connect(path)
        self._serial = 0
        identity = str(os.getuid()).encode().hex()
        self._socket.sendall(b"\0AUTH EXTERNAL " + identity.encode() + b"\r\n")
        if not self._socket.recv(256).startswith(b"OK "):
            raise BedError("the session bus did not let us in")
        self._socket.sendall(b"BEGIN\r\n")
        self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello")

    def close(self):
        self._socket.close()

    def call(self, service, path, interface, member, signature="", body=b""):
        """The body of the reply; BedError with the error's name."""
        self._serial += 1
        fields = bytearray()
        for code, kind, value in ((1, "o", path), (2, "s", interface), (3, "s", member),
                                  (6, "s", service), (8, "g", signature)):
            if value:
                _align(fields, 8)
                fields.append(code)
                _signature(fields, kind)
                (_signature if kind == "g" else _text)(fields, value)
        message = bytearray(struct.pack("<cBBBIII", b"l", 1, 0, 1, len(body), self._serial, len(fields)) + fields)
        _align(message, 8)
        self._socket.sendall(bytes(message) + body)
        return self._reply()

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            more = self._socket.recv(size - len(data))
            if not more:
                raise BedError("the session bus hung up")
            data += more
        return data

    def _reply(self):
        while True:
            head = self._exactly(16)
            kind = head[1]
            body_size, _, field_size = struct.unpack("<III", head[4:])
            fields = self._exactly(field_size + -field_size % 8)
            body = self._exactly(body_size)
            if kind == 3:
                raise BedError(f"the keyring refused: {fields!r}")
            if kind == 2 and struct.pack("<BBBBI", 5, 1, ord("u"), 0, self._serial) in fields:
                return body


def unlock(address, password):
    """Unlocks the login collection of the service on the bus at `address`."""
    bus = _Connection(address)
    try:
        body = bytearray()
        _text(body, "plain")
        _signature(body, "s")
        _text(body, "")
        reply = bus.call(_SERVICE, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service",
                         "OpenSession", "sv", bytes(body))
        # The answer is a variant holding an empty string (12 bytes), then the session's path.
        length, = struct.unpack_from("<I", reply, 12)
        session = reply[16:16 + length].decode()
        body = bytearray()
        _text(body, _COLLECTION)
        _align(body, 8)
        _text(body, session)
        _bytes(body, b"")
        _bytes(body, password)
        _text(body, "text/plain")
        bus.call(_SERVICE, "/org/freedesktop/secrets", _INTERNAL, "UnlockWithMasterPassword", "o(oayays)", bytes(body))
    finally:
        bus.close()
