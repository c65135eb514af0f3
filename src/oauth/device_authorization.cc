// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/device_authorization.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/i18n.h"
#include "codec/json.h"
#include "oauth/metadata.h"
#include "oauth/token_answer.h"

namespace mail_oauth::oauth {

namespace {

constexpr std::int64_t kLongestLifetime = 24 * 3600;
constexpr std::size_t kLongestUserCode = 64;  // a person types it
constexpr std::size_t kLongestAddress = 2000;

Error unexpected(int status) {
  return make_error(Error::Kind::kProtocol,
                    format(_("Unexpected answer from the provider when asked for a code to sign in "
                             "with (status {})."),
                           {std::to_string(status)}));
}

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// Something that can be shown and opened. A fragment is the page's own affair.
bool acceptable_address(std::string_view address) {
  return address.size() <= kLongestAddress && printable(address) &&
         acceptable_endpoint(address.substr(0, address.find('#')));
}

std::string verification_address(const Json& json) {
  const auto standard = json.string_at("verification_uri");
  return standard ? *standard : json.string_at("verification_url").value_or("");
}

/// What the answer says when it is above zero, else what it starts from.
std::chrono::seconds span(const Json& json, std::string_view name, std::chrono::seconds span) {
  const auto given = json.integer_or_text_at(name);
  if (!given || *given <= 0) return span;
  return std::chrono::seconds(std::min(*given, kLongestLifetime));
}

Error refusal(int status, std::string_view body) {
  Error error = classify_error(status, body);
  if (error.kind == Error::Kind::kProtocol) return unexpected(status);
  if (error.code == "invalid_client" || error.code == "unauthorized_client") {
    error.what += std::string(" ") +
                  _("Registered applications often have to be allowed to sign in with a code "
                    "(\"public client flows\").");
  }
  return error;
}

}  // namespace

Result<DeviceAuthorization> parse_device_authorization(int status, std::string_view body) {
  const bool success = status >= 200 && status < 300;
  const auto json = Json::parse(body);
  if (!success || (json && json->at("error"))) return refusal(status, body);
  if (!json || !json->is_object()) return unexpected(status);
  auto device_code = json->secret_at("device_code");
  DeviceAuthorization answer;
  answer.user_code = json->string_at("user_code").value_or("");
  answer.verification_uri = verification_address(*json);
  const bool codes = device_code && !device_code->empty() && printable(device_code->reveal()) &&
                     !answer.user_code.empty() && answer.user_code.size() <= kLongestUserCode &&
                     printable(answer.user_code);
  if (!codes || !acceptable_address(answer.verification_uri)) return unexpected(status);
  answer.device_code = DeviceCode(*std::move(device_code));
  const std::string complete = json->string_at("verification_uri_complete").value_or("");
  if (acceptable_address(complete)) answer.verification_uri_complete = complete;
  answer.expires_in = span(*json, "expires_in", answer.expires_in);
  answer.interval = span(*json, "interval", answer.interval);
  return answer;
}

}  // namespace mail_oauth::oauth
