// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/line_reader.h"
#include "cli/session.h"
#include "cli/store_choice.h"
#include "cli/wait.h"
#include "manifest/folders.h"
#include "manifest/override_file.h"

namespace mail_oauth::cli {

namespace {

Result<void> store_secret(Session& session, const ClientKey& key, ClientSecret secret) {
  auto kept = std::make_shared<ClientSecret>(std::move(secret));
  return wait_for<void>(keyring_patience(), [&](Done<void> done) {
    return session.store().save_client_secret(key, std::move(*kept), done);
  });
}

// The secret goes first: a client id without its secret would only fail later.
Result<void> take_secret(const Invocation& invocation, const Provider& provider,
                         const ClientKey& key) {
  if (provider.client_secret == Presence::kForbidden) {
    return make_error(
        Error::Kind::kConfig,
        format(_("{} does not take a client secret from programs."), {provider.name}));
  }
  const EchoOff quiet;
  auto line = wait_for<Secret>(_("Waiting for the client secret on standard input. Ctrl-C ends."),
                               [](Done<Secret> done) { return read_line(done); });
  if (!line) return line.error();
  if (line->empty()) {
    return make_error(Error::Kind::kConfig, _("The client secret on standard input is empty."));
  }
  Session session(invocation.providers);
  if (const auto chosen = choose_store(invocation.arguments, {}, session); !chosen)
    return chosen.error();
  return store_secret(session, key, ClientSecret(*std::move(line)));
}

Result<void> run_client_set(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const std::string client = arguments.value("--client-id");
  const std::string tenant = arguments.value("--tenant");
  if (client.empty()) {
    return make_error(Error::Kind::kConfig,
                      _("--client-id is missing: the id of your registration."));
  }
  const auto provider = invocation.providers.find(arguments.operands[0]);
  if (!provider) return provider.error();
  const ClientKey key{provider->id, client, tenant.empty() ? provider->tenant : tenant};
  if (const auto filled = for_tenant(*provider, key.tenant); !filled) return filled.error();
  const std::string redirect = arguments.value("--redirect-uri");
  if (!redirect.empty() && provider->redirect.kind == RedirectKind::kLoopback) {
    return make_error(Error::Kind::kConfig,
                      format(_("For {} the browser comes back to this program by itself: leave "
                               "--redirect-uri out."),
                             {provider->name}));
  }
  const bool with_secret = arguments.has("--secret-stdin");
  if (with_secret) {
    if (const auto taken = take_secret(invocation, *provider, key); !taken) return taken.error();
  }
  const auto file =
      manifest::set_client(manifest::user_folder(), {provider->id, client, tenant, redirect});
  if (!file) return file.error();
  invocation.output.talk(format(_("Saved in {}"), {*file}));
  if (provider->client_secret == Presence::kRequired && !with_secret) {
    invocation.output.talk(
        format(_("{} wants a client secret, too. Unless it is stored already, run this again with "
                 "--secret-stdin."),
               {provider->name}));
  }
  const bool address_missing = provider->redirect.kind == RedirectKind::kRegistered &&
                               redirect.empty() && provider->redirect.uri.empty();
  if (address_missing) {
    invocation.output.talk(format(_("{} sends the browser only to the address that the client was "
                                    "registered with. Run this again with --redirect-uri."),
                                  {provider->name}));
  }
  if (!invocation.output.json()) return {};
  Json object = json_object();
  object.set("provider", Json::of(key.provider));
  object.set("client", Json::of(key.client));
  object.set("tenant", Json::of(key.tenant));
  object.set("file", Json::of(*file));
  object.set("secret_stored", Json::of(with_secret));
  invocation.output.object(object);
  return {};
}

}  // namespace

Command client_set_command() {
  Grammar grammar{
      "client set",
      N_("PROVIDER"),
      N_("Sets the client id that you (or your administrator) registered."),
      {{"--client-id", N_("ID"), N_("the id of the registered application")},
       {"--tenant", N_("T"), N_("the tenant (organization) it belongs to")},
       {"--redirect-uri", "URI",
        N_("the redirect address it was registered with, where the provider takes no other")},
       {"--secret-stdin", nullptr, N_("read a client secret from standard input (one line)")}},
      1,
      1};
  for (const Option& option : store_options()) grammar.options.push_back(option);
  return {grammar, run_client_set, false};
}

}  // namespace mail_oauth::cli
