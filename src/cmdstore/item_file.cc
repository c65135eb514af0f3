// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/item_file.h"

#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/private_file.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "oauth/key_text.h"

namespace mail_oauth::cmdstore {

namespace {

constexpr std::size_t kLargest = 64 << 10;
constexpr std::string_view kEnding = ".json";

Error storage(std::string what, std::string code = "file") {
  return make_error(Error::Kind::kStorage, std::move(what), std::move(code));
}

Error damaged(const std::string& file) {
  return storage(
      format(_("{} is damaged or of a later version. Delete it and sign in again."), {file}),
      "damaged");
}

std::string absolute_from(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value == '/' ? value : "";
}

/// Not only out of reach: there is nothing.
bool absent(const std::string& path) {
  struct stat found {};
  return lstat(path.c_str(), &found) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

Json json_of(const CommandWords& words) {
  Json array = Json::array();
  for (const std::string& word : words) array.append(Json::of(word));
  return array;
}

/// False: there is something else than a list of texts.
bool read_words(const Json& document, std::string_view key, CommandWords& words) {
  const auto array = document.at(key);
  if (!array) return true;
  if (array->type() != Json::Type::kArray) return false;
  for (const Json& word : array->items()) {
    auto text = word.as_string();
    if (!text) return false;
    words.push_back(*std::move(text));
  }
  return true;
}

std::optional<Item> item_of(const Json& document) {
  if (!document.is_object() || document.integer_at("v") != 1) return std::nullopt;
  Item item;
  item.client.provider = document.string_at("provider").value_or("");
  item.client.client = document.string_at("client").value_or("");
  item.client.tenant = document.string_at("tenant").value_or("");
  item.identity = document.string_at("identity").value_or("");
  StoreCommands& commands = item.commands;
  if (!read_words(document, "read", commands.read) ||
      !read_words(document, "write", commands.write) ||
      !read_words(document, "remove", commands.remove) || !check_commands(commands) ||
      commands.read[0][0] != '/' || commands.write[0][0] != '/') {
    return std::nullopt;
  }
  auto kept = crypto::base64_decoded(document.string_at("kept").value_or(""));
  if (!kept) return std::nullopt;
  item.kept = *std::move(kept);
  return item;
}

}  // namespace

Result<std::string> state_folder() {
  const std::string state = absolute_from("XDG_STATE_HOME");
  if (!state.empty()) return state + "/mail-oauth";
  const std::string home = absolute_from("HOME");
  if (!home.empty()) return home + "/.local/state/mail-oauth";
  return storage(_("There is no folder for sign-ins: neither XDG_STATE_HOME nor HOME is set."));
}

Result<std::string> item_name(const ClientKey& client, const std::string& identity) {
  if (const auto good = check_text(GrantKey{client, identity}); !good) return good.error();
  std::string name = identity.empty() ? "client" : "grant";
  for (const auto* part : {&client.provider, &client.client, &client.tenant, &identity}) {
    name.push_back('\0');
    name += *part;
  }
  const auto digest = crypto::sha256(name);
  if (!digest) return digest.error();
  return crypto::hex(*digest);
}

bool ItemFolder::has(const std::string& name) const { return !absent(file(name)); }

Result<void> ItemFolder::check_folder() const {
  struct stat found {};
  if (stat(path_.c_str(), &found) != 0) {
    return storage(format(_("{}: cannot be read: {}."), {path_, g_strerror(errno)}));
  }
  if (S_ISDIR(found.st_mode) && found.st_uid == geteuid() && (found.st_mode & 077) == 0) return {};
  return storage(format(
      _("The folder for sign-ins, {}, must belong to you and be closed to others (chmod 700)."),
      {path_}));
}

Result<std::optional<Item>> ItemFolder::load(const std::string& name) const {
  if (!has(name)) return std::optional<Item>();
  if (const auto good = check_folder(); !good) return good.error();
  const auto text = read_trusted_file(file(name));
  if (!text) return storage(text.error().what);
  if (!*text) return std::optional<Item>();
  const auto document = Json::parse(**text);
  if (!document) return damaged(file(name));
  auto item = item_of(*document);
  if (!item) return damaged(file(name));
  const auto own_name = item_name(item->client, item->identity);
  if (!own_name) return own_name.error();
  if (*own_name != name) return damaged(file(name));
  return item;
}

Result<void> ItemFolder::save(const std::string& name, const Item& item) const {
  const auto kept = crypto::base64(item.kept);
  if (!kept) return kept.error();
  Json document = Json::object();
  document.set("v", Json::of(std::int64_t{1}));
  document.set("provider", Json::of(item.client.provider));
  document.set("client", Json::of(item.client.client));
  document.set("tenant", Json::of(item.client.tenant));
  if (!item.identity.empty()) document.set("identity", Json::of(item.identity));
  document.set("read", json_of(item.commands.read));
  document.set("write", json_of(item.commands.write));
  if (!item.commands.remove.empty()) document.set("remove", json_of(item.commands.remove));
  if (!item.kept.empty()) document.set("kept", Json::of(kept->reveal()));
  if (g_mkdir_with_parents(path_.c_str(), 0700) != 0) {
    return storage(format(_("{}: cannot be written: {}."), {path_, g_strerror(errno)}));
  }
  if (const auto good = check_folder(); !good) return good.error();
  return write_private_file(file(name), document.pretty_text());
}

Result<void> ItemFolder::prove_writable() const {
  if (const auto good = check_folder(); !good) return good.error();
  const std::string probe = path_ + "/probe-" + std::to_string(getpid());
  auto written = write_private_file(probe, std::string(kLargest, ' '));
  unlink(probe.c_str());
  return written;
}

Result<void> ItemFolder::erase(const std::string& name) const {
  if (unlink(file(name).c_str()) == 0 || errno == ENOENT) return {};
  return storage(format(_("{}: cannot be deleted: {}."), {file(name), g_strerror(errno)}));
}

Result<AllItems> ItemFolder::all() const {
  AllItems found;
  const CPtr<GDir, g_dir_close> dir(g_dir_open(path_.c_str(), 0, nullptr));
  if (!dir && absent(path_)) return found;
  if (const auto good = check_folder(); !good) return good.error();
  while (const char* entry = dir ? g_dir_read_name(dir.get()) : nullptr) {
    const std::string name = entry;
    if (name.size() != 64 + kEnding.size() || !g_str_has_suffix(entry, ".json")) continue;
    auto item = load(name.substr(0, 64));
    if (!item) {
      found.unreadable.push_back(item.error());
    } else if (*item) {
      found.items.push_back(**std::move(item));
    }
  }
  return found;
}

}  // namespace mail_oauth::cmdstore
