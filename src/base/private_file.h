// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small files of ours: read only when nobody else could have written them, written so that a reader
// never sees half of one. Blocking (local files); any thread.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mail_oauth {

/// The text of the file, or nothing when there is none.
///
/// kConfig, naming the file: it or its folder is writable by others (any user, or a group that is
/// not ours alone) or belongs to neither us nor root, or somebody else can put another folder in
/// the place of one above; it is larger than 1 MiB, no regular file, or cannot be read.
Result<std::optional<std::string>> read_trusted_file(const std::string& path);

/// Whether nobody but the user of this process is in the group: it has the user's name, as "user
/// private groups" have, and no other members. A primary group may be one that all people share.
bool group_of_ours_alone(gid_t group);

/// Replaces the file in one step (0600), making its folders (0700) where they are missing.
/// kStorage, naming the file, when that fails: disk full, no permission.
Result<void> write_private_file(const std::string& path, std::string_view text);

}  // namespace mail_oauth
