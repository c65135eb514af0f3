// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/grant.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/i18n.h"
#include "codec/json.h"

namespace mail_oauth {

namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::int64_t kLatest = 9'000'000'000;  // the year 2255: later ones overflow WallTime
constexpr std::array<std::string_view, 15> kFields = {"v",
                                                      "refresh_token",
                                                      "access_token",
                                                      "expires_at",
                                                      "received_at",
                                                      "ended_at",
                                                      "signed_in_at",
                                                      "sign_in",
                                                      "renewals",
                                                      "scope",
                                                      "token_endpoint",
                                                      "issuer",
                                                      "subject",
                                                      "revocation_endpoint",
                                                      "client_secret_basic"};

bool known(std::string_view name) {
  return std::find(kFields.begin(), kFields.end(), name) != kFields.end();
}

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool clean(std::string_view text) { return std::none_of(text.begin(), text.end(), control); }

/// Empty when absent; nothing when it is no string or holds control characters.
std::optional<Secret> field(const Json& item, std::string_view name) {
  if (!item.has(name)) return Secret();
  auto text = item.secret_at(name);
  if (!text || !clean(text->reveal())) return std::nullopt;
  return text;
}

std::optional<WallTime> time_of(const Json& item, std::string_view name) {
  const auto present = item.at(name);
  if (!present) return WallTime{};
  const auto seconds = present->as_integer();
  if (!seconds) return std::nullopt;
  return WallTime{std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 0, kLatest))};
}

Json unix_seconds(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return Json::of(std::int64_t{seconds.time_since_epoch().count()});
}

Secret unknown_of(Json item) {
  for (const std::string_view name : kFields) item.remove(name);
  return item.keys().empty() ? Secret() : item.secret_text();
}

Error damaged(const GrantKey& key) {
  return make_error(
      Error::Kind::kStorage,
      format(_("The stored sign-in of {} is damaged. Sign in again."), {key.identity}), "damaged");
}

}  // namespace

GrantKey grant_key(ClientKey client, std::string identity) {
  for (char& c : identity) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return {std::move(client), std::move(identity)};
}

bool unreadable_item(const Error& error) {
  return error.kind == Error::Kind::kStorage &&
         (error.code == "damaged" || error.code == "later-version");
}

Grant Grant::duplicate() const {
  Grant copy;
  copy.key = key;
  copy.refresh_token = refresh_token.duplicate();
  copy.access_token = access_token.duplicate();
  copy.expires_at = expires_at;
  copy.received_at = received_at;
  copy.ended_at = ended_at;
  copy.signed_in_at = signed_in_at;
  copy.sign_in = sign_in;
  copy.renewals = renewals;
  copy.scope = scope;
  copy.token_endpoint = token_endpoint;
  copy.issuer = issuer;
  copy.revocation_endpoint = revocation_endpoint;
  copy.subject = subject;
  copy.client_secret_basic = client_secret_basic;
  copy.unknown_fields = unknown_fields.duplicate();
  return copy;
}

Secret encode_item(const Grant& grant) {
  Json item = Json::object();
  item.set("v", Json::of(kVersion));
  item.set("refresh_token", Json::of(grant.refresh_token.reveal()));
  item.set("access_token", Json::of(grant.access_token.reveal()));
  item.set("expires_at", unix_seconds(grant.expires_at));
  if (grant.received_at != WallTime{}) item.set("received_at", unix_seconds(grant.received_at));
  if (grant.ended_at != WallTime{}) item.set("ended_at", unix_seconds(grant.ended_at));
  if (grant.signed_in_at != WallTime{}) item.set("signed_in_at", unix_seconds(grant.signed_in_at));
  if (!grant.sign_in.empty()) item.set("sign_in", Json::of(grant.sign_in));
  if (grant.renewals != 0) item.set("renewals", Json::of(grant.renewals));
  item.set("scope", Json::of(grant.scope));
  item.set("token_endpoint", Json::of(grant.token_endpoint));
  item.set("issuer", Json::of(grant.issuer));
  if (!grant.revocation_endpoint.empty()) {
    item.set("revocation_endpoint", Json::of(grant.revocation_endpoint));
  }
  if (!grant.subject.empty()) item.set("subject", Json::of(grant.subject));
  if (grant.client_secret_basic) item.set("client_secret_basic", Json::of(true));
  if (grant.unknown_fields.empty()) return item.secret_text();
  const auto unknown = Json::parse(grant.unknown_fields.reveal());
  if (!unknown) return item.secret_text();
  for (const std::string& name : unknown->keys()) {
    if (!known(name)) item.set(name, *unknown->at(name));
  }
  return item.secret_text();
}

Result<Grant> decode_item(const GrantKey& key, std::string_view text) {
  auto item = Json::parse(text);
  if (!item || !item->is_object()) return damaged(key);
  const auto version = item->integer_at("v");
  if (!version || *version < kVersion) return damaged(key);
  if (*version > kVersion) {
    return make_error(
        Error::Kind::kStorage,
        format(_("The sign-in of {} was stored by a later version of this program. Update it, or "
                 "sign in again."),
               {key.identity}),
        "later-version");
  }
  auto refresh = field(*item, "refresh_token");
  auto access = field(*item, "access_token");
  const auto expires = time_of(*item, "expires_at");
  const auto received = time_of(*item, "received_at");
  const auto ended = time_of(*item, "ended_at");
  // Not worth a grant when it is wrong.
  const auto signed_in = time_of(*item, "signed_in_at").value_or(WallTime{});
  const auto sign_in = field(*item, "sign_in").value_or(Secret());
  const auto scope = field(*item, "scope");
  const auto endpoint = field(*item, "token_endpoint");
  const auto issuer = field(*item, "issuer");
  const auto revocation = field(*item, "revocation_endpoint");
  const auto subject = field(*item, "subject");
  if (!refresh || refresh->empty() || !access || !expires || !received || !ended || !scope ||
      !endpoint || !issuer || !revocation || !subject) {
    return damaged(key);
  }
  Grant grant;
  grant.key = key;
  grant.refresh_token = RefreshToken(*std::move(refresh));
  grant.access_token = AccessToken(*std::move(access));
  grant.expires_at = *expires;
  grant.received_at = *received;
  grant.ended_at = *ended;
  grant.signed_in_at = signed_in;
  grant.sign_in = sign_in.reveal();
  grant.renewals = std::max<std::int64_t>(item->integer_at("renewals").value_or(0), 0);
  grant.scope = scope->reveal();
  grant.token_endpoint = endpoint->reveal();
  grant.issuer = issuer->reveal();
  grant.revocation_endpoint = revocation->reveal();
  grant.subject = subject->reveal();
  grant.client_secret_basic = item->boolean_at("client_secret_basic").value_or(false);
  grant.unknown_fields = unknown_of(*std::move(item));
  return grant;
}

}  // namespace mail_oauth
