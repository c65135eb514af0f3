#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Includes point down, library headers stay in their layer; and each rule is shown to find something."""
import sys
import tempfile
import unittest
from pathlib import Path

import rules

ROOT = Path(__file__).resolve().parents[2]


class ThisTree(unittest.TestCase):
    def test_is_looked_at(self):
        self.assertGreater(len(rules.sources(ROOT)), 10)

    def test_includes_point_down_and_libraries_stay_in_their_layer(self):
        self.assertEqual(rules.include_violations(ROOT), [])

    def test_no_file_is_too_long(self):
        self.assertEqual(rules.length_violations(ROOT), [])

    def test_the_hosts_accounts_are_written_and_read_through_the_gate(self):
        self.assertEqual(rules.gate_violations(ROOT), [])


class MadeUpTree(unittest.TestCase):
    """One violation each in a tree that is right otherwise."""

    FILES = {
        "src/base/result.h": "#include <variant>\n",
        "src/codec/json.h": '#include <nlohmann/json.hpp>\n#include "base/result.h"\n',
        "src/crypto/digest.h": '#include <gnutls/crypto.h>\n#include "base/result.h"\n',
        "src/oauth/pkce.h": '#include "codec/json.h"\n#include "crypto/digest.h"\n',
        "src/ports/clock.h": '#include "oauth/pkce.h"\n#include <glib.h>\n',
        "src/net/client.cc": '#include <cpprest/http_client.h>\n#include "ports/clock.h"\n',
        "src/broker/broker.h": '#include "ports/clock.h"\n#include <sys/file.h>\n',
        "src/signin/flow.h": '#include "broker/broker.h"\n',
        "plugin/claws/host.h": "#include <libetpan/libetpan.h>\n#include <gnutls/gnutls.h>\n",
        "plugin/claws/account_gate.cc": "void write() {\n  prefs_account_write_config_all(account_get_list());\n}\n",
        "plugin/claws/live_account.cc": "std::string user() { return text_of(account.userid); }\n",
        "plugin/claws/account_page_open.h": "struct Open {\n  PrefsAccount* account;\n};\n",
        "plugin/claws/hook.cc": "const std::string user = text_of(request.user);\nPrefsAccount* account = find(id);\n",
        "plugin/claws/page.cc": '#include <gtk/gtk.h>\n#include "prefs_account.h"\n#include "signin/flow.h"\n',
    }

    def violations(self, changed):
        with tempfile.TemporaryDirectory() as root:
            for name, text in {**self.FILES, **changed}.items():
                path = Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return rules.include_violations(root) + rules.length_violations(root) + rules.gate_violations(root)

    def test_is_right_as_it_stands(self):
        self.assertEqual(self.violations({}), [])

    def test_each_rule_finds_its_violation(self):
        table = [
            # up, by one row and by all of them
            ("src/base/error.h", '#include "codec/json.h"\n', "points up, to src/codec"),
            ("src/broker/late.cc", '#include "signin/flow.h"\n', "points up, to src/signin"),
            ("src/ports/port.h", '#include "net/../broker/broker.h"\n', "points up, to src/broker"),
            ("src/base/host.h", '  #  include "../../plugin/claws/page.cc"\n', "points up, to plugin/claws"),
            # sideways
            ("src/net/other.cc", '#include "broker/broker.h"\n', "points sideways, to src/broker"),
            ("src/codec/hash.h", '#include "crypto/digest.h"\n', "points sideways, to src/crypto"),
            ("src/cli/main.cc", '#include "../../plugin/claws/page.cc"\n', "points sideways, to plugin/claws"),
            # a library outside its layer
            ("src/oauth/a.cc", "#include <nlohmann/json.hpp>\n", "<nlohmann/json.hpp> belongs in src/codec"),
            ("src/oauth/a.cc", "#include <gnutls/gnutls.h>\n", "belongs in src/crypto"),
            ("src/cli/a.cc", "#include <cpprest/json.h>\n", "belongs in src/net"),
            ("src/broker/a.cc", "#include <libsecret/secret.h>\n", "belongs in src/keyring"),
            ("src/sasl/a.cc", "#include <sasl/sasl.h>\n", "belongs in src/cyrus and src/etpan"),
            ("plugin/claws/a.cc", "#include <libetpan/libetpan.h>\n", "belongs in src/etpan"),
            ("plugin/claws/a.cc", '#include "host.h"\n#include <gnutls/gnutls.h>\n', "belongs in src/crypto"),
            ("src/explain/a.cc", "#include <qrencode.h>\n", "belongs in src/qr"),
            ("src/desktop/a.cc", "#include <gtk/gtk.h>\n", "belongs in plugin/claws"),
            ("src/cli/a.cc", '#include "prefs_account.h"\n', "does not know"),
            ("src/net/a.cc", "#include <curl/curl.h>\n", "does not know"),
            # a folder outside the table
            ("src/util/a.h", "\n", "src/util is no layer"),
            # past the gate to the host's accounts
            ("plugin/claws/a.cc", "  prefs_account_write_config_all(account_get_list());\n", "only the gate may"),
            ("plugin/claws/a.h", "inline void save() { account_write_config_all(); }\n", "only the gate may"),
            ("plugin/claws/a.cc", "  const char* user = account->userid;\n", "which may be freed"),
            ("plugin/claws/a.cc", "  tell(text_of(live->address));\n", "which may be freed"),
            ("plugin/claws/a.cc", "  tell(text_of(account->*fields.host));\n", "which may be freed"),
            ("plugin/claws/a.h", "  PrefsAccount* account_ = nullptr;\n", "keeps a pointer"),
            ("plugin/claws/a.cc", "struct Waiting {\n  const PrefsAccount* account;\n};\n", "keeps a pointer"),
            ("plugin/claws/a.cc", "  wait();\n  prompts.arm(request.user);\n", "the host's request"),
            # length
            ("src/base/long.cc", "\n" * 401, "401 lines, 400 at most"),
        ]
        for name, text, expected in table:
            with self.subTest(name=name, text=text[:60]):
                found = self.violations({name: text})
                self.assertEqual(len(found), 1, found)
                self.assertIn(expected, found[0])
                self.assertTrue(found[0].startswith(name))


if __name__ == "__main__":
    sys.exit(unittest.main())
