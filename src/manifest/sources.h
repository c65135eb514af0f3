// SPDX-License-Identifier: GPL-3.0-or-later
//
// "sources": where the values of a manifest were found, and how sure each is. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/json.h"
#include "manifest/field_reader.h"

namespace mail_oauth::manifest {

struct Source {
  std::string url;   ///< https.
  std::string seen;  ///< "2026-11-22".
  bool verified = false;
};

/// Complains about a source that is not {"url","seen","status"}, is no real day, or whose pointer
/// names nothing in `document`.
void read_sources(FieldReader& root, const Json& document, Report& report);

/// The source of a value in one file: its own, or that of the nearest object around it.
/// REQUIRES: a document that read_sources took.
std::optional<Source> source_of(const Json& document, std::string_view pointer);

}  // namespace mail_oauth::manifest
