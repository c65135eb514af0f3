// SPDX-License-Identifier: GPL-3.0-or-later
//
// The strict reader behind Json::parse, and the value it builds. For json.cc only.
//
// Strings of the value, and those that the library makes on the way, are wiped when they are freed:
// token answers pass through here.
#pragma once

#define JSON_NOEXCEPTION 1
#define JSON_USE_IMPLICIT_CONVERSIONS 0
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret_arena.h"

namespace mail_oauth {

template <class T>
struct WipingAllocator : std::allocator<T> {
  using value_type = T;
  template <class U>
  struct rebind {
    using other = WipingAllocator<U>;
  };
  WipingAllocator() = default;
  template <class U>
  WipingAllocator(const WipingAllocator<U>&) {}
  void deallocate(T* block, std::size_t count) {
    wipe(block, count * sizeof(T));
    std::allocator<T>::deallocate(block, count);
  }
};

using WipedString = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

/// Keeps the order of keys, because people edit manifests.
using JsonValue = nlohmann::basic_json<nlohmann::ordered_map, std::vector, WipedString>;

/// Builds a JsonValue from the library's events and stops at the first thing that is not allowed.
class JsonReader {
 public:
  using string_t = WipedString;  // the library's name
  static constexpr std::size_t kDepth = 64;

  bool null() { return add(JsonValue(nullptr)); }
  bool boolean(bool flag) { return add(JsonValue(flag)); }
  bool number_integer(std::int64_t number) { return add(JsonValue(number)); }
  bool number_unsigned(std::uint64_t number) { return add(JsonValue(number)); }
  /// A template, because the library passes std::string from a part that we do not use.
  template <class Text>
  bool number_float(double number, const Text&) {
    return add(JsonValue(number));
  }
  bool string(string_t& text) { return add(JsonValue(std::move(text))); }
  bool binary(JsonValue::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(JsonValue::object()); }
  bool start_array(std::size_t) { return open(JsonValue::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(string_t& name);
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
    position_ = position;
    return false;
  }

  JsonValue take() { return std::move(root_); }
  std::size_t position() const { return position_; }
  bool repeated_key() const { return repeated_key_; }
  bool too_deep() const { return too_deep_; }

 private:
  struct Level {
    JsonValue value;
    WipedString key;
    std::set<WipedString> keys;
  };

  bool add(JsonValue value);
  bool open(JsonValue container);
  bool close();

  JsonValue root_;
  std::vector<Level> levels_;
  std::size_t position_ = 0;
  bool repeated_key_ = false;
  bool too_deep_ = false;
};

}  // namespace mail_oauth
