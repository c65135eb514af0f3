# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of ARCHITECTURE.md as a table, and what breaks them.

Pure: every function takes the root of a tree and gives back the violations in words, so that
layers_test.py can show that each rule finds something.
"""
import re
from pathlib import Path

# Lowest first. A layer may include itself and every row below it, never its own row's others.
ROWS = [
    ["src/base"],
    ["src/codec", "src/crypto"],
    ["src/sasl", "src/oauth"],
    ["src/cyrus"],
    ["src/ports"],
    ["src/etpan", "src/broker", "src/manifest", "src/net", "src/keyring", "src/cmdstore", "src/desktop"],
    ["src/signin", "src/assembly", "src/finder", "src/explain", "src/qr"],
    ["src/cli", "src/capi", "plugin/claws"],
]
ROW_OF = {layer: row for row, layers in enumerate(ROWS) for layer in layers}

# A library's headers, by prefix, and the one layer that may include them.
LIBRARY_HOME = {
    "nlohmann/": "src/codec",
    "gnutls/": "src/crypto",
    "cpprest/": "src/net",
    "pplx/": "src/net",
    "boost/": "src/net",
    "openssl/": "src/net",
    "libsecret/": "src/keyring",
    "libetpan/": "src/etpan",
    "sasl/": ("src/cyrus", "src/etpan"),
    "qrencode.h": "src/qr",
    "gtk/": "plugin/claws",
    "gdk/": "plugin/claws",
}

# The one file that wraps the host's headers in extern "C", and has to name before it what these include.
HOST_HEADERS = "plugin/claws/host.h"

# GLib, gettext, C and POSIX: everywhere. C++'s own headers have neither a dot nor a slash.
EVERYWHERE = re.compile(
    r"""^(
      [a-z0-9_]+
    | (glib|gio|gobject|glib-object|glib-unix|gmodule|libintl)(/[\w/-]+)?\.h
    | gio/[\w/-]+\.h | glib/[\w/-]+\.h
    | (sys|arpa|netinet|linux)/[\w/]+\.h
    | (dirent|dlfcn|errno|fcntl|grp|limits|locale|netdb|poll|pthread|pwd|signal|stdarg|stddef
       |stdint|stdio|stdlib|string|syslog|termios|time|unistd)\.h
    )$""",
    re.VERBOSE,
)

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
SOURCE = {".h", ".hh", ".hpp", ".cc", ".cpp", ".c"}
LONGEST_FILE = 400

# The gate to the host's accounts (ARCHITECTURE.md): its writers, and the strings that it frees when it likes.
GATE = "plugin/claws/account_gate.cc"
HOST_WRITER = re.compile(r"\b(?:prefs_)?account_write_config(?:_all)?\s*\(")
# Each reads or writes at one moment, in a turn of the gate or while a window opens, and keeps copies.
READERS = {f"plugin/claws/{name}.cc" for name in (
    "live_account", "account_fields", "account_folders", "account_copy", "account_defaults", "field_follower", "mailbox_report",
    "password_mover", "shared_accounts")}
LIVE_STRING = re.compile(
    r"\b(?:account|source|listed|live)(?:->address|(?:->|\.)"
    r"(?:\*\w+\.host|userid|smtp_userid|recv_server|smtp_server|nntp_server|account_name|session_passwd|session_smtp_passwd))\b")
# The host hands the window's account over for as long as the window is open.
HOLDER = "plugin/claws/account_page_open.h"
HELD_ACCOUNT = re.compile(r"^\s+(?:const )?PrefsAccount\s*\*\s*\w+(?:\s*=\s*nullptr)?;", re.MULTILINE)
REQUEST_STRING = re.compile(r"(?<!text_of\()\brequest(?:->|\.)(?:user|server|protocol)\b")


def sources(root):
    """Every C and C++ file under src/ and plugin/, in order."""
    root = Path(root)
    return sorted(p for top in ("src", "plugin") for p in (root / top).rglob("*") if p.suffix in SOURCE)


def layer_of(path, root):
    """The layer a file stands in ("src/base"), known to the table or not."""
    return "/".join(Path(path).relative_to(root).parts[:2])


def resolve(name, including, root):
    """The file of this tree that #include NAME means, or None."""
    root = Path(root)
    for folder in (Path(including).parent, root / "src", root / "plugin"):
        if (folder / name).is_file():
            return (folder / name).resolve()
    return None


def judge(layer, name, target_layer):
    """Why LAYER may not include NAME (of this tree when TARGET_LAYER is given), or None."""
    if target_layer is not None:
        if target_layer == layer:
            return None
        if target_layer not in ROW_OF:
            return f'"{name}" is in {target_layer}, which is no layer'
        if ROW_OF[target_layer] > ROW_OF[layer]:
            return f'"{name}" points up, to {target_layer}'
        if ROW_OF[target_layer] == ROW_OF[layer]:
            return f'"{name}" points sideways, to {target_layer}'
        return None
    for prefix, home in LIBRARY_HOME.items():
        if name.startswith(prefix):
            homes = (home,) if isinstance(home, str) else home
            return None if layer in homes else f"<{name}> belongs in {' and '.join(homes)} alone"
    if EVERYWHERE.match(name) or layer == "plugin/claws":  # the host's headers have no prefix
        return None
    return f"<{name}> is of a library that tests/layers/rules.py does not know"


def include_violations(root):
    root = Path(root).resolve()
    found = []
    for path in sources(root):
        layer = layer_of(path, root)
        if layer not in ROW_OF:
            found.append(f"{path.relative_to(root)}: {layer} is no layer")
            continue
        for quoted, angled in INCLUDE.findall(path.read_text(encoding="utf-8")):
            name = quoted or angled
            target = resolve(name, path, root) if quoted else None
            if target is None and str(path.relative_to(root)) == HOST_HEADERS:
                continue
            why = judge(layer, name, layer_of(target, root) if target else None)
            if why:
                found.append(f"{path.relative_to(root)}: {why}")
    return found


def length_violations(root):
    root = Path(root).resolve()
    found = []
    for path in sources(root):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONGEST_FILE:
            found.append(f"{path.relative_to(root)}: {lines} lines, {LONGEST_FILE} at most")
    return found


def gate_violations(root):
    """What passes the gate to the host's accounts by."""
    root = Path(root).resolve()
    found = []
    for path in sources(root):
        name = str(path.relative_to(root))
        if not name.startswith("plugin/claws/"):
            continue
        text = path.read_text(encoding="utf-8")
        if name != GATE and HOST_WRITER.search(text):
            found.append(f"{name}: writes the host's accounts, which only the gate may")
        if name not in READERS and LIVE_STRING.search(text):
            found.append(f"{name}: reads a string of a live account, which may be freed: see accounts.h")
        if name != HOLDER and HELD_ACCOUNT.search(text):
            found.append(f"{name}: keeps a pointer to one of the host's accounts")
        if REQUEST_STRING.search(text):
            found.append(f"{name}: keeps a string of the host's request, which is the account's own")
    return found
