// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_intent.h"

#include <glib.h>

#include <algorithm>
#include <array>

#include "base/i18n.h"
#include "claws/grant_places.h"
#include "codec/json.h"

namespace mail_oauth::claws {
namespace {

constexpr std::array<std::string_view, 14> kKnown = {
    "v",       "enabled",      "provider",  "client", "tenant", "identity",   "send",
    "mailbox", "receive_user", "smtp_user", "store",  "saved",  "taken_over", "send_server"};

Error bad_key(std::string_view key) {
  return make_error(
      Error::Kind::kConfig,
      format(_("The account's OAuth settings cannot be used: \"{}\" is missing or wrong."), {key}));
}

bool printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

/// Reads members one after the other and remembers the first that was wrong. What is not there
/// keeps its default: an older version did not know it.
class Reader {
 public:
  explicit Reader(const Json& object) : object_(object) {}

  void text(std::string_view key, std::string& value) {
    if (!present(key)) return;
    auto read = object_.string_at(key);
    if (read && printable(*read)) {
      value = std::move(*read);
    } else {
      fail(key);
    }
  }

  void flag(std::string_view key, bool& value) {
    if (!present(key)) return;
    if (auto read = object_.boolean_at(key)) {
      value = *read;
    } else {
      fail(key);
    }
  }

  void number(std::string_view key, int& value) {
    if (!present(key)) return;
    auto read = object_.integer_at(key);
    if (!read || *read < 0 || *read > 1'000'000) return fail(key);
    value = static_cast<int>(*read);
  }

  void fail(std::string_view key) {
    if (wrong_.empty()) wrong_ = key;
  }

  bool present(std::string_view key) const { return object_.has(key); }
  const std::string& wrong() const { return wrong_; }

 private:
  const Json& object_;
  std::string wrong_;
};

/// False when something is missing or wrong.
bool read_replaced(const Json& servers, std::map<Protocol, ReplacedServer>& replaced) {
  for (const Protocol protocol : kProtocols) {
    const auto object = servers.at(protocol_word(protocol));
    if (!object) continue;
    if (!object->is_object()) return false;
    ReplacedServer server;
    Reader read(*object);
    read.text("host", server.host);
    read.number("port", server.port);
    read.flag("set_port", server.set_port);
    read.number("tls", server.tls);
    read.text("our_host", server.our_host);
    read.number("our_port", server.our_port);
    // Without ours nobody could tell whether it still stands there.
    if (!read.wrong().empty() || server.our_host.empty() || server.our_port == 0) return false;
    replaced[protocol] = std::move(server);
  }
  return true;
}

Json replaced_json(const std::map<Protocol, ReplacedServer>& replaced) {
  Json servers = Json::object();
  for (const auto& [protocol, server] : replaced) {
    Json object = Json::object();
    object.set("host", Json::of(server.host));
    object.set("port", Json::of(std::int64_t{server.port}));
    object.set("set_port", Json::of(server.set_port));
    object.set("tls", Json::of(std::int64_t{server.tls}));
    object.set("our_host", Json::of(server.our_host));
    object.set("our_port", Json::of(std::int64_t{server.our_port}));
    servers.set(protocol_word(protocol), std::move(object));
  }
  return servers;
}

Result<SavedFields> read_saved(const Json& object) {
  SavedFields saved;
  Reader read(object);
  read.text("userid", saved.userid);
  read.text("smtp_userid", saved.smtp_userid);
  read.flag("use_pop_auth", saved.use_pop_auth);
  read.flag("use_smtp_auth", saved.use_smtp_auth);
  read.number("imap_auth_method", saved.imap_auth_method);
  read.number("pop_auth_method", saved.pop_auth_method);
  read.number("smtp_auth_method", saved.smtp_auth_method);
  read.number("oauth2_provider", saved.oauth2_provider);
  read.text("recv_server", saved.recv_server);
  read.text("smtp_server", saved.smtp_server);
  read.flag("lent", saved.lent);
  read.text("pop_list", saved.pop_list);
  if (!read.wrong().empty()) return bad_key("saved." + read.wrong());
  const auto servers = object.at("servers");
  if (servers && (!servers->is_object() || !read_replaced(*servers, saved.replaced)))
    return bad_key("saved.servers");
  return saved;
}

Json saved_json(const SavedFields& saved) {
  Json object = Json::object();
  object.set("userid", Json::of(saved.userid));
  object.set("smtp_userid", Json::of(saved.smtp_userid));
  object.set("use_pop_auth", Json::of(saved.use_pop_auth));
  object.set("use_smtp_auth", Json::of(saved.use_smtp_auth));
  object.set("imap_auth_method", Json::of(std::int64_t{saved.imap_auth_method}));
  object.set("pop_auth_method", Json::of(std::int64_t{saved.pop_auth_method}));
  object.set("smtp_auth_method", Json::of(std::int64_t{saved.smtp_auth_method}));
  object.set("oauth2_provider", Json::of(std::int64_t{saved.oauth2_provider}));
  if (!saved.recv_server.empty()) object.set("recv_server", Json::of(saved.recv_server));
  if (!saved.smtp_server.empty()) object.set("smtp_server", Json::of(saved.smtp_server));
  if (!saved.pop_list.empty()) object.set("pop_list", Json::of(saved.pop_list));
  if (saved.lent) object.set("lent", Json::of(true));
  if (!saved.replaced.empty()) object.set("servers", replaced_json(saved.replaced));
  return object;
}

std::string unknown_of(const Json& object) {
  Json unknown = object.duplicate();
  for (const auto key : kKnown) unknown.remove(key);
  return unknown.keys().empty() ? std::string{} : unknown.text();
}

void read_user(Reader& read, std::string_view key, SaslUser& user) {
  std::string word;
  read.text(key, word);
  if (word == "mailbox") {
    user = SaslUser::kMailbox;
  } else if (word == "identity") {
    user = SaslUser::kIdentity;
  } else if (!word.empty()) {
    read.fail(key);
  }
}

std::string_view user_word(SaslUser user) {
  return user == SaslUser::kMailbox ? "mailbox" : "identity";
}

}  // namespace

const std::string& AccountIntent::send_user() const {
  return smtp_user == SaslUser::kMailbox && !mailbox.empty() ? mailbox : identity;
}

Result<AccountIntent> parse_intent(std::string_view text) {
  auto parsed = Json::parse(text);
  if (!parsed || !parsed->is_object()) return bad_key(kIntentKey);
  const Json& object = *parsed;
  if (object.integer_at("v") != 1) return bad_key("v");

  AccountIntent intent;
  Reader read(object);
  read.flag("enabled", intent.enabled);
  if (!read.present("enabled")) read.fail("enabled");
  read.text("provider", intent.provider);
  read.text("client", intent.client);
  read.text("tenant", intent.tenant);
  read.text("identity", intent.identity);
  read.text("mailbox", intent.mailbox);
  read.text("store", intent.store);
  read.text("taken_over", intent.taken_over);
  if (read.present("send")) read.flag("send", intent.send.emplace());
  read.text("send_server", intent.send_server);
  read_user(read, "receive_user", intent.receive_as);
  read_user(read, "smtp_user", intent.smtp_user);
  if (intent.enabled && intent.provider.empty()) read.fail("provider");
  if (intent.enabled && intent.identity.empty()) read.fail("identity");
  if (!place_of_word(intent.store)) read.fail("store");
  if (!read.wrong().empty()) return bad_key(read.wrong());

  if (const auto saved = object.at("saved")) {
    if (!saved->is_object()) return bad_key("saved");
    auto fields = read_saved(*saved);
    if (!fields) return fields.error();
    intent.saved = std::move(*fields);
  }
  intent.unknown_fields = unknown_of(object);
  return intent;
}

std::optional<SavedFields> salvaged_fields(std::string_view text) {
  const auto object = Json::parse(text);
  const auto saved = object && object->is_object() ? object->at("saved") : std::nullopt;
  if (!saved || !saved->is_object()) return std::nullopt;
  auto fields = read_saved(*saved);
  return fields ? std::optional(std::move(*fields)) : std::nullopt;
}

std::string intent_text(const AccountIntent& intent) {
  Json object = Json::object();
  if (!intent.unknown_fields.empty()) {
    auto unknown = Json::parse(intent.unknown_fields);
    if (unknown && unknown->is_object()) object = std::move(*unknown);
  }
  object.set("v", Json::of(std::int64_t{1}));
  object.set("enabled", Json::of(intent.enabled));
  object.set("provider", Json::of(intent.provider));
  object.set("client", Json::of(intent.client));
  object.set("tenant", Json::of(intent.tenant));
  object.set("identity", Json::of(intent.identity));
  object.set("mailbox", Json::of(intent.mailbox));
  if (intent.receive_as == SaslUser::kIdentity) {
    object.set("receive_user", Json::of(user_word(intent.receive_as)));
  }
  object.set("smtp_user", Json::of(user_word(intent.smtp_user)));
  object.set("store", Json::of(intent.store));
  object.remove("send");
  if (intent.send) object.set("send", Json::of(*intent.send));
  if (!intent.send_server.empty()) object.set("send_server", Json::of(intent.send_server));
  if (!intent.taken_over.empty()) object.set("taken_over", Json::of(intent.taken_over));
  if (intent.saved) object.set("saved", saved_json(*intent.saved));
  return object.text();
}

bool awaits_its_turn(const AccountIntent& stored, const AccountIntent* followed) {
  const bool was_on = followed && followed->enabled;
  // Off, and the fields from before have not come back.
  if (!stored.enabled) return stored.saved && (!followed || was_on);
  if (!stored.saved || !was_on) return true;
  return !share_a_grant(stored, *followed) || stored.identity != followed->identity ||
         stored.receive_user() != followed->receive_user() ||
         stored.send_user() != followed->send_user() || stored.send != followed->send ||
         stored.send_server != followed->send_server;
}

bool share_a_grant(const AccountIntent& one, const AccountIntent& other) {
  return one.provider == other.provider && one.client == other.client &&
         one.tenant == other.tenant &&
         g_ascii_strcasecmp(one.identity.c_str(), other.identity.c_str()) == 0;
}

}  // namespace mail_oauth::claws
