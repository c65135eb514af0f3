// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/catalog.h"

#include <glib.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/private_file.h"
#include "codec/json.h"
#include "manifest/name_pattern.h"
#include "manifest/provider_reader.h"

namespace mail_oauth::manifest {

namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

Error about_file(const std::string& file, const std::string& problem) {
  return make_error(Error::Kind::kConfig, format("{}: {}", {file, problem}));
}

Json merged(Json lower, const Json& upper) {
  for (const std::string& key : upper.keys()) {
    std::optional<Json> below = lower.at(key);
    std::optional<Json> above = upper.at(key);
    const bool both_objects = below && below->is_object() && above->is_object();
    lower.set(key, both_objects ? merged(*std::move(below), *above) : *std::move(above));
  }
  return lower;
}

// Puts the files together. A place is an id and the index of a folder.
class Loader {
 public:
  explicit Loader(const std::vector<std::string>& folders) : folders_(folders) {}

  std::set<std::string> ids() const {
    std::set<std::string> found;
    for (const std::string& folder : folders_) {
      const CPtr<GDir, g_dir_close> dir(g_dir_open(folder.c_str(), 0, nullptr));
      while (const char* name = dir ? g_dir_read_name(dir.get()) : nullptr) {
        const std::string file = name;
        if (file.size() <= 5 || file.compare(file.size() - 5, 5, ".json") != 0) continue;
        const std::string id = file.substr(0, file.size() - 5);
        if (acceptable_id(id)) found.insert(id);
      }
    }
    return found;
  }

  std::string file(const std::string& id) const {
    const std::size_t folder = highest(id, 0);
    return folder == kNowhere ? id : path(id, folder);
  }

  Result<Provider> provider(const std::string& id) {
    visited_.clear();
    const std::size_t folder = highest(id, 0);
    if (folder == kNowhere) return about_file(id, _("is no longer there."));
    const auto document = whole(id, folder);
    if (!document) return document.error();
    auto read = read_provider(*document, path(id, folder));
    if (!read) return read;
    if (const auto complete = check_complete(*read); !complete) return complete.error();
    return read;
  }

 private:
  std::string path(const std::string& id, std::size_t folder) const {
    return folders_[folder] + "/" + id + ".json";
  }

  std::size_t highest(const std::string& id, std::size_t from) const {
    for (std::size_t folder = from; folder < folders_.size(); ++folder) {
      if (g_file_test(path(id, folder).c_str(), G_FILE_TEST_EXISTS)) return folder;
    }
    return kNowhere;
  }

  Result<Json> one_file(const std::string& id, std::size_t folder) const {
    const std::string file = path(id, folder);
    const auto text = read_trusted_file(file);
    if (!text) return text.error();
    if (!*text) return about_file(file, _("is no longer there."));
    auto document = Json::parse(**text);
    if (!document) return about_file(file, document.error().what);
    const auto checked = read_provider(*document, file);
    if (!checked) return checked.error();
    if (checked->id != id)
      return about_file(file, _("/id: has to be the file's name without .json."));
    return document;
  }

  // The document with everything it extends below it, "extends" itself dropped.
  Result<Json> whole(const std::string& id, std::size_t folder) {
    const std::string file = path(id, folder);
    if (!visited_.insert({id, folder}).second) {
      return about_file(file, _("/extends: the manifests extend each other in a circle."));
    }
    auto document = one_file(id, folder);
    if (!document) return document;
    const auto base_id = document->string_at("extends");
    if (!base_id) return document;
    const std::size_t base = highest(*base_id, *base_id == id ? folder + 1 : 0);
    if (base == kNowhere) {
      return about_file(file,
                        format(_("/extends: there is no manifest \"{}\" to extend."), {*base_id}));
    }
    auto below = whole(*base_id, base);
    if (!below) return below;
    document->remove("extends");
    return merged(*std::move(below), *document);
  }

  const std::vector<std::string>& folders_;
  std::set<std::pair<std::string, std::size_t>> visited_;
};

}  // namespace

Catalog Catalog::load(const std::vector<std::string>& folders) {
  Catalog catalog;
  Loader loader(folders);
  for (const std::string& id : loader.ids()) {
    auto provider = loader.provider(id);
    if (provider) {
      catalog.providers_.push_back(*std::move(provider));
    } else {
      catalog.broken_.push_back({id, loader.file(id), provider.error()});
    }
  }
  return catalog;
}

Result<Provider> Catalog::find(std::string_view id) const {
  for (const Provider& provider : providers_) {
    if (provider.id == id) return provider;
  }
  for (const Broken& broken : broken_) {
    if (broken.id == id) return broken.error;
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

std::vector<std::string> Catalog::ca_files() const {
  std::set<std::string> files;
  for (const Provider& provider : providers_) {
    if (!provider.ca_file.empty()) files.insert(provider.ca_file);
  }
  return {files.begin(), files.end()};
}

}  // namespace mail_oauth::manifest
