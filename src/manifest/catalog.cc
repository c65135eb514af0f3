// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/catalog.h"

#include <glib.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "manifest/chain.h"
#include "manifest/name_pattern.h"
#include "manifest/provider_reader.h"

namespace mail_oauth::manifest {

namespace {

Result<Provider> provider_of(const std::vector<Layer>& layers) {
  const Layer& first = layers.front();
  // Most are one file, which was read to be checked.
  auto read = layers.size() == 1 ? Result<Provider>(first.alone)
                                 : read_provider(merged(layers), first.file);
  if (!read) return read;
  if (const auto complete = check_complete(*read); !complete) return complete.error();
  return read;
}

}  // namespace

Catalog Catalog::load(const std::vector<std::string>& folders) {
  Catalog catalog;
  for (const std::string& id : known_ids(folders)) {
    const auto layers = layers_of(folders, id);
    if (layers && is_template(*layers)) {
      const std::string name = merged(*layers).string_at("name").value_or(id);
      catalog.templates_.push_back({id, name, layers->front().file});
      continue;
    }
    auto provider = layers ? provider_of(*layers) : Result<Provider>(layers.error());
    if (provider) {
      catalog.providers_.push_back(*std::move(provider));
    } else {
      catalog.broken_.push_back({id, winning_file(folders, id), provider.error()});
    }
  }
  return catalog;
}

Result<Provider> Catalog::load_one(const std::vector<std::string>& folders, std::string_view id) {
  if (acceptable_id(id)) {
    const auto layers = layers_of(folders, std::string(id));
    if (layers && !is_template(*layers)) return provider_of(*layers);
  }
  return load(folders).find(id);  // for the words
}

Result<Provider> Catalog::find(std::string_view id) const {
  for (const Provider& provider : providers_) {
    if (provider.id == id) return provider;
  }
  for (const Broken& broken : broken_) {
    if (broken.id == id) return broken.error;
  }
  for (const Template& one : templates_) {
    if (one.id != id) continue;
    return make_error(
        Error::Kind::kConfig,
        format(_("\"{1}\" ({2}) is a template. Write a manifest with a name of its own that "
                 "extends it, and says what is missing; docs/register/generic.md shows how."),
               {one.id, one.file}));
  }
  std::string known;
  for (const Provider& provider : providers_) {
    if (!known.empty()) known += ", ";
    known += provider.id;
  }
  if (known.empty()) known = _("none");
  return make_error(Error::Kind::kConfig,
                    format(_("There is no provider \"{}\". Known providers: {}."), {id, known}));
}

bool has_server(const Provider& provider, const std::string& name) {
  const auto is_it = [&name](const auto& server) { return server.second.host == name; };
  const auto fits = [&name](const std::string& pattern) { return name_fits(pattern, name); };
  return std::any_of(provider.server_names.begin(), provider.server_names.end(), fits) ||
         std::any_of(provider.servers.begin(), provider.servers.end(), is_it);
}

std::vector<Provider> Catalog::for_server(std::string_view name) const {
  const GCharPtr lower(g_ascii_strdown(name.data(), static_cast<gssize>(name.size())));
  std::vector<Provider> fitting;
  for (const Provider& provider : providers_) {
    if (*lower.get() && has_server(provider, lower.get())) fitting.push_back(provider);
  }
  return fitting;
}

std::vector<Provider> Catalog::for_address(std::string_view address) const {
  std::vector<Provider> fitting;
  const auto at = address.rfind('@');
  if (at == std::string_view::npos) return fitting;
  const std::string_view domain = address.substr(at + 1);
  const GCharPtr lower(g_ascii_strdown(domain.data(), static_cast<gssize>(domain.size())));
  for (const Provider& provider : providers_) {
    const auto fits = [&lower](const std::string& pattern) {
      return name_fits(pattern, lower.get());
    };
    if (std::any_of(provider.domains.begin(), provider.domains.end(), fits)) {
      fitting.push_back(provider);
    }
  }
  return fitting;
}

const Provider* Catalog::only_with_client() const {
  const Provider* found = nullptr;
  for (const Provider& provider : providers_) {
    if (provider.client_id.empty()) continue;
    if (found) return nullptr;
    found = &provider;
  }
  return found;
}

std::vector<std::string> Catalog::ca_files() const {
  std::set<std::string> files;
  for (const Provider& provider : providers_) {
    if (!provider.ca_file.empty()) files.insert(provider.ca_file);
  }
  return {files.begin(), files.end()};
}

}  // namespace mail_oauth::manifest
