// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small files of ours: read only when nobody else could have written them, written so that a reader
// never sees half of one. Blocking (local files); any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mail_oauth {

/// The text of the file, or nothing when there is none.
///
/// kConfig, naming the file: it or its folder is writable by others (any user, or a group that is
/// not our own) or belongs to neither us nor root; it is larger than 1 MiB, no regular file, or
/// cannot be read.
Result<std::optional<std::string>> read_trusted_file(const std::string& path);

/// Replaces the file in one step (0600), making its folders (0700) where they are missing.
/// kStorage, naming the file, when that fails: disk full, no permission.
Result<void> write_private_file(const std::string& path, std::string_view text);

}  // namespace mail_oauth
