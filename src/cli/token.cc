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

/// `closed`: how the session ended. A token whose heir is lost is good while it lasts, so it is
/// printed, and the loss is what the command fails with.
Result<void> print(const Invocation& invocation, const GrantKey& key, Protocol protocol,
                   const AccessToken& token, const Result<void>& closed) {
  if (!invocation.output.json()) {
    const auto printed = invocation.output.secret(token.reveal());
    return printed ? closed : printed;
  }
  Json object = json_object();
  object.set("grant", json_of(key));
  object.set("protocol", Json::of(protocol_word(protocol)));
  object.set("token_type", Json::of(std::string_view("Bearer")));
  object.set("access_token", Json::of(token.reveal()));
  if (!closed) object.set("error", json_of(closed.error()));
  const auto printed = invocation.output.last_secret_object(object);
  return printed ? closed : printed;
}

Result<void> run_token(const Invocation& invocation) {
  const auto asked = asked_protocol(invocation.arguments);
  if (!asked) return asked.error();
  const bool quiet = invocation.arguments.has("--no-prompt");
  Session session(invocation.providers, quiet ? Prompt::kNever : Prompt::kAllowed);
  const auto key = session.chosen(filter_of(invocation.arguments), Error::Kind::kReauthorize);
  if (!key) return key.error();
  const auto provider = invocation.providers.find(key->client.provider);
  const Protocol protocol = asked->value_or(any_protocol(provider));
  const auto broker = session.broker();
  if (!broker) return broker.error();
  const bool renew = invocation.arguments.has("--renew");
  const auto token = wait_for<AccessToken>(
      _("Waiting for the provider to renew the token. Ctrl-C ends."), [&](Done<AccessToken> done) {
        return renew ? (*broker)->renewed_token(*key, protocol, done)
                     : (*broker)->token(*key, protocol, done);
      });
  const auto closed = session.close();
  if (token) return print(invocation, *key, protocol, *token, closed);
  if (!closed) invocation.output.talk(closed.error().what);
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
  grammar.options.insert(
      grammar.options.begin(),
      {{"--protocol", "P", N_("what it is for: imap, pop or smtp")},
       {"--renew", nullptr,
        N_("renew it now, though it has not expired: it may have been revoked")}});
  grammar.options.push_back(
      {"--no-prompt", nullptr, N_("fail where the keyring would ask to be unlocked")});
  return {grammar, run_token, false};
}

}  // namespace mail_oauth::cli
