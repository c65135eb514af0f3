// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/token_answer.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "base/i18n.h"
#include "base/peer_text.h"
#include "codec/json.h"
#include "codec/json_member.h"
#include "oauth/peer_error.h"

namespace mail_oauth::oauth {

namespace {

constexpr std::int64_t kDefaultLifetime = 3600;
constexpr std::int64_t kLongestLifetime = 10LL * 366 * 24 * 3600;

Error unexpected(int status) {
  Error error =
      make_error(Error::Kind::kProtocol,
                 format(_("Unexpected answer from the provider's token endpoint (status {})."),
                        {std::to_string(status)}));
  error.peer = Error::Peer::kProvider;
  error.details = {"unexpected-answer"};
  return error;
}

bool one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

Error::Kind kind_of(std::string_view code) {
  if (one_of(code, {"invalid_grant", "interaction_required", "consent_required", "login_required",
                    "INVALID_REFRESH_TOKEN"})) {
    return Error::Kind::kReauthorize;
  }
  if (one_of(code, {"temporarily_unavailable", "server_error"})) return Error::Kind::kTransient;
  if (one_of(code, {"invalid_client", "unauthorized_client", "invalid_scope",
                    "unsupported_grant_type", "invalid_request"})) {
    return Error::Kind::kConfig;
  }
  return Error::Kind::kRefused;
}

std::string sentence(Error::Kind kind, std::string_view code) {
  switch (kind) {
    case Error::Kind::kReauthorize:
      return _("The provider wants a new sign-in.");
    case Error::Kind::kTransient:
      return _("The provider cannot answer just now. Try again later.");
    case Error::Kind::kConfig:
      if (code == "invalid_client") {
        return _("The provider does not accept the client id or its secret.");
      }
      if (code == "invalid_scope") return _("The provider does not accept the scopes asked for.");
      return _("The provider does not accept this request from this client id.");
    default:
      return _("The provider refused to give a token.");
  }
}

/// Nothing at all: absent or null. A false second: of another type.
std::pair<Secret, bool> optional_text(const Json& json, std::string_view name) {
  const auto member = json.at(name);
  if (!member || member->type() == Json::Type::kNull) return {Secret(), true};
  auto text = json.secret_at(name);
  if (!text) return {Secret(), false};
  return {*std::move(text), true};
}

/// RFC 6749 appendix A.12 and A.17.
bool printable(std::string_view token) {
  return std::all_of(token.begin(), token.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// A number or, from some providers, a string. A lifetime that cannot be is taken as not said: a
/// token that counts as expired at once would be refreshed without end.
std::chrono::seconds lifetime(const Json& json) {
  const auto seconds = json.integer_or_text_at("expires_in");
  if (!seconds || *seconds <= 0) return std::chrono::seconds(kDefaultLifetime);
  return std::chrono::seconds(std::min(*seconds, kLongestLifetime));
}

/// Absent means bearer: some providers leave it out, and no other type is ever asked for.
bool is_bearer(const Json& json) {
  const auto [type, well_formed] = optional_text(json, "token_type");
  if (!well_formed) return false;
  constexpr std::string_view kBearer = "bearer";
  const std::string_view word = type.reveal();
  return word.empty() || std::equal(word.begin(), word.end(), kBearer.begin(), kBearer.end(),
                                    [](char a, char b) { return (a | 0x20) == b; });
}

bool success(int status) { return status >= 200 && status < 300; }

enum class Beside { kStrict, kLenient };

Result<Tokens> parse(int status, std::string_view body, Beside beside) {
  const auto json = Json::parse(body);
  if (!success(status) || !json || !json->has("access_token")) return classify_error(status, body);

  auto [access, access_is_text] = optional_text(*json, "access_token");
  auto [refresh, refresh_is_text] = optional_text(*json, "refresh_token");
  auto [id_token, id_token_is_text] = optional_text(*json, "id_token");
  auto [scope, scope_is_text] = optional_text(*json, "scope");
  const bool typed = access_is_text && refresh_is_text;
  const bool clean = printable(access.reveal()) && printable(refresh.reveal());
  if (!typed || !clean || access.empty() || !is_bearer(*json)) return unexpected(status);
  const bool beside_clean = id_token_is_text && scope_is_text && printable(id_token.reveal()) &&
                            printable(scope.reveal());
  if (!beside_clean && beside == Beside::kStrict) return unexpected(status);
  if (!scope_is_text || !printable(scope.reveal())) scope = Secret();
  if (!id_token_is_text || !printable(id_token.reveal())) id_token = Secret();

  Tokens tokens;
  tokens.access_token = AccessToken(std::move(access));
  tokens.refresh_token = RefreshToken(std::move(refresh));
  tokens.id_token = std::move(id_token);
  tokens.expires_in = lifetime(*json);
  tokens.scope = scope.reveal();
  return tokens;
}

}  // namespace

Result<Tokens> parse_tokens(int status, std::string_view body) {
  return parse(status, body, Beside::kStrict);
}

Result<Tokens> parse_renewal(int status, std::string_view body) {
  return parse(status, body, Beside::kLenient);
}

RefreshToken refresh_token_of(int status, std::string_view body) {
  if (!success(status)) return {};
  Secret token = last_text_at(body, "refresh_token");
  return printable(token.reveal()) ? RefreshToken(std::move(token)) : RefreshToken();
}

bool means_later(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

Error classify_error(int status, std::string_view body) {
  const auto json = Json::parse(body);
  const auto code = json ? json->string_at("error") : std::nullopt;
  const bool busy = means_later(status);
  if (!busy && (!code || code->empty())) return unexpected(status);

  Error error;
  error.kind = busy ? Error::Kind::kTransient : kind_of(*code);
  error.peer = Error::Peer::kProvider;
  error.what = sentence(error.kind, code.value_or(""));
  if (!code) return error;
  error.code = peer_code(*code);
  keep_details(error, *json);
  return error;
}

}  // namespace mail_oauth::oauth
