// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files that make one provider: its own, and by "extends" those below it. Blocking (local
// files); any thread.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "oauth/provider.h"

namespace mail_oauth::manifest {

/// One file of a provider.
struct Layer {
  std::string file;
  Json document;
  Provider alone;  ///< What it says by itself.
};

/// Ids of all manifests in the folders.
std::set<std::string> known_ids(const std::vector<std::string>& folders);

/// The file that wins for the id; the id itself when there is none.
std::string winning_file(const std::vector<std::string>& folders, const std::string& id);

/// The files of a provider, the winning one first. kConfig, naming the file: it cannot be read, is
/// wrong, or extends what is not there or itself.
Result<std::vector<Layer>> layers_of(const std::vector<std::string>& folders,
                                     const std::string& id);

/// The layers as one document: objects merged key by key, anything else replaced. "extends" and
/// "sources" are left out, and "template" of all but the winning file.
Json merged(const std::vector<Layer>& layers);

/// Whether the winning file says that it is there to be extended, and no provider by itself.
bool is_template(const std::vector<Layer>& layers);

}  // namespace mail_oauth::manifest
