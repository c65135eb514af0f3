// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/i18n.h"
#include "cli/commands.h"

namespace mail_oauth::cli {

namespace {

Json json_of_provider(const Provider& provider) {
  Json object = Json::object();
  object.set("id", Json::of(provider.id));
  object.set("name", Json::of(provider.name));
  object.set("file", Json::of(provider.file));
  object.set("client_id", Json::of(provider.client_id));
  object.set("tenant", Json::of(provider.tenant));
  Json protocols = Json::array();
  for (const auto& scopes : provider.scopes.mail) {
    protocols.append(Json::of(protocol_word(scopes.first)));
  }
  object.set("protocols", std::move(protocols));
  Json domains = Json::array();
  for (const std::string& domain : provider.domains) domains.append(Json::of(domain));
  object.set("domains", std::move(domains));
  return object;
}

Json json_of_broken(const manifest::Broken& broken) {
  Json object = Json::object();
  object.set("id", Json::of(broken.id));
  object.set("file", Json::of(broken.file));
  object.set("error", json_of(broken.error));
  return object;
}

Result<void> run(const Invocation& invocation) {
  const auto& catalog = invocation.catalog;
  for (const auto& broken : catalog.broken()) invocation.output.talk(broken.error.what);
  if (invocation.output.json()) {
    Json providers = Json::array();
    for (const Provider& provider : catalog.providers())
      providers.append(json_of_provider(provider));
    Json broken = Json::array();
    for (const auto& one : catalog.broken()) broken.append(json_of_broken(one));
    Json object = json_object();
    object.set("providers", std::move(providers));
    object.set("broken", std::move(broken));
    invocation.output.object(object);
    return {};
  }
  for (const Provider& provider : catalog.providers()) {
    const std::string client = provider.client_id.empty()
                                   ? std::string(_("no client id set"))
                                   : format(_("client {}"), {provider.client_id});
    invocation.output.data(
        format("{}  {}  ({}; {})", {provider.id, provider.name, client, provider.file}));
  }
  return {};
}

}  // namespace

Command providers_command() {
  return {{"providers",
           "",
           N_("Lists the providers that are known, and what is wrong with their files."),
           {},
           0,
           0},
          run,
          false};
}

}  // namespace mail_oauth::cli
