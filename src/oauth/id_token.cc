// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/id_token.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/i18n.h"
#include "base/peer_text.h"
#include "codec/base64url.h"
#include "codec/json.h"
#include "oauth/authorization.h"

namespace mail_oauth::oauth {

namespace {

constexpr std::size_t kLongestName = 512;
constexpr std::int64_t kLatest = 9'000'000'000;  // the year 2255: later ones overflow WallTime
constexpr std::chrono::minutes kSlack{5};

/// The middle part of the JWS compact form (RFC 7515 section 7.1).
std::optional<Json> payload_of(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto bytes = base64url_decoded(token.substr(first + 1, second - first - 1));
  if (!bytes) return std::nullopt;
  auto json = Json::parse(*bytes);
  if (!json || !json->is_object()) return std::nullopt;
  return *std::move(json);
}

/// `aud` is one string or an array of them (section 2).
bool meant_for(const Json& payload, std::string_view client_id) {
  const auto audience = payload.at("aud");
  if (!audience) return false;
  if (audience->as_string() == client_id) return true;
  const std::vector<Json> all = audience->items();
  return std::any_of(all.begin(), all.end(),
                     [&](const Json& one) { return one.as_string() == client_id; });
}

bool usable(std::string_view name) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !name.empty() && name.size() <= kLongestName &&
         std::none_of(name.begin(), name.end(), control);
}

Error unreadable(const std::string& why) { return make_error(Error::Kind::kProtocol, why); }

/// Section 15.6.2: one large provider leaves the scheme out.
bool is_issuer(const Json& payload, const std::string& issuer) {
  const auto named = payload.string_at("iss");
  return named && (issuer_matches(issuer, *named) || issuer_matches(issuer, "https://" + *named));
}

bool for_this_client(const Json& payload, const std::string& client_id) {
  const bool listed = meant_for(payload, client_id);
  const auto party = payload.at("azp");
  return listed && (!party || party->as_string() == client_id);
}

/// Some servers write it with a fraction, which is no wish for more time.
bool ended(const Json& payload, WallTime now) {
  const auto end = payload.integer_at("exp");
  return end &&
         now >= WallTime(std::chrono::seconds(std::clamp<std::int64_t>(*end, 0, kLatest))) + kSlack;
}

std::string name_in(const Json& payload, const std::vector<std::string>& claims) {
  for (const std::string& claim : claims) {
    auto name = payload.string_at(claim);
    if (name && usable(*name)) return *std::move(name);
  }
  return {};
}

std::string subject_in(const Json& payload) {
  auto subject = payload.string_at("sub");
  return subject && usable(*subject) ? *std::move(subject) : std::string();
}

/// Empty: it fits.
std::string misfit(const Json& payload, const IdTokenRules& rules) {
  if (!for_this_client(payload, rules.client_id)) {
    return _("The provider's id_token is for another client id.");
  }
  if (!rules.issuer.empty() && !is_issuer(payload, rules.issuer)) {
    return format(_("The provider's id_token is from the issuer \"{1}\", and \"{2}\" was asked."),
                  {peer_words(payload.string_at("iss").value_or("")), rules.issuer});
  }
  if (!rules.nonce.empty() && payload.string_at("nonce") != rules.nonce) {
    return _("The provider's id_token belongs to another sign-in (nonce).");
  }
  if ((!rules.issuer.empty() && !payload.at("exp")) || ended(payload, rules.now)) {
    return _("The provider's id_token has expired.");
  }
  return {};
}

std::string list_of(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) {
    if (!list.empty()) list += ", ";
    list += word;
  }
  return list;
}

}  // namespace

Result<Person> person_of(std::string_view id_token, const IdTokenRules& rules,
                         const std::vector<std::string>& claims) {
  const auto payload = payload_of(id_token);
  if (!payload) return unreadable(_("The provider's id_token cannot be read."));
  if (const std::string why = misfit(*payload, rules); !why.empty()) return unreadable(why);
  Person person{name_in(*payload, claims), subject_in(*payload)};
  if (!person.name.empty()) return person;
  return unreadable(
      format(_("The provider's id_token does not say who signed in: it has none of {}. Where it "
               "says so elsewhere, name that in the manifest's \"identity_claims\"."),
             {list_of(claims)}));
}

Result<void> same_person(std::string_view id_token, const Provider& provider, Grant& grant) {
  if (id_token.empty() || provider.identity_claims.empty()) return {};
  const auto payload = payload_of(id_token);
  if (!payload) return {};
  const bool ours = for_this_client(*payload, grant.key.client.client) &&
                    (grant.issuer.empty() || is_issuer(*payload, grant.issuer));
  const std::string name = name_in(*payload, provider.identity_claims);
  const std::string subject = subject_in(*payload);
  const bool other = !grant.subject.empty() && !subject.empty() && subject != grant.subject;
  if (!ours || other) {
    return make_error(Error::Kind::kReauthorize,
                      format(_("The provider answered the renewal for {} with a token for somebody "
                               "else. It was not used."),
                             {grant.key.identity}),
                      "other-subject");
  }
  const bool nobody = name.empty() || grant.access_token.empty();
  const bool named = nobody || grant_key(grant.key.client, name) == grant.key;
  if (grant.subject.empty() && named) grant.subject = subject;
  return {};
}

bool asks_for_id_token(std::string_view scope) {
  constexpr std::string_view kWord = "openid";
  for (std::size_t at = scope.find(kWord); at != std::string_view::npos;
       at = scope.find(kWord, at + 1)) {
    const std::size_t end = at + kWord.size();
    const bool begins = at == 0 || scope[at - 1] == ' ';
    if (begins && (end == scope.size() || scope[end] == ' ')) return true;
  }
  return false;
}

}  // namespace mail_oauth::oauth
