// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/json_pointer.h"

#include <algorithm>
#include <utility>

namespace mail_oauth::manifest {

namespace {

// Section 4: "~1" before "~0", so that "~01" is "~1". Nothing for another escape.
std::optional<std::string> key_of(std::string_view token) {
  std::string key;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      key += token[i];
      continue;
    }
    ++i;
    if (i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
    key += token[i] == '1' ? '/' : '~';
  }
  return key;
}

// Section 4: digits without a leading zero.
std::optional<Json> item_at(const Json& array, const std::string& digits) {
  const auto items = array.items();
  for (std::size_t index = 0; index < items.size(); ++index) {
    if (std::to_string(index) == digits) return items[index].duplicate();
  }
  return std::nullopt;
}

void collect(const Json& object, const std::string& prefix, std::vector<std::string>& found) {
  for (const std::string& key : object.keys()) {
    const auto member = object.at(key);
    const std::string pointer = prefix + "/" + pointer_token(key);
    if (member && member->is_object() && !member->keys().empty()) {
      collect(*member, pointer, found);
    } else {
      found.push_back(pointer);
    }
  }
}

}  // namespace

std::string pointer_token(std::string_view key) {
  std::string token;
  for (const char c : key) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

std::optional<Json> at_pointer(const Json& document, std::string_view pointer) {
  if (pointer.empty()) return document.duplicate();
  const Json* here = &document;  // a copy of it all for each source would cost most of the start
  std::optional<Json> found;
  while (!pointer.empty()) {
    if (pointer[0] != '/') return std::nullopt;
    pointer.remove_prefix(1);
    const auto key = key_of(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(std::min(pointer.find('/'), pointer.size()));
    if (!key) return std::nullopt;
    auto next = here->type() == Json::Type::kArray ? item_at(*here, *key) : here->at(*key);
    if (!next) return std::nullopt;
    found = std::move(next);
    here = &*found;
  }
  return found;
}

std::vector<std::string> leaf_pointers(const Json& object) {
  std::vector<std::string> found;
  collect(object, "", found);
  return found;
}

}  // namespace mail_oauth::manifest
