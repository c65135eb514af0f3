// SPDX-License-Identifier: GPL-3.0-or-later
//
// What mail servers say to a token, and what names may do to our answer.
#include <algorithm>

#include "etpan/mechanism.h"
#include "fuzz/targets.h"
#include "sasl/oauthbearer.h"
#include "sasl/xoauth2.h"

namespace mail_oauth::fuzz {

namespace {

auto ends_of_fields(const Secret& response) {
  const auto bytes = response.reveal();
  return std::count(bytes.begin(), bytes.end(), '\1');
}

}  // namespace

void sasl_challenge(std::string_view bytes) {
  if (const auto refusal = sasl::parse_refusal(bytes)) {
    promise(refusal->status >= 100 && refusal->status <= 999, "a status of three digits");
    promise(fit_to_show(refusal->scope), "a scope is fit to be shown");
  } else {
    promise_fit(refusal.error());
  }
  if (const auto refusal = sasl::oauthbearer::parse_refusal(bytes)) {
    promise(fit_to_show(refusal->status) && fit_to_show(refusal->scope),
            "words are fit to be shown");
    promise(refusal->openid_configuration.empty() ||
                refusal->openid_configuration.rfind("https://", 0) == 0,
            "an https address or none");
    promise(fit_to_show(refusal->openid_configuration), "an address is fit to be shown");
  } else {
    promise_fit(refusal.error());
  }
  for (const auto mechanism : {Mechanism::kXoauth2, Mechanism::kOauthbearer}) {
    const auto read = etpan::read_challenge(mechanism, bytes);
    const auto decoded = etpan::read_encoded_challenge(mechanism, bytes);
    promise(fit_to_show(read.code) && fit_to_show(read.scope), "a challenge is fit to be shown");
    promise(fit_to_show(decoded.code) && fit_to_show(decoded.scope), "so is an encoded one");
  }
}

void sasl_response(std::string_view bytes) {
  const auto user = take_line(bytes);
  const auto host = take_line(bytes);
  const AccessToken token{Secret(bytes)};
  if (const auto response = sasl::initial_response(user, token)) {
    promise(ends_of_fields(*response) == 3, "XOAUTH2 has its three field ends and no more");
  } else {
    promise_fit(response.error());
  }
  if (const auto response = sasl::oauthbearer::initial_response({user, host, 993}, token)) {
    const auto fields = host.empty() ? 4 : 5;
    promise(ends_of_fields(*response) == fields, "OAUTHBEARER has its own field ends and no more");
    const auto header = response->reveal().substr(0, response->reveal().find('\1'));
    promise(std::count(header.begin(), header.end(), ',') == 2, "the user ends no part");
  } else {
    promise_fit(response.error());
  }
}

}  // namespace mail_oauth::fuzz
