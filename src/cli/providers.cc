// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/i18n.h"
#include "cli/commands.h"
#include "manifest/folders.h"
#include "manifest/values.h"

namespace mail_oauth::cli {

namespace {

using manifest::Value;

Json json_of_value(const Value& value) {
  Json object = Json::object();
  object.set("pointer", Json::of(value.pointer));
  object.set("value", value.value.duplicate());
  object.set("file", Json::of(value.file));
  if (!value.source) return object;
  Json source = Json::object();
  source.set("url", Json::of(value.source->url));
  source.set("seen", Json::of(value.source->seen));
  source.set("status",
             Json::of(std::string_view(value.source->verified ? "verified" : "unverified")));
  object.set("source", std::move(source));
  return object;
}

Json json_of_texts(const std::vector<std::string>& texts) {
  Json array = Json::array();
  for (const std::string& text : texts) array.append(Json::of(text));
  return array;
}

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
  object.set("domains", json_of_texts(provider.domains));
  return object;
}

Json json_of_template(const manifest::Template& one) {
  Json object = Json::object();
  object.set("id", Json::of(one.id));
  object.set("name", Json::of(one.name));
  object.set("file", Json::of(one.file));
  return object;
}

Json json_of_broken(const manifest::Broken& broken) {
  Json object = Json::object();
  object.set("id", Json::of(broken.id));
  object.set("file", Json::of(broken.file));
  object.set("error", json_of(broken.error));
  return object;
}

// The values of one provider, read again; nothing when its files changed for the worse meanwhile.
std::vector<Value> values_of(const std::string& id) {
  auto values = manifest::values_of(manifest::standard_folders(), id);
  return values ? *std::move(values) : std::vector<Value>();
}

std::string where_from(const Value& value) {
  if (!value.source) return format(_("{} names no source"), {value.file});
  return format(
      value.source->verified ? _("{1}; seen {2} at {3}") : _("UNVERIFIED, {1}; seen {2} at {3}"),
      {value.file, value.source->seen, value.source->url});
}

bool wanted(const Arguments& arguments, const std::string& id) {
  return arguments.operands.empty() || arguments.operands[0] == id;
}

void print_json(const Invocation& invocation, bool verbose) {
  const auto& catalog = invocation.providers.all();
  const auto add = [&](Json& list, const std::string& id, Json object) {
    if (!wanted(invocation.arguments, id)) return;
    if (verbose) {
      Json values = Json::array();
      for (const Value& value : values_of(id)) values.append(json_of_value(value));
      object.set("values", std::move(values));
    }
    list.append(std::move(object));
  };
  Json providers = Json::array();
  for (const Provider& provider : catalog.providers()) {
    add(providers, provider.id, json_of_provider(provider));
  }
  Json templates = Json::array();
  for (const auto& one : catalog.templates()) add(templates, one.id, json_of_template(one));
  Json broken = Json::array();
  for (const auto& one : catalog.broken()) broken.append(json_of_broken(one));
  Json object = json_object();
  object.set("providers", std::move(providers));
  object.set("templates", std::move(templates));
  object.set("broken", std::move(broken));
  invocation.output.object(object);
}

void print_text(const Invocation& invocation, bool verbose) {
  const Output& output = invocation.output;
  const auto line = [&](const std::string& id, const std::string& name, const std::string& state,
                        const std::string& file) {
    if (!wanted(invocation.arguments, id)) return;
    output.data(format("{}  {}  ({}; {})", {id, name, state, file}));
    if (!verbose) return;
    for (const Value& value : values_of(id)) {
      output.data(format("  {}  {}", {value.pointer, value.value.text()}));
      output.data("      " + where_from(value));
    }
  };
  for (const Provider& provider : invocation.providers.all().providers()) {
    const std::string client = provider.client_id.empty()
                                   ? std::string(_("no client id set"))
                                   : format(_("client {}"), {provider.client_id});
    line(provider.id, provider.name, client, provider.file);
  }
  for (const auto& one : invocation.providers.all().templates()) {
    line(one.id, one.name, _("a template, to be extended"), one.file);
  }
}

bool is_template(const manifest::Catalog& catalog, const std::string& id) {
  for (const auto& one : catalog.templates()) {
    if (one.id == id) return true;
  }
  return false;
}

Result<void> run_providers(const Invocation& invocation) {
  const auto& operands = invocation.arguments.operands;
  for (const auto& broken : invocation.providers.all().broken()) {
    invocation.output.talk(broken.error.what);
  }
  if (!operands.empty() && !is_template(invocation.providers.all(), operands[0])) {
    const auto known = invocation.providers.find(operands[0]);
    if (!known) return known.error();
  }
  const bool verbose = invocation.arguments.has("--verbose");
  if (invocation.output.json()) {
    print_json(invocation, verbose);
  } else {
    print_text(invocation, verbose);
  }
  return {};
}

}  // namespace

Command providers_command() {
  return {{"providers",
           N_("[PROVIDER]"),
           N_("Lists the providers that are known, and what is wrong with their files."),
           {{"--verbose", nullptr,
             N_("show each value, the file and the source that it comes from, and whether it was "
                "verified")}},
           0,
           1},
          run_providers,
          false};
}

}  // namespace mail_oauth::cli
