// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/chain.h"

#include <glib.h>

#include <optional>
#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/private_file.h"
#include "manifest/provider_reader.h"

namespace mail_oauth::manifest {

namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

using Folders = std::vector<std::string>;

Error about_file(const std::string& file, const std::string& problem) {
  return make_error(Error::Kind::kConfig, format("{}: {}", {file, problem}));
}

std::string path(const Folders& folders, const std::string& id, std::size_t folder) {
  return folders[folder] + "/" + id + ".json";
}

std::size_t highest(const Folders& folders, const std::string& id, std::size_t from) {
  for (std::size_t folder = from; folder < folders.size(); ++folder) {
    if (g_file_test(path(folders, id, folder).c_str(), G_FILE_TEST_EXISTS)) return folder;
  }
  return kNowhere;
}

Result<Layer> one_file(const std::string& file, const std::string& id) {
  const auto text = read_trusted_file(file);
  if (!text) return text.error();
  if (!*text) return about_file(file, _("is no longer there."));
  auto document = Json::parse(**text);
  if (!document) return about_file(file, document.error().what);
  auto checked = read_provider(*document, file);
  if (!checked) return checked.error();
  if (checked->id != id) {
    return about_file(file, _("/id: has to be the file's name without .json."));
  }
  return Layer{file, *std::move(document), *std::move(checked)};
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

}  // namespace

std::set<std::string> known_ids(const Folders& folders) {
  std::set<std::string> found;
  for (const std::string& folder : folders) {
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

std::string winning_file(const Folders& folders, const std::string& id) {
  const std::size_t folder = highest(folders, id, 0);
  return folder == kNowhere ? id : path(folders, id, folder);
}

Result<std::vector<Layer>> layers_of(const Folders& folders, const std::string& id) {
  std::vector<Layer> layers;
  std::set<std::string> visited;
  std::string next = id;
  std::size_t folder = highest(folders, id, 0);
  if (folder == kNowhere) return about_file(id, _("is no longer there."));
  for (;;) {
    const std::string file = path(folders, next, folder);
    if (!visited.insert(file).second) {
      return about_file(file, _("/extends: the manifests extend each other in a circle."));
    }
    auto layer = one_file(file, next);
    if (!layer) return layer.error();
    const auto base = layer->document.string_at("extends");
    layers.push_back(*std::move(layer));
    if (!base) return layers;
    folder = highest(folders, *base, *base == next ? folder + 1 : 0);
    if (folder == kNowhere) {
      return about_file(file,
                        format(_("/extends: there is no manifest \"{}\" to extend."), {*base}));
    }
    next = *base;
  }
}

Json merged(const std::vector<Layer>& layers) {
  Json document = Json::object();
  for (std::size_t i = layers.size(); i-- > 0;) {
    Json layer = layers[i].document.duplicate();
    for (const char* key : {"extends", "sources"}) layer.remove(key);
    if (i > 0) layer.remove("template");
    document = merged(std::move(document), layer);
  }
  return document;
}

bool is_template(const std::vector<Layer>& layers) {
  return layers.front().document.boolean_at("template").value_or(false);
}

}  // namespace mail_oauth::manifest
