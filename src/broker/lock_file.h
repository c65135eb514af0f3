// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lock between processes (rule I1): whoever renews or replaces a grant holds its file by flock.
//
// The file is never unlinked: a lock on an unlinked file excludes nobody. Nothing here waits;
// lock_wait.h does. Any thread.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "oauth/grant.h"

namespace mail_oauth {

/// Where locks live: `~/.local/state/mail-oauth/lock`, whatever XDG_RUNTIME_DIR and XDG_STATE_HOME
/// say: cron, ssh, a service and a sandbox have others than the desktop, and all of them may reach
/// the same grant. Home is HOME where that is one's own folder (after su and sudo it may not be),
/// else as the system has it. kStorage: there is none.
Result<std::string> lock_folder_path();

/// Held until destroyed.
class LockFile {
 public:
  /// Creates folder (0700) and file (0600) where needed. Nothing: somebody else holds the lock.
  /// kStorage: the folder or file cannot be made, or the folder belongs to or can be read by
  /// others; the text names it.
  static Result<std::optional<LockFile>> try_take(const std::string& folder, const GrantKey& key);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile();

 private:
  explicit LockFile(int file) : file_(file) {}
  int file_ = -1;
};

/// The file's name: the hex SHA-256 of provider, client, tenant and identity, NUL between them.
Result<std::string> lock_file_name(const GrantKey& key);

}  // namespace mail_oauth
