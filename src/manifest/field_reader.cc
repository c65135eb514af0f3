// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/field_reader.h"

#include <algorithm>

#include "base/i18n.h"
#include "manifest/json_pointer.h"
#include "oauth/metadata.h"

namespace mail_oauth::manifest {

namespace {

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string with_placeholders_filled(std::string url) {
  for (const std::string_view placeholder : {"{tenantid}", "{tenant}"}) {
    for (auto at = url.find(placeholder); at != std::string::npos; at = url.find(placeholder)) {
      url.replace(at, placeholder.size(), "tenant");
    }
  }
  return url;
}

/// A key may hold anything, an escape sequence for the terminal among it.
std::string shown(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

}  // namespace

void Report::add(const std::string& pointer, const std::string& problem) {
  if (error) return;
  error = make_error(Error::Kind::kConfig,
                     format("{}: {}: {}", {file, shown(pointer), shown(problem)}));
}

FieldReader::FieldReader(std::optional<Json> object, std::string pointer, Report& report)
    : object_(std::move(object)), pointer_(std::move(pointer)), report_(report) {}

std::string FieldReader::pointer(std::string_view key) const {
  return pointer_ + "/" + pointer_token(key);
}

void FieldReader::complain(std::string_view key, const std::string& problem) {
  report_.add(pointer(key), problem);
}

bool FieldReader::has(std::string_view key) const { return object_ && object_->has(key); }

std::optional<Json> FieldReader::take(std::string_view key, Json::Type type,
                                      const std::string& wanted) {
  read_.emplace_back(key);
  if (!object_) return std::nullopt;
  std::optional<Json> member = object_->at(key);
  if (member && member->type() != type) {
    complain(key, wanted);
    return std::nullopt;
  }
  return member;
}

std::string FieldReader::text(std::string_view key) {
  const auto member = take(key, Json::Type::kString, _("has to be a text."));
  if (!member) return {};
  std::string found = member->as_string().value_or("");
  if (found.empty()) complain(key, _("must not be empty."));
  if (has_control_character(found)) complain(key, _("must not hold control characters."));
  return found;
}

std::string FieldReader::word(std::string_view key, const std::vector<std::string_view>& words) {
  std::string found = text(key);
  if (found.empty() || std::find(words.begin(), words.end(), found) != words.end()) return found;
  std::string choice;
  for (const std::string_view word : words) {
    if (!choice.empty()) choice += ", ";
    choice += '"' + std::string(word) + '"';
  }
  complain(key, format(_("has to be one of {}."), {choice}));
  return {};
}

std::int64_t FieldReader::integer(std::string_view key, std::int64_t least, std::int64_t most,
                                  std::int64_t fallback) {
  const std::string wanted = format(_("has to be a whole number from {} to {}."),
                                    {std::to_string(least), std::to_string(most)});
  const auto member = take(key, Json::Type::kNumber, wanted);
  if (!member) return fallback;
  const auto found = member->as_integer();
  if (found && *found >= least && *found <= most) return *found;
  complain(key, wanted);
  return fallback;
}

bool FieldReader::flag(std::string_view key) {
  const auto member = take(key, Json::Type::kBoolean, _("has to be true or false."));
  return member && member->as_boolean().value_or(false);
}

std::vector<std::string> FieldReader::texts(std::string_view key) {
  const std::string wanted = _("has to be a list of texts.");
  const auto member = take(key, Json::Type::kArray, wanted);
  std::vector<std::string> found;
  if (!member) return found;
  for (const Json& item : member->items()) {
    const auto text = item.as_string();
    if (!text || text->empty() || has_control_character(*text)) {
      complain(key, wanted);
    } else {
      found.push_back(*text);
    }
  }
  return found;
}

FieldReader FieldReader::object(std::string_view key) {
  return FieldReader(take(key, Json::Type::kObject, _("has to be an object, {...}.")), pointer(key),
                     report_);
}

std::vector<std::string> FieldReader::keys() const {
  return object_ ? object_->keys() : std::vector<std::string>();
}

std::string FieldReader::endpoint(std::string_view key) {
  std::string found = text(key);
  if (!found.empty() && !oauth::acceptable_endpoint(with_placeholders_filled(found))) {
    complain(key, _("has to be an https:// address (http:// only on this computer)."));
  }
  return found;
}

std::string FieldReader::page(std::string_view key) {
  std::string found = text(key);
  const bool whole = found.size() > 8 && found.find(' ') == std::string::npos;
  if (!found.empty() && (found.rfind("https://", 0) != 0 || !whole)) {
    complain(key, _("has to be an https:// address."));
  }
  return found;
}

void FieldReader::finish() {
  for (const std::string& key : keys()) {
    if (std::find(read_.begin(), read_.end(), key) == read_.end()) {
      complain(key, _("is not a key that manifests have."));
    }
  }
}

}  // namespace mail_oauth::manifest
