// SPDX-License-Identifier: GPL-3.0-or-later
//
// Typed reads of JSON: the one place that sees the JSON library, and where nothing throws.
//
// A Json is a borrowed or owned document; reads say what they found instead of converting silently.
// Not for sharing between threads.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace mail_oauth {

class Json {
 public:
  enum class Type { kNull, kBoolean, kNumber, kString, kArray, kObject };

  /// kProtocol when `text` is not JSON (RFC 8259), nests deeper than 64, or repeats a key; the text
  /// of the error says where (byte offset) and repeats nothing of the input.
  static Result<Json> parse(std::string_view text);

  static Json object();
  static Json array();
  static Json of(std::string_view text);
  static Json of(std::int64_t number);
  /// A template, so that neither a string literal nor an int is taken for a flag.
  template <std::same_as<bool> Flag>
  static Json of(Flag flag) {
    return of_boolean(flag);
  }

  Json(Json&&) noexcept;
  Json& operator=(Json&&) noexcept;
  ~Json();
  Json duplicate() const;

  Type type() const;
  bool is_object() const { return type() == Type::kObject; }

  /// Absent keys and other types give nothing.
  std::optional<std::string> string_at(std::string_view key) const;
  std::optional<Secret> secret_at(std::string_view key) const;
  std::optional<std::int64_t> integer_at(
      std::string_view key) const;  ///< A number without fraction.
  /// The same, or a string of its digits, as some servers send numbers.
  std::optional<std::int64_t> integer_or_text_at(std::string_view key) const;
  std::optional<bool> boolean_at(std::string_view key) const;
  bool has(std::string_view key) const;
  std::optional<Json> at(std::string_view key) const;  ///< A copy of the member.
  std::vector<std::string> keys() const;               ///< Of an object, in order.
  std::vector<Json> items() const;                     ///< Of an array, copies.

  /// This value itself.
  std::optional<std::string> as_string() const;
  std::optional<std::int64_t> as_integer() const;
  std::optional<bool> as_boolean() const;

  /// REQUIRES: an object / an array.
  void set(std::string_view key, Json value);
  void remove(std::string_view key);
  void append(Json value);

  /// Compact, UTF-8; broken UTF-8 becomes U+FFFD.
  std::string text() const;
  Secret secret_text() const;
  /// The same with every character that is not printable ASCII escaped, for terminals too: names
  /// may hold what steers one.
  std::string ascii_text() const;
  Secret secret_ascii_text() const;
  /// Two spaces a level, with a newline at the end, for files that people edit.
  std::string pretty_text() const;

 private:
  struct Document;
  explicit Json(std::unique_ptr<Document> document);
  static Json of_boolean(bool flag);
  std::unique_ptr<Document> document_;
};

}  // namespace mail_oauth
