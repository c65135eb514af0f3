// SPDX-License-Identifier: GPL-3.0-or-later
#include <optional>

#include "base/i18n.h"
#include "broker/renewal_request.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/wait.h"
#include "oauth/token_answer.h"

namespace mail_oauth::cli {

namespace {

// What can be said about a grant without asking its provider.
struct Standing {
  /// "fresh", "stale", "unusable", or "unknown" where its store failed; for --json.
  std::string state;
  std::string words;
  std::vector<Protocol> protocols;
  std::int64_t expires_at = 0;
};

Standing unusable(const std::string& why) { return {"unusable", why, {}, 0}; }

Standing standing_of(const Invocation& invocation, const Grant& grant, WallTime now) {
  auto found = invocation.providers.find(grant.key.client.provider);
  if (!found) return unusable(found.error().what);
  const auto provider = for_tenant(*std::move(found), grant.key.client.tenant);
  if (!provider) return unusable(provider.error().what);
  if (!same_authority(*provider, grant)) {
    return unusable(format(_("{} names another server than the sign-in came from: sign in again."),
                           {provider->file}));
  }
  if (grant.ended()) {
    return unusable(format(
        _("the provider ended the sign-in. Sign in again: mail-oauth login --provider {} {}"),
        {grant.key.client.provider, grant.key.identity}));
  }
  Standing standing;
  standing.expires_at = std::chrono::system_clock::to_time_t(grant.expires_at);
  for (const auto& scopes : provider->scopes.mail) {
    if (oauth::scope_serves(*provider, scopes.first, grant.scope)) {
      standing.protocols.push_back(scopes.first);
    }
  }
  const bool fresh = !grant.access_token.empty() && grant.expires_at > now;
  standing.state = fresh ? "fresh" : "stale";
  standing.words =
      fresh ? format(_("the access token is good until {}"), {local_time(grant.expires_at)})
            : std::string(_("the access token has expired and is renewed at its next use"));
  return standing;
}

Result<Standing> look_at(const Invocation& invocation, Session& session, const GrantKey& key) {
  auto grant = wait_for<std::optional<Grant>>(
      keyring_patience(),
      [&](Done<std::optional<Grant>> done) { return session.store().load(key, done); });
  if (!grant && unreadable_item(grant.error())) return unusable(grant.error().what);
  if (!grant) return grant.error();
  if (!*grant) return unusable(_("its item is no longer in the keyring"));
  return standing_of(invocation, **grant, session.clock().now());
}

Json json_of_standing(const GrantKey& key, const Standing& standing) {
  Json object = json_of(key);
  object.set("state", Json::of(standing.state));
  object.set("message", Json::of(standing.words));
  Json protocols = Json::array();
  for (const Protocol protocol : standing.protocols) {
    protocols.append(Json::of(protocol_word(protocol)));
  }
  object.set("protocols", std::move(protocols));
  if (standing.expires_at != 0) object.set("expires_at", Json::of(standing.expires_at));
  return object;
}

std::string line_of(const GrantKey& key, const Standing& standing) {
  std::string titles;
  for (const Protocol protocol : standing.protocols) {
    titles += (titles.empty() ? "" : ", ") + std::string(protocol_title(protocol));
  }
  if (titles.empty()) return described(key) + ": " + standing.words;
  return described(key) + ": " + titles + "; " + standing.words;
}

/// Each that can be looked at. One whose store fails leaves the others alone, and a keyring that is
/// locked is not asked again for the next one: it would ask the person again, too.
class Looking {
 public:
  Looking(const Invocation& invocation, Session& session)
      : invocation_(invocation), session_(session) {}

  Result<Standing> at(const GrantKey& key) {
    const bool kept_by_commands = session_.routed().by_commands(key);
    auto standing = !kept_by_commands && locked_ ? Result<Standing>(*locked_)
                                                 : look_at(invocation_, session_, key);
    if (standing) return standing;
    const Error& error = standing.error();
    if (error.kind == Error::Kind::kCancelled) return standing;
    if (!first_) first_ = error;
    if (!kept_by_commands && error.code == "locked") locked_ = error;
    return Standing{"unknown", error.what, {}, 0};
  }

  /// Why the first one could not be looked at.
  const std::optional<Error>& first_error() const { return first_; }

 private:
  const Invocation& invocation_;
  Session& session_;
  std::optional<Error> first_;
  std::optional<Error> locked_;
};

Result<void> run_status(const Invocation& invocation) {
  Session session(invocation.providers);
  const GrantFilter filter = filter_of(invocation.arguments);
  const auto grants = session.grants(filter.address);
  if (!grants) return grants.error();
  const auto shown = fitting(*grants, filter);
  if (shown.empty() && !filter.address.empty()) {
    return choose_grant(*grants, filter, Error::Kind::kReauthorize).error();
  }
  Json array = Json::array();
  Looking looking(invocation, session);
  for (const GrantKey& key : shown) {
    const auto standing = looking.at(key);
    if (!standing) return standing.error();
    if (shown.size() == 1 && looking.first_error()) return *looking.first_error();
    array.append(json_of_standing(key, *standing));
    if (!invocation.output.json()) invocation.output.data(line_of(key, *standing));
  }
  if (shown.empty()) invocation.output.talk(_("Nobody is signed in."));
  const auto& failed = looking.first_error();
  if (invocation.output.json()) {
    Json object = json_object();
    object.set("grants", std::move(array));
    if (failed) object.set("error", json_of(*failed));
    failed ? invocation.output.last_object(object) : invocation.output.object(object);
  }
  if (failed) return *failed;
  return {};
}

}  // namespace

Command status_command() {
  return {{"status", N_("[ADDRESS]"),
           N_("Says how long each token is good and what it serves. Asks nobody but the keyring."),
           narrowing_options(), 0, 1},
          run_status,
          false};
}

}  // namespace mail_oauth::cli
