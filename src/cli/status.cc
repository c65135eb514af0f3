// SPDX-License-Identifier: GPL-3.0-or-later
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
  std::string state;  ///< "fresh", "stale" or "unusable", for --json.
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
      _("Waiting for the keyring. Ctrl-C ends."),
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

Result<void> run_status(const Invocation& invocation) {
  Session session(invocation.providers);
  const auto grants = session.grants();
  if (!grants) return grants.error();
  const GrantFilter filter = filter_of(invocation.arguments);
  const auto shown = fitting(*grants, filter);
  if (shown.empty() && !filter.address.empty()) {
    return choose_grant(*grants, filter, Error::Kind::kReauthorize).error();
  }
  Json array = Json::array();
  for (const GrantKey& key : shown) {
    const auto standing = look_at(invocation, session, key);
    if (!standing) return standing.error();
    array.append(json_of_standing(key, *standing));
    if (!invocation.output.json()) invocation.output.data(line_of(key, *standing));
  }
  if (shown.empty()) invocation.output.talk(_("Nobody is signed in."));
  if (!invocation.output.json()) return {};
  Json object = json_object();
  object.set("grants", std::move(array));
  invocation.output.object(object);
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
