// SPDX-License-Identifier: GPL-3.0-or-later
//
// Questions to a SecretServiceTokenStore, waited for; and the real keyring's lock, turned by hand.
#pragma once

#include <libsecret/secret.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/cptr.h"
#include "keyring/secret_service_store.h"
#include "support/catch.h"
#include "support/quiet.h"

namespace mail_oauth::testing {

template <class T>
struct Reply {
  std::optional<Result<T>> result;

  std::string code() const {
    if (!result) return "no answer";
    if (*result) return "ok";
    const Error& error = result->error();
    const bool expected = error.kind == Error::Kind::kStorage || error.code == "not-text";
    return expected ? error.code : "wrong kind";
  }
};

template <class T>
Reply<T> reply_to(const std::function<Call(Done<T>)>& ask) {
  Reply<T> reply;
  const Call call = ask([&](Result<T> result) { reply.result.emplace(std::move(result)); });
  REQUIRE_FALSE(reply.result.has_value());  // never from inside the call
  run_until([&] { return reply.result.has_value(); });
  return reply;
}

struct KeyringBench {
  explicit KeyringBench(Prompt prompt = Prompt::kAllowed, Opening opening = Opening::kEach,
                        Patience patience = {})
      : store(prompt, opening, std::move(patience)) {}

  SecretServiceTokenStore store;
  GrantKey key{{"microsoft365", "client-1", ""}, "alice@contoso.com"};

  Grant grant(const std::string& refresh) const {
    Grant grant;
    grant.key = key;
    grant.refresh_token = RefreshToken(Secret(refresh));
    grant.access_token = AccessToken(Secret(std::string(2500, 'a')));
    grant.expires_at = WallTime(std::chrono::seconds(1'800'000'000));
    grant.token_endpoint = "https://login.test/token";
    return grant;
  }

  std::string save(const std::string& refresh) {
    return reply_to<void>([&](auto done) { return store.save(grant(refresh), done); }).code();
  }
  Reply<std::optional<Grant>> load() {
    return reply_to<std::optional<Grant>>([&](auto done) { return store.load(key, done); });
  }
  /// The refresh token, "nothing", or the error's code.
  std::string loaded() {
    const auto reply = load();
    if (reply.code() != "ok") return reply.code();
    const auto& found = **reply.result;
    return found ? std::string(found->refresh_token.reveal()) : "nothing";
  }
  std::string erase() {
    return reply_to<void>([&](auto done) { return store.erase(key, done); }).code();
  }
  std::string prove() {
    return reply_to<void>([&](auto done) { return store.prove_writable(done); }).code();
  }
  std::string prove_place() {
    return reply_to<void>([&](auto done) { return store.prove_place_of(key, done); }).code();
  }
  Reply<std::vector<GrantKey>> list() {
    return reply_to<std::vector<GrantKey>>([&](auto done) { return store.list(done); });
  }
  std::string save_secret(const std::string& secret) {
    return reply_to<void>([&](auto done) {
             return store.save_client_secret(key.client, ClientSecret(Secret(secret)), done);
           })
        .code();
  }
  std::string secret() {
    const auto reply = reply_to<std::optional<ClientSecret>>(
        [&](auto done) { return store.load_client_secret(key.client, done); });
    if (reply.code() != "ok") return reply.code();
    const auto& found = **reply.result;
    return found ? std::string(found->reveal()) : "nothing";
  }
};

constexpr const char* kLogin = "/org/freedesktop/secrets/collection/login";

inline CPtr<GVariant, g_variant_unref> ask_service(const char* interface, const char* member,
                                                   GVariant* parameters) {
  // Kept: sessions end with their connection.
  static const auto bus =
      GRef<GDBusConnection>::adopt(g_bus_get_sync(G_BUS_TYPE_SESSION, nullptr, nullptr));
  GError* error = nullptr;
  CPtr<GVariant, g_variant_unref> answer(g_dbus_connection_call_sync(
      bus.get(), "org.freedesktop.secrets", "/org/freedesktop/secrets", interface, member,
      parameters, nullptr, G_DBUS_CALL_FLAGS_NONE, 5000, nullptr, &error));
  const GErrorPtr owned(error);
  INFO((error ? error->message : ""));
  REQUIRE(answer);
  return answer;
}

inline void lock_keyring() {
  const char* paths[] = {kLogin};
  ask_service("org.freedesktop.Secret.Service", "Lock",
              g_variant_new("(@ao)", g_variant_new_objv(paths, 1)));
}

/// What a prompter would do with the person's password.
inline void unlock_keyring() {
  const auto session = ask_service("org.freedesktop.Secret.Service", "OpenSession",
                                   g_variant_new("(sv)", "plain", g_variant_new_string("")));
  const char* path = nullptr;
  g_variant_get(session.get(), "(v&o)", nullptr, &path);
  const std::string password = "keyring-password";
  const auto bytes = [](const std::string& text) {
    return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, text.data(), text.size(), 1);
  };
  ask_service(
      "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface", "UnlockWithMasterPassword",
      g_variant_new("(o(o@ay@ays))", kLogin, path, bytes(""), bytes(password), "text/plain"));
}

}  // namespace mail_oauth::testing
