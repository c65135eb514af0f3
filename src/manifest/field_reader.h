// SPDX-License-Identifier: GPL-3.0-or-later
//
// Strict reads of one JSON object: a key of the wrong type and a key that nobody asked for are
// errors that name the file and the key by its JSON pointer (RFC 6901).
//
// The first error of a document is kept, and the reads go on with defaults. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "codec/json.h"

namespace mail_oauth::manifest {

/// One document, and what was wrong with it first.
struct Report {
  std::string file;
  std::optional<Error> error;

  /// kConfig: "file: /pointer: problem".
  void add(const std::string& pointer, const std::string& problem);
};

class FieldReader {
 public:
  /// Borrows `report`. `object` may be null: then every key is absent.
  FieldReader(std::optional<Json> object, std::string pointer, Report& report);

  bool has(std::string_view key) const;
  /// Absent: empty.
  std::string text(std::string_view key);
  /// One of `words`; absent: an empty string.
  std::string word(std::string_view key, const std::vector<std::string_view>& words);
  std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most,
                       std::int64_t fallback);
  bool flag(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  /// A member object; absent: a reader without keys.
  FieldReader object(std::string_view key);
  /// Keys of the object, for objects whose keys are free.
  std::vector<std::string> keys() const;

  /// An address of an authorization server: https, or http to loopback. "{tenant}" may stand in it.
  std::string endpoint(std::string_view key);
  /// A page for people: https.
  std::string page(std::string_view key);

  /// Every key that was not read is reported.
  void finish();

  std::string pointer(std::string_view key) const;
  void complain(std::string_view key, const std::string& problem);

 private:
  std::optional<Json> take(std::string_view key, Json::Type type, const std::string& wanted);

  std::optional<Json> object_;
  std::string pointer_;
  Report& report_;
  std::vector<std::string> read_;
};

}  // namespace mail_oauth::manifest
