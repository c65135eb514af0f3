// SPDX-License-Identifier: GPL-3.0-or-later
//
// "sources": where the values of a manifest were found, and how sure each is. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "codec/json.h"

namespace mail_oauth::manifest {

struct Source {
  std::string url;   ///< https.
  std::string seen;  ///< "2026-11-22".
  bool verified = false;
};

/// For who shows them; loading a provider does not look. kConfig, as read_provider's: a source that
/// is not {"url","seen","status"}, is no real day, or whose pointer names nothing in `document`.
Result<void> check_sources(const Json& document, const std::string& file);

/// The source of a value in one file: its own, or that of the nearest object around it.
/// REQUIRES: a document that check_sources took.
std::optional<Source> source_of(const Json& document, std::string_view pointer);

}  // namespace mail_oauth::manifest
