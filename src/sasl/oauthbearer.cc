// SPDX-License-Identifier: GPL-3.0-or-later
#include "sasl/oauthbearer.h"

#include "base/i18n.h"
#include "base/peer_text.h"
#include "codec/json.h"
#include "sasl/fields.h"

namespace mail_oauth::sasl::oauthbearer {

namespace {

/// The saslname of GS2 (RFC 5801 section 4).
std::string saslname(std::string_view user) {
  std::string name;
  for (const char c : user) {
    if (c == '=') {
      name += "=3D";
    } else if (c == ',') {
      name += "=2C";
    } else {
      name += c;
    }
  }
  return name;
}

std::string https_only(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  const bool plain = url.find_first_of(" \"<>\\") == std::string_view::npos && !holds_control(url);
  return plain && url.substr(0, kScheme.size()) == kScheme ? std::string(url) : std::string();
}

Error unusable(const char* what) { return make_error(Error::Kind::kConfig, what); }

}  // namespace

Result<Secret> initial_response(const Login& login, const AccessToken& token) {
  if (!fits_a_field(login.user)) {
    return unusable(_("The user name for the mail server is empty or holds a control character."));
  }
  if (!fits_a_field(token.reveal())) {
    return unusable(_("The access token is empty or holds a control character."));
  }
  if (holds_control(login.host) || login.port < 0 || login.port > 65535) {
    return unusable(_("The name or the port of the mail server is not one."));
  }
  std::string fields = "n,a=" + saslname(login.user) + ",\1";
  if (!login.host.empty()) fields += "host=" + std::string(login.host) + "\1";
  if (login.port > 0) fields += "port=" + std::to_string(login.port) + "\1";
  return Secret::join(fields, "auth=Bearer ", token.reveal(), "\1\1");
}

Result<std::size_t> encoded_size(const Login& login, const AccessToken& token) {
  const auto response = initial_response(login, token);
  if (!response) return response.error();
  return (response->size() + 2) / 3 * 4;
}

Result<Refusal> parse_refusal(std::string_view challenge) {
  const auto json = Json::parse(challenge);
  const auto status = json ? json->string_at("status") : std::nullopt;
  if (!status || status->empty()) {
    return make_error(Error::Kind::kProtocol,
                      _("The mail server refused the token, and its reason cannot be read."));
  }
  Refusal refusal;
  refusal.status = peer_code(*status);
  refusal.scope = peer_words(json->string_at("scope").value_or(""));
  refusal.openid_configuration = https_only(json->string_at("openid-configuration").value_or(""));
  return refusal;
}

}  // namespace mail_oauth::sasl::oauthbearer
