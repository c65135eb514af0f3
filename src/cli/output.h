// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the command says: data on standard output, talk on standard error; with --json, one object a
// line on standard output, {"v":1,...}.
//
// Names, errors and addresses come from foreign files and servers: control and formatting
// characters in them are shown as "?", so that nobody can write to the terminal through us. One
// thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "codec/json.h"
#include "oauth/grant.h"

namespace mail_oauth::cli {

/// "2026-01-31 14:05", in this computer's zone.
std::string local_time(WallTime time);

/// {"v":1}, to be filled.
Json json_object();
/// {"provider","client","tenant","identity"}
Json json_of(const GrantKey& key);
/// {"kind","message"} and, where known, {"code","correlation_id","details"}; what a person can do
/// about it as {"explanation":{"id","what","who","what_to_do","link"}}, without "id" and "link"
/// when nothing is known of the error.
Json json_of(const Error& error);

class Output {
 public:
  explicit Output(bool json) : json_(json) {}

  bool json() const { return json_; }

  /// A line of data; not for --json.
  void data(std::string_view line) const;
  /// Several lines of our own, such as a help.
  void text(std::string_view lines) const;
  /// The only way out for a token. kStorage: standard output did not take all of it.
  Result<void> secret(std::string_view token) const;
  /// One JSON object as a line.
  void object(const Json& object) const;
  /// The same for an object that holds the command's error, if there is one: error() then writes no
  /// other.
  void last_object(const Json& object) const;
  /// As last_object() and secret().
  Result<void> last_secret_object(const Json& object) const;

  /// kStorage: standard output did not take all that it was given, as on a full disk.
  Result<void> finish() const;

  /// For the person, on standard error; in --json mode too.
  void talk(std::string_view text) const;
  /// "mail-oauth: ..." on standard error, and the object with --json. `as_event`:
  /// {"event":"error"}.
  void error(const Error& error, bool as_event) const;

 private:
  bool json_;
  mutable bool complete_ = false;  ///< Nothing may follow on standard output.
};

/// True when a person watches standard error.
bool somebody_watches();

}  // namespace mail_oauth::cli
