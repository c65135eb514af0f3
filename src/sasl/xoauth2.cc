// SPDX-License-Identifier: GPL-3.0-or-later
#include "sasl/xoauth2.h"

#include <charconv>
#include <optional>

#include "base/i18n.h"
#include "base/peer_text.h"
#include "codec/json.h"
#include "sasl/fields.h"

namespace mail_oauth::sasl {

namespace {

constexpr std::string_view kUser = "user=";
constexpr std::string_view kToken = "\1auth=Bearer ";
constexpr std::string_view kEnd = "\1\1";

/// Google writes it as a string, others as a number.
std::optional<int> status_of(const Json& json) {
  auto status = json.integer_at("status");
  if (const auto text = json.string_at("status")) {
    int number = 0;
    const char* const end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, number);
    if (read.ec == std::errc() && read.ptr == end) status = number;
  }
  if (!status || *status < 100 || *status > 999) return std::nullopt;
  return static_cast<int>(*status);
}

}  // namespace

Result<Secret> initial_response(std::string_view user, const AccessToken& token) {
  if (!fits_a_field(user)) {
    return make_error(
        Error::Kind::kConfig,
        _("The user name for the mail server is empty or holds a control character."));
  }
  if (!fits_a_field(token.reveal())) {
    return make_error(Error::Kind::kConfig,
                      _("The access token is empty or holds a control character."));
  }
  return Secret::join(kUser, user, kToken, token.reveal(), kEnd);
}

std::size_t encoded_size(std::string_view user, const AccessToken& token) {
  const std::size_t plain = kUser.size() + user.size() + kToken.size() + token.size() + kEnd.size();
  return (plain + 2) / 3 * 4;
}

Result<Refusal> parse_refusal(std::string_view challenge) {
  const auto json = Json::parse(challenge);
  const auto status = json ? status_of(*json) : std::nullopt;
  if (!status) {
    return make_error(Error::Kind::kProtocol,
                      _("The mail server refused the token, and its reason cannot be read."));
  }
  return Refusal{*status, peer_words(json->string_at("scope").value_or(""))};
}

}  // namespace mail_oauth::sasl
