// SPDX-License-Identifier: GPL-3.0-or-later
//
// What went wrong, sorted by what the caller does about it.
//
// An Error holds no bytes that could be a secret: all of its texts are shown, logged and put into
// bug reports. Values; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mail_oauth {

struct Error {
  /// The exit code of the command for each stands beside it.
  enum class Kind {
    kInternal = 1,     ///< Our bug: "please report".
    kConfig = 2,       ///< Usage, account or manifest wrong: which field, which file.
    kReauthorize = 3,  ///< The token endpoint wants a new sign-in. Nobody else may say so.
    kCancelled = 4,    ///< Asked for.
    kTransient = 5,    ///< Network, TLS, time-out, 5xx, 429: try again later, keep the grant.
    kRefused = 6,      ///< A server said no for a reason that a sign-in does not mend.
    kStorage = 7,      ///< Keyring locked or absent, disk full, no lock folder.
    kProtocol = 8,     ///< The peer broke its specification.
  };

  /// Whose words and codes these are.
  enum class Peer { kNone, kProvider, kImap, kPop, kSmtp };

  Kind kind = Kind::kInternal;
  std::string what;            ///< One or two translated sentences that a person can act on.
  std::string code;            ///< The peer's own code, such as "invalid_grant"; may be empty.
  std::string correlation_id;  ///< What the provider's support asks for; may be empty.
  std::optional<std::chrono::seconds> retry_after;  ///< The peer's own wish, not yet capped.

  // Nothing may be decided by these: they choose the words of an explanation.
  Peer peer = Peer::kNone;
  std::string said;                  ///< In the peer's own words; may be empty.
  std::vector<std::string> details;  ///< Finer codes, such as "AADSTS50076" or a suberror.
};

/// A stable lower-case word for `--json`, such as "reauthorize".
const char* kind_name(Error::Kind kind);

/// The exit code of the command (design: cancelled 4, transient 5, ...).
inline int exit_code(Error::Kind kind) { return static_cast<int>(kind); }

inline Error make_error(Error::Kind kind, std::string what, std::string code = {}) {
  Error error;
  error.kind = kind;
  error.what = std::move(what);
  error.code = std::move(code);
  return error;
}

}  // namespace mail_oauth
