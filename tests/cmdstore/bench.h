// SPDX-License-Identifier: GPL-3.0-or-later
//
// Commands that stand for gpg (a filter) and pass (a keeper).
#pragma once

#include <sys/stat.h>

#include <string>

#include "cmdstore/command_store.h"
#include "support/temp_folder.h"
#include "support/token_store.h"

namespace mail_oauth::cmdstore_test {

using testing::erase;
using testing::grant_of;
using testing::kAlice;
using testing::list;
using testing::load;
using testing::load_secret;
using testing::prove;
using testing::save;
using testing::save_secret;

/// Base64 is no encryption; a test sees what was done.
inline StoreCommands filters() {
  return {{"/usr/bin/base64", "-d"}, {"/usr/bin/base64", "-w0"}, {}};
}

/// `folder`/{name} is the item.
inline StoreCommands keepers(const std::string& folder) {
  const std::string file = folder + "/{name}";
  return {{"/bin/cat", file},
          {"/bin/sh", "-c", "cat >\"$1\"; echo kept", "sh", file},
          {"/bin/rm", file}};
}

inline StoreCommands failing(const std::string& words = "no key") {
  const CommandWords fail = {"/bin/sh", "-c", "echo " + words + " >&2; exit 2"};
  return {fail, fail, {}};
}

inline int mode_of(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? static_cast<int>(found.st_mode & 07777) : -1;
}

inline int files_in(const std::string& folder) {
  int count = 0;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    (void)entry;
    ++count;
  }
  return count;
}

}  // namespace mail_oauth::cmdstore_test
