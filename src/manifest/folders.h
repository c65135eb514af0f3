// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where manifests live, and where the person's own files of ours go (XDG Base Directory
// Specification). Reads the environment; any thread as long as nobody changes that.
#pragma once

#include <string>
#include <vector>

namespace mail_oauth::manifest {

/// "$XDG_CONFIG_HOME/mail-oauth/providers": the folder whose files win, and where `client set`
/// writes.
std::string user_folder();

/// The user's folder, those of $XDG_CONFIG_DIRS, the distributor's clients (meson option
/// `clients`), then the shipped ones: $XDG_DATA_DIRS and the folder that the build installs to. The
/// highest first, each once; not all of them exist.
std::vector<std::string> standard_folders();

/// "$XDG_CACHE_HOME/mail-oauth".
std::string cache_folder();

}  // namespace mail_oauth::manifest
