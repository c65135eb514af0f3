// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/command_store.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/i18n.h"
#include "cmdstore/background.h"
#include "cmdstore/command_run.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace mail_oauth {

namespace {

using cmdstore::CommandRun;
using cmdstore::in_background;
using cmdstore::Item;
using cmdstore::ItemFolder;
using cmdstore::run_command;
using cmdstore::Stop;

/// For a command that has to be ended.
constexpr std::chrono::seconds kEnding{5};
/// To write, to read, and to write again.
constexpr int kRunsOfTakeOver = 3;

using Found = std::optional<Secret>;
using Commands = std::optional<StoreCommands>;

Result<Secret> read_item(const StoreCommands& commands, const std::string& name,
                         std::string_view kept, const Stop& stop) {
  const CommandWords words = for_item(commands.read, name);
  return run_command({words, "--store-read", kept}, stop);
}

/// What is to be kept in our file; empty for keepers.
Result<std::string> write_item(const StoreCommands& commands, const std::string& name,
                               std::string_view bytes, const Stop& stop) {
  const CommandWords words = for_item(commands.write, name);
  CommandRun run{words, "--store-write", bytes};
  // Ending a keeper half-way could leave half an item in the place of the old one.
  run.stoppable = !commands.keepers();
  const auto made = run_command(run, stop);
  if (!made) return made.error();
  if (commands.keepers()) return std::string();
  if (made->empty()) {
    return make_error(
        Error::Kind::kStorage,
        _("The command of --store-write wrote nothing to its standard output. One that "
          "keeps the sign-in itself has to have {name} in it."),
        "command");
  }
  return std::string(made->reveal());
}

Result<void> remove_item(const StoreCommands& commands, const std::string& name, const Stop& stop) {
  if (!commands.keepers()) return {};
  const CommandWords words = for_item(commands.remove, name);
  CommandRun run{words, "--store-remove", ""};
  run.stoppable = false;
  const auto removed = run_command(run, stop);
  if (!removed) return removed.error();
  return {};
}

Result<Found> load_bytes(const ItemFolder& folder, const std::string& name, const Stop& stop) {
  const auto item = folder.load(name);
  if (!item) return item.error();
  if (!*item) return Found();
  auto bytes = read_item((*item)->commands, name, (*item)->kept, stop);
  if (!bytes) return bytes.error();
  return Found(*std::move(bytes));
}

struct Change {
  Item from;
  Item to;
};

/// Other commands keep the item from now on, and have it. Where those of before cannot let go of it
/// they go on keeping it, so that it is not left with them and forgotten.
Result<void> take_over(const ItemFolder& folder, const std::string& name, const Change& change,
                       std::string_view bytes, const Stop& stop) {
  if (const auto gone = remove_item(change.from.commands, name, stop); !gone) {
    const auto put_back = folder.save(name, change.from);
    return put_back ? gone : put_back;
  }
  if (!change.to.commands.keepers()) return {};
  // The place of both may be the same one.
  const auto there = read_item(change.to.commands, name, "", stop);
  if (there && there->reveal().substr(0, bytes.size()) == bytes) return {};
  const auto again = write_item(change.to.commands, name, bytes, stop);
  if (!again) return again.error();
  return {};
}

Result<void> save_bytes(const ItemFolder& folder, const std::string& name, Item item,
                        const Commands& chosen, const Secret& bytes, const Stop& stop) {
  const auto before = folder.load(name);
  const bool had = before && *before;
  if (!chosen && !before) return before.error();
  if (!chosen && !had) {
    return make_error(Error::Kind::kConfig, _("No commands are set that could keep this."));
  }
  item.commands = chosen ? *chosen : (*before)->commands;
  auto kept = write_item(item.commands, name, bytes.reveal(), stop);
  if (!kept) return kept.error();
  item.kept = *std::move(kept);
  if (const auto saved = folder.save(name, item); !saved) return saved;
  if (!had || (*before)->commands.remove == item.commands.remove) return {};
  return take_over(folder, name, {**before, item}, bytes.reveal(), stop);
}

Result<void> erase_item(const ItemFolder& folder, const std::string& name, const Stop& stop) {
  const auto item = folder.load(name);
  if (!item && item.error().code != "damaged") return item.error();
  if (item && *item) {
    if (const auto gone = remove_item((*item)->commands, name, stop); !gone) return gone.error();
  }
  return folder.erase(name);
}

Result<void> prove(const StoreCommands& commands, const Stop& stop) {
  const auto random = crypto::random_bytes(24);
  if (!random) return random.error();
  const std::string name = crypto::hex(random->reveal()) + std::string(16, '0');
  const std::string probe = R"({"v":1,"probe":")" + crypto::hex(random->reveal()) + "\"}";
  const auto kept = write_item(commands, name, probe, stop);
  if (!kept) return kept.error();
  if (kept->find(probe) != std::string::npos) {
    return make_error(
        Error::Kind::kConfig,
        _("The command of --store-write gives back what it gets: the sign-in would lie "
          "on the disk for everybody to read. It has to encrypt."));
  }
  const auto back = read_item(commands, name, *kept, stop);
  const auto removed = remove_item(commands, name, stop);
  if (!back) return back.error();
  if (!removed) return removed.error();
  if (back->reveal().substr(0, probe.size()) == probe) return {};
  return make_error(Error::Kind::kStorage,
                    _("The command of --store-read does not give back what --store-write got."),
                    "command");
}

GrantKey lower(GrantKey key) { return grant_key(std::move(key.client), std::move(key.identity)); }

}  // namespace

bool CommandTokenStore::has(const GrantKey& key) const {
  const auto name = cmdstore::item_name(key.client, lower(key).identity);
  return name && folder_.has(*name);
}

bool CommandTokenStore::has(const ClientKey& key) const {
  const auto name = cmdstore::item_name(key, "");
  return name && folder_.has(*name);
}

bool CommandTokenStore::serves(const ClientKey& key) const {
  const auto all = folder_.all();
  return all && std::any_of(all->items.begin(), all->items.end(), [&key](const Item& item) {
           return item.client == key && !item.identity.empty();
         });
}

Result<std::optional<StoreCommands>> CommandTokenStore::commands_of(const GrantKey& key) const {
  const auto name = cmdstore::item_name(key.client, lower(key).identity);
  if (!name) return name.error();
  auto item = folder_.load(*name);
  if (!item) return item.error();
  if (!*item) return Commands();
  return Commands((*item)->commands);
}

Call CommandTokenStore::prove_writable(Done<void> done) {
  return in_background<void>(
      [chosen = chosen_](const Stop& stop) -> Result<void> {
        if (const auto good = check_commands(chosen.value_or(StoreCommands())); !good)
          return good.error();
        return prove(*chosen, stop);
      },
      std::move(done));
}

Call CommandTokenStore::prove_place_of(GrantKey key, Done<void> done) {
  return in_background<void>(
      [folder = folder_, commands = commands_of(key)](const Stop& stop) -> Result<void> {
        if (!commands) return commands.error();
        if (!*commands || (*commands)->keepers()) return {};
        if (const auto proved = prove(**commands, stop); !proved) return proved.error();
        return folder.prove_writable();
      },
      std::move(done));
}

std::chrono::seconds CommandTokenStore::write_limit(const GrantKey& key) const {
  const auto found = commands_of(key);
  const Commands before = found ? *found : Commands();
  const Commands now = chosen_ ? chosen_ : before;
  const bool leaves = before && before->keepers() && before->remove != now->remove;
  int runs = 0;
  if (leaves) ++runs;
  if (now && now->keepers()) runs += leaves ? kRunsOfTakeOver : 1;
  return runs * (cmdstore::kCommandLimit + kEnding);
}

Call CommandTokenStore::load(GrantKey key, Done<std::optional<Grant>> done) {
  using Answer = std::optional<Grant>;
  return in_background<Answer>(
      [folder = folder_, key = lower(std::move(key))](const Stop& stop) -> Result<Answer> {
        const auto name = cmdstore::item_name(key.client, key.identity);
        if (!name) return name.error();
        const auto bytes = load_bytes(folder, *name, stop);
        if (!bytes) return bytes.error();
        if (!*bytes) return Answer();
        auto grant = decode_item(key, (*bytes)->reveal());
        if (!grant) return grant.error();
        return Answer(*std::move(grant));
      },
      std::move(done));
}

Call CommandTokenStore::save(Grant grant, Done<void> done) {
  const auto bytes = std::make_shared<Secret>(encode_item(grant));
  return in_background<void>(
      [folder = folder_, key = lower(grant.key), bytes,
       chosen = chosen_](const Stop& stop) -> Result<void> {
        const auto name = cmdstore::item_name(key.client, key.identity);
        if (!name) return name.error();
        return save_bytes(folder, *name, {key.client, key.identity, {}, {}}, chosen, *bytes, stop);
      },
      std::move(done));
}

Call CommandTokenStore::erase(GrantKey key, Done<void> done) {
  return in_background<void>(
      [folder = folder_, key = lower(std::move(key))](const Stop& stop) -> Result<void> {
        const auto name = cmdstore::item_name(key.client, key.identity);
        if (!name) return name.error();
        return erase_item(folder, *name, stop);
      },
      std::move(done));
}

Call CommandTokenStore::list(Done<std::vector<GrantKey>> done) {
  using cmdstore::AllItems;
  return in_background<AllItems>([folder = folder_](const Stop&) { return folder.all(); },
                                 [this, done = std::move(done)](const Result<AllItems>& all) {
                                   if (!all) return done(all.error());
                                   for (const Error& error : all->unreadable) {
                                     if (on_unseen) on_unseen(error);
                                   }
                                   std::vector<GrantKey> keys;
                                   for (const Item& item : all->items) {
                                     if (!item.identity.empty())
                                       keys.push_back({item.client, item.identity});
                                   }
                                   std::sort(keys.begin(), keys.end());
                                   done(std::move(keys));
                                 });
}

Call CommandTokenStore::load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) {
  using Answer = std::optional<ClientSecret>;
  return in_background<Answer>(
      [folder = folder_, key = std::move(key)](const Stop& stop) -> Result<Answer> {
        const auto name = cmdstore::item_name(key, "");
        if (!name) return name.error();
        const auto bytes = load_bytes(folder, *name, stop);
        if (!bytes) return bytes.error();
        if (!*bytes) return Answer();
        const auto json = Json::parse((*bytes)->reveal());
        auto secret = json ? json->secret_at("client_secret") : Found();
        if (secret) return Answer(ClientSecret(*std::move(secret)));
        return make_error(Error::Kind::kStorage,
                          format(_("The client secret of {} is damaged. Set it again: mail-oauth "
                                   "client set {} --client-id {} --secret-stdin --store command"),
                                 {key.client, key.provider, key.client}),
                          "damaged");
      },
      std::move(done));
}

Call CommandTokenStore::save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) {
  auto bytes = std::make_shared<Secret>();
  if (!secret.empty()) {
    Json document = Json::object();
    document.set("v", Json::of(std::int64_t{1}));
    document.set("client_secret", Json::of(secret.reveal()));
    *bytes = document.secret_text();
  }
  return in_background<void>(
      [folder = folder_, key = std::move(key), bytes,
       chosen = chosen_](const Stop& stop) -> Result<void> {
        const auto name = cmdstore::item_name(key, "");
        if (!name) return name.error();
        if (bytes->empty()) return erase_item(folder, *name, stop);
        return save_bytes(folder, *name, {key, "", {}, {}}, chosen, *bytes, stop);
      },
      std::move(done));
}

}  // namespace mail_oauth
