// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/sign_out.h"

#include <algorithm>

#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/wait.h"

namespace mail_oauth::cli {

namespace {

using signin::SignedOut;
using signin::SignOut;

void print_json(const Output& output, const GrantKey& key, const SignedOut& out,
                const std::string& page) {
  Json object = json_object();
  object.set("signed_out", json_of(key));
  object.set("revoked", Json::of(out.revoked));
  if (out.not_revoked) object.set("not_revoked", json_of(*out.not_revoked));
  if (!out.revoked && !page.empty()) object.set("revocation_page", Json::of(page));
  output.object(object);
}

void print_words(const Output& output, const GrantKey& key, const SignedOut& out,
                 const std::string& page) {
  output.talk(format(_("Signed out: {}"), {described(key)}));
  if (out.revoked) return output.talk(_("The provider ended the sign-in, too."));
  output.talk(format(_("It could not be revoked at the provider: {}"),
                     {out.not_revoked ? out.not_revoked->what : std::string()}));
  output.talk(page.empty()
                  ? _("The tokens are gone from this computer. At the provider they are good until "
                      "they expire.")
                  : format(_("The tokens are gone from this computer. To end them at the "
                             "provider, too, use its page: {}"),
                           {page}));
}

Result<SignedOut> sign_out(Session& session, Broker& broker,
                           const std::optional<Provider>& provider, const GrantKey& key) {
  SignOut flow({session.store(), broker, session.http(), session.clock()}, provider, key,
               signin::metadata_folder());
  return wait_for<SignedOut>(_("Waiting for the provider. Ctrl-C ends."),
                             [&flow](Done<SignedOut> done) {
                               flow.start(done);
                               return Call();
                             });
}

/// What Ctrl-C ended, when it came after the grant was erased: then there is no way back.
Result<SignedOut> ended(Session& session, const GrantKey& key, const Error& why) {
  const auto left = session.grants();
  const bool there = !left || std::find(left->begin(), left->end(), key) != left->end();
  if (there || why.kind != Error::Kind::kCancelled) return why;
  SignedOut out;
  out.not_revoked = make_error(why.kind, _("you did not wait for the provider's answer."));
  return out;
}

Result<void> run_logout(const Invocation& invocation) {
  Session session(invocation.providers);
  const auto key = session.chosen_to_erase(filter_of(invocation.arguments));
  if (!key) return key.error();
  std::optional<Provider> provider;
  if (auto found = invocation.providers.find(key->client.provider)) provider = *std::move(found);
  const std::string page = provider ? provider->revocation_page : std::string();
  if (provider && provider->revocation_ends_other_devices) {
    invocation.output.talk(
        format(_("Note: at {}, this signs out your other devices, too."), {provider->name}));
  }
  const auto broker = session.broker();
  if (!broker) return broker.error();
  auto out = sign_out(session, **broker, provider, *key);
  const auto closed = session.close();
  if (!out) out = ended(session, *key, out.error());
  if (!out) return out.error();
  print_words(invocation.output, *key, *out, page);
  session.say_left_out();
  if (invocation.output.json()) print_json(invocation.output, *key, *out, page);
  return closed;
}

}  // namespace

Command logout_command() {
  return {{"logout", N_("ADDRESS"),
           N_("Ends a sign-in: revokes it where the provider offers that, and deletes its tokens."),
           narrowing_options(), 1, 1},
          run_logout,
          false};
}

}  // namespace mail_oauth::cli
