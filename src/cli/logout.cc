// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/sign_out.h"

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

Result<void> run_logout(const Invocation& invocation) {
  Session session(invocation.providers);
  const auto grants = session.grants();
  if (!grants) return grants.error();
  const auto key = choose_grant(*grants, filter_of(invocation.arguments), Error::Kind::kConfig);
  if (!key) return key.error();
  std::optional<Provider> provider;
  if (auto found = invocation.providers.find(key->client.provider)) provider = *std::move(found);
  const std::string page = provider ? provider->revocation_page : std::string();
  if (provider) session.trust(provider->ca_file);
  if (provider && provider->revocation_ends_other_devices) {
    invocation.output.talk(
        format(_("Note: at {}, this signs out your other devices, too."), {provider->name}));
  }
  const auto broker = session.broker();
  if (!broker) return broker.error();
  SignOut sign_out({session.store(), **broker, session.http(), session.clock()}, provider, *key,
                   signin::metadata_folder());
  const auto out = wait_for<SignedOut>(_("Waiting for the provider. Ctrl-C ends."),
                                       [&sign_out](Done<SignedOut> done) {
                                         sign_out.start(done);
                                         return Call();
                                       });
  if (!out) return out.error();
  print_words(invocation.output, *key, *out, page);
  if (invocation.output.json()) print_json(invocation.output, *key, *out, page);
  return {};
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
