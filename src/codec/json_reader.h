// SPDX-License-Identifier: GPL-3.0-or-later
//
// The strict reader behind Json::parse, and the value it builds. For json.cc only.
//
// Strings of the value, and those that the library makes on the way, are wiped when they are freed:
// token answers pass through here. So is what the library keeps of the text for its errors: a
// vector of the bytes it is given, for which reason it is given bytes of our own type.
#pragma once

#define JSON_NOEXCEPTION 1
#define JSON_USE_IMPLICIT_CONVERSIONS 0
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
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

/// A byte of the text. As a character it is "?": only the library's error texts ask for that, which
/// would be strings with a piece of the text, freed unwiped.
class ReadByte {
 public:
  ReadByte() = default;
  explicit constexpr ReadByte(int byte) : byte_(static_cast<unsigned char>(byte)) {}
  explicit constexpr operator unsigned char() const { return byte_; }
  explicit constexpr operator char() const { return '?'; }
  constexpr bool operator==(const ReadByte&) const = default;

 private:
  unsigned char byte_ = 0;
};

}  // namespace mail_oauth

/// What a vector of them takes.
template <>
struct std::allocator<mail_oauth::ReadByte> : mail_oauth::WipingAllocator<char> {
  using value_type = mail_oauth::ReadByte;
  template <class U>
  struct rebind {
    using other = std::allocator<U>;
  };
  allocator() = default;
  template <class U>
  allocator(const std::allocator<U>&) {}
  value_type* allocate(std::size_t count) {
    return static_cast<value_type*>(static_cast<void*>(WipingAllocator<char>::allocate(count)));
  }
  void deallocate(value_type* block, std::size_t count) {
    WipingAllocator<char>::deallocate(static_cast<char*>(static_cast<void*>(block)), count);
  }
};

/// What the library asks of them: as std::char_traits<char> answers for an unsigned char.
template <>
struct std::char_traits<mail_oauth::ReadByte> {
  using char_type = mail_oauth::ReadByte;
  using int_type = int;
  static constexpr int_type to_int_type(char_type byte) { return static_cast<unsigned char>(byte); }
  static constexpr char_type to_char_type(int_type number) { return char_type(number); }
  static constexpr int_type eof() { return -1; }
};

namespace mail_oauth {

/// Walks over text that somebody else keeps.
class ReadBytes {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = ReadByte;
  using difference_type = std::ptrdiff_t;
  using pointer = const ReadByte*;
  using reference = ReadByte;

  explicit ReadBytes(const char* at) : at_(at) {}
  ReadByte operator*() const { return ReadByte(*at_); }
  ReadBytes& operator++() {
    ++at_;
    return *this;
  }
  ReadBytes operator++(int) {
    const ReadBytes before = *this;
    ++at_;
    return before;
  }
  bool operator==(const ReadBytes&) const = default;

 private:
  const char* at_;
};

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
