// SPDX-License-Identifier: GPL-3.0-or-later
//
// Telling tests/bed/scripted_keyring.py how to behave, and asking what it was asked.
#pragma once

#include <map>
#include <string>

#include "keyring/keyring_bench.h"

namespace mail_oauth::testing {

/// Begins from nothing.
struct ScriptedKeyring {
  ScriptedKeyring() { call("Reset", nullptr); }

  void set(const char* name, const char* value) const {
    call("Set", g_variant_new("(ss)", name, value));
  }

  /// The grants of so many others.
  void add_crowd(guint32 count) const { call("Crowd", g_variant_new("(u)", count)); }
  void add_item(const char* kind, const std::string& identity) const {
    call("Add", g_variant_new("(ss)", kind, identity.c_str()));
  }

  /// How often each method was called; "looked": items whose attributes were read.
  std::map<std::string, unsigned> counts() const {
    const auto answer = call("Counts", nullptr);
    const CPtr<GVariant, g_variant_unref> pairs(g_variant_get_child_value(answer.get(), 0));
    std::map<std::string, unsigned> found;
    for (gsize i = 0; i < g_variant_n_children(pairs.get()); ++i) {
      const char* name = nullptr;
      guint32 count = 0;
      const CPtr<GVariant, g_variant_unref> pair(g_variant_get_child_value(pairs.get(), i));
      g_variant_get(pair.get(), "{&su}", &name, &count);
      found[name] = count;
    }
    return found;
  }

 private:
  static CPtr<GVariant, g_variant_unref> call(const char* member, GVariant* parameters) {
    return ask_service("org.mail_oauth.Scripted", member, parameters);
  }
};

}  // namespace mail_oauth::testing
