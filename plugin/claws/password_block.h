// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plugin's own block in the host's store of passwords: entries by name, encrypted by the host.
//
// Main thread only; to read or to write an entry costs the host about 60 ms. Reading and writing
// ask the person for the primary passphrase when it is set and not given yet: see may_be_read().
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret_arena.h"
#include "claws/host.h"

namespace mail_oauth::claws {

inline constexpr char kPasswordBlock[] = "mail_oauth";

struct WipeAndFree {
  void operator()(char* text) const {
    wipe(text, strlen(text));
    g_free(text);
  }
};
using PasswordPtr = std::unique_ptr<char, WipeAndFree>;

/// Whether nobody has to be asked for the primary passphrase.
bool passphrase_is_there();

/// The names in the file that begin with `prefix`.
std::vector<std::string> names_on_disk(std::string_view prefix);

/// The encrypted entry as it is in the file; empty when it is not there.
std::string entry_on_disk(const std::string& name);

}  // namespace mail_oauth::claws
