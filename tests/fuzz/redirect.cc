// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a browser, or anybody else on this machine, sends to the loopback listener.
#include <variant>

#include "desktop/redirect_request.h"
#include "fuzz/targets.h"
#include "oauth/authorization.h"

namespace mail_oauth::fuzz {

void redirect(std::string_view bytes) {
  const auto read = desktop::read_request(bytes);
  const auto* request = std::get_if<desktop::RedirectRequest>(&read);
  const std::string_view query = request ? request->query : bytes;
  const oauth::ExpectedRedirect expected{"s1", "https://login.example.com", Presence::kRequired};
  const auto code = oauth::parse_redirect(query, expected);
  if (!code) return promise_fit(code.error());
  promise(oauth::carries_state(query, "s1"), "a code comes with our state only");
  promise(query.find("iss=") != std::string_view::npos || query.find('%') != std::string_view::npos,
          "a code comes with the issuer where it is required");
  promise(!code->empty(), "a code is not empty");
}

}  // namespace mail_oauth::fuzz
