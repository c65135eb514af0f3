// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/json_reader.h"

#include <utility>

namespace mail_oauth {

bool JsonReader::key(string_t& name) {
  Level& level = levels_.back();
  repeated_key_ = !level.keys.insert(name).second;
  level.key = std::move(name);
  return !repeated_key_;
}

bool JsonReader::add(JsonValue value) {
  if (levels_.empty()) {
    root_ = std::move(value);
    return true;
  }
  Level& level = levels_.back();
  if (level.value.is_array()) {
    level.value.get_ref<JsonValue::array_t&>().push_back(std::move(value));
    return true;
  }
  // The base's emplace_back and not the map's emplace: that one looks for the key from the start
  // each time, which a hostile answer could turn into minutes. key() has seen to it that it is new.
  using Members = JsonValue::object_t::Container;
  static_cast<Members&>(level.value.get_ref<JsonValue::object_t&>())
      .emplace_back(std::move(level.key), std::move(value));
  return true;
}

bool JsonReader::open(JsonValue container) {
  too_deep_ = levels_.size() == kDepth;
  if (too_deep_) return false;
  levels_.push_back({std::move(container), {}, {}});
  return true;
}

bool JsonReader::close() {
  JsonValue whole = std::move(levels_.back().value);
  levels_.pop_back();
  return add(std::move(whole));
}

}  // namespace mail_oauth
