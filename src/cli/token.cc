// SPDX-License-Identifier: GPL-3.0-or-later
#include <optional>

#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/wait.h"

namespace mail_oauth::cli {

namespace {

// Of --protocol; nothing when it was not given.
Result<std::optional<Protocol>> asked_protocol(const Arguments& arguments) {
  const std::string word = arguments.value("--protocol");
  const auto protocol = protocol_from_word(word);
  if (protocol || !arguments.has("--protocol")) return std::optional<Protocol>(protocol);
  return make_error(Error::Kind::kConfig,
                    format(_("\"{}\" is no protocol: use imap, pop or smtp."), {word}));
}

// One token serves all, so the first that the provider has.
Protocol any_protocol(const Result<Provider>& provider) {
  if (provider && !provider->scopes.mail.empty()) return provider->scopes.mail.begin()->first;
  return Protocol::kImap;
}

Result<void> print(const Invocation& invocation, const GrantKey& key, Protocol protocol,
                   const AccessToken& token) {
  if (!invocation.output.json()) return invocation.output.secret(token.reveal());
  Json object = json_object();
  object.set("grant", json_of(key));
  object.set("protocol", Json::of(protocol_word(protocol)));
  object.set("token_type", Json::of(std::string_view("Bearer")));
  object.set("access_token", Json::of(token.reveal()));
  return invocation.output.secret_object(object);
}

Result<void> run_token(const Invocation& invocation) {
  const auto asked = asked_protocol(invocation.arguments);
  if (!asked) return asked.error();
  Session session(invocation.providers);
  const auto grants = session.grants();
  if (!grants) return grants.error();
  const auto key =
      choose_grant(*grants, filter_of(invocation.arguments), Error::Kind::kReauthorize);
  if (!key) return key.error();
  const auto provider = invocation.providers.find(key->client.provider);
  const Protocol protocol = asked->value_or(any_protocol(provider));
  if (provider) session.trust(provider->ca_file);
  const auto broker = session.broker();
  if (!broker) return broker.error();
  const auto token = wait_for<AccessToken>(
      _("Waiting for the provider to renew the token. Ctrl-C ends."),
      [&](Done<AccessToken> done) { return (*broker)->token(*key, protocol, done); });
  Result<void> printed;
  if (token) printed = print(invocation, *key, protocol, *token);
  if (const auto closed = session.close(); !closed) invocation.output.talk(closed.error().what);
  if (token) return printed;
  Error error = token.error();
  if (error.kind == Error::Kind::kReauthorize) {
    error.what += "\n" + format(_("Sign in again: mail-oauth login --provider {} {}"),
                                {key->client.provider, key->identity});
  }
  return error;
}

}  // namespace

Command token_command() {
  Grammar grammar{"token",
                  N_("ADDRESS"),
                  N_("Prints an access token, renewed when it has to be. "
                     "Never opens a browser."),
                  narrowing_options(),
                  1,
                  1};
  grammar.options.insert(grammar.options.begin(),
                         {"--protocol", "P", N_("what it is for: imap, pop or smtp")});
  return {grammar, run_token, false};
}

}  // namespace mail_oauth::cli
