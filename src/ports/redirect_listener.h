// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: the loopback address to which the browser brings the authorization answer (RFC 8252 7.3).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "oauth/provider.h"

namespace mail_oauth {

/// What the listener shows in the browser once an answer was taken.
struct RedirectVerdict {
  enum class Kind { kNotForUs, kSignedIn, kFailed };
  Kind kind = Kind::kNotForUs;  ///< kNotForUs: 404, and goes on listening.
  std::string title;            ///< Plain text, already translated.
  std::string text;
};

/// Asked for each well-formed GET to the expected path and Host, with its query (without "?").
using RedirectJudge = std::function<RedirectVerdict(std::string_view query)>;

/// Listens until destroyed. All on the GMainContext that was thread-default at listen().
class RedirectListener {
 public:
  virtual ~RedirectListener() = default;

  /// The redirect URI with the port that was bound, byte for byte for both requests.
  virtual std::string redirect_uri() const = 0;
};

class RedirectListenerFactory {
 public:
  virtual ~RedirectListenerFactory() = default;

  /// Bound when it returns. kConfig: the fixed port is taken (the text names it). kTransient: no
  /// loopback interface or no free port.
  virtual Result<std::unique_ptr<RedirectListener>> listen(const RedirectRule& rule,
                                                           RedirectJudge judge) = 0;
};

}  // namespace mail_oauth
