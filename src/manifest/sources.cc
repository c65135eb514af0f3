// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/sources.h"

#include <glib.h>

#include "base/i18n.h"
#include "manifest/field_reader.h"
#include "manifest/json_pointer.h"

namespace mail_oauth::manifest {

namespace {

// ISO 8601, the whole day: "2026-11-22".
bool is_day(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != kShape[i]) return false;
  }
  const auto number = [&text](std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(from, count)) value = value * 10 + (c - '0');
    return value;
  };
  const int month = number(5, 2);
  return month >= 1 && month <= 12 && number(0, 4) > 0 &&
         g_date_valid_dmy(static_cast<GDateDay>(number(8, 2)), static_cast<GDateMonth>(month),
                          static_cast<GDateYear>(number(0, 4)));
}

}  // namespace

Result<void> check_sources(const Json& document, const std::string& file) {
  Report report{file, {}};
  FieldReader root(document.duplicate(), "", report);
  FieldReader sources = root.object("sources");
  for (const std::string& pointer : sources.keys()) {
    if (pointer.empty() || pointer.rfind("/sources", 0) == 0 || !at_pointer(document, pointer)) {
      sources.complain(pointer, _("has to be the JSON pointer of a value in this file."));
    }
    FieldReader source = sources.object(pointer);
    for (const char* key : {"url", "seen", "status"}) {
      if (!source.has(key)) report.add(source.pointer(key), _("is missing."));
    }
    source.page("url");
    if (!is_day(source.text("seen"))) {
      source.complain("seen", _("has to be a day, such as \"2026-11-22\"."));
    }
    source.word("status", {"verified", "unverified"});
    source.finish();
  }
  if (report.error) return *report.error;
  return {};
}

std::optional<Source> source_of(const Json& document, std::string_view pointer) {
  const auto sources = document.at("sources");
  while (sources && !pointer.empty()) {
    if (const auto found = sources->at(pointer)) {
      return Source{found->string_at("url").value_or(""), found->string_at("seen").value_or(""),
                    found->string_at("status") == "verified"};
    }
    pointer = pointer.substr(0, pointer.rfind('/'));
  }
  return std::nullopt;
}

}  // namespace mail_oauth::manifest
