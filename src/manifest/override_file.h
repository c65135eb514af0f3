// SPDX-License-Identifier: GPL-3.0-or-later
//
// The person's own file for a provider: which client they use. Blocking (local files); any thread.
#pragma once

#include <string>

#include "base/result.h"

namespace mail_oauth::manifest {

struct ClientChoice {
  std::string provider;
  std::string client_id;
  std::string tenant;          ///< Empty: leaves what is there.
  std::string redirect_uri{};  ///< The one it was registered with. Empty: leaves what is there.
};

/// Writes `<folder>/<provider>.json`, which extends the lower manifest of the same id; other keys
/// that are there stay. Returns the path.
///
/// kConfig: an empty client id or control characters in a value, a redirect address that is neither
/// https nor http on this computer, or the file that is there is
/// broken or writable by others: it is not touched. kStorage: it could not be written.
Result<std::string> set_client(const std::string& folder, const ClientChoice& choice);

}  // namespace mail_oauth::manifest
