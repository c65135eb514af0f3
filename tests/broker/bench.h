// SPDX-License-Identifier: GPL-3.0-or-later
//
// A broker on a bench: every part scripted, one grant of alice's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broker/broker.h"
#include "broker/fresh_tokens.h"
#include "broker/lock_file.h"
#include "support/manual_clock.h"
#include "support/memory_store.h"
#include "support/scripted_http_client.h"
#include "support/temp_folder.h"

namespace mail_oauth::testing {

using namespace std::chrono_literals;

inline const GrantKey kAlice{{"contoso", "client-1", "t1"}, "alice@contoso.test"};
inline const std::vector<Loss> kLost = {{kAlice, AtEnd::kLost}};
inline const std::vector<Loss> kMayBeLost = {{kAlice, AtEnd::kMayBeLost}};
inline constexpr const char* kTokenEndpoint = "https://login.contoso.test/t1/token";
inline constexpr const char* kMailScope = "https://mail.test/IMAP https://mail.test/SMTP";

inline Provider contoso() {
  Provider provider;
  provider.id = "contoso";
  provider.name = "Contoso";
  provider.file = "/manifests/contoso.json";
  provider.endpoints.issuer = "https://login.contoso.test/t1";
  provider.endpoints.token = kTokenEndpoint;
  provider.scopes.mail[Protocol::kImap] = {"https://mail.test/IMAP"};
  provider.scopes.mail[Protocol::kPop] = {"https://mail.test/POP"};
  provider.scopes.mail[Protocol::kSmtp] = {"https://mail.test/SMTP"};
  provider.scopes.always = {"offline_access"};
  provider.scopes.identity = {"openid"};
  provider.client_secret = Presence::kForbidden;
  return provider;
}

/// An asker's view of one question.
template <class T>
struct Asked {
  std::optional<Result<T>> result;
  Call call;
  bool answered() const { return result.has_value(); }
};

struct Bench {
  TempFolder folder;
  ManualClock clock;
  ScriptedHttpClient http;
  std::shared_ptr<MemoryStore::Items> items = std::make_shared<MemoryStore::Items>();
  MemoryStore store{items};
  MemoryStore quiet_store{items};
  std::optional<Result<Provider>> provider;
  std::vector<std::string> heard;  ///< From the observer.
  std::vector<AtEnd> at_end;       ///< Too.
  std::vector<GrantKey> signed_in;
  FreshTokens fresh;  ///< Kept as ThreadedBroker keeps it.
  int http_made = 0;
  bool ahead = false;
  bool proves_store = false;
  bool keeps_quiet = true;  ///< Else as in a command: there is one store, and it asks.
  double jitter = 0;
  std::unique_ptr<Broker> broker;

  std::string lock_folder() const { return folder.path() + "/lock"; }

  BrokerParts parts() {
    BrokerParts parts{[this]() -> Result<HttpClient*> {
                        ++http_made;
                        return static_cast<HttpClient*>(&http);
                      },
                      store,
                      keeps_quiet ? &quiet_store : nullptr,
                      clock,
                      lock_folder(),
                      [this](const ClientKey&) -> Result<Provider> {
                        return provider ? *provider : Result<Provider>(contoso());
                      },
                      [this] { return jitter; },
                      ahead};
    parts.proves_store = proves_store;
    return parts;
  }

  void start() {
    BrokerObserver observer;
    observer.on_unsaved = [this](const GrantKey&, const Error& error) {
      heard.push_back("unsaved " + error.code);
    };
    observer.on_saved = [this](const GrantKey&) { heard.push_back("saved"); };
    observer.on_needs_sign_in = [this](const GrantKey&, const Error& error) {
      heard.push_back("needs sign-in " + error.code);
    };
    observer.on_at_end = [this](const GrantKey&, AtEnd what) { at_end.push_back(what); };
    observer.on_signed_in = [this](const GrantKey& key) { signed_in.push_back(key); };
    observer.on_fresh = [this](const GrantKey& key, FreshToken token) {
      fresh.keep(key, std::move(token));
    };
    observer.on_stale = [this](const GrantKey& key) { fresh.drop(key); };
    broker = std::make_unique<Broker>(parts(), observer);
  }

  Grant grant(const std::string& access, std::chrono::seconds left,
              const std::string& refresh = "R1") const {
    Grant grant;
    grant.key = kAlice;
    grant.refresh_token = RefreshToken(Secret(refresh));
    grant.access_token = AccessToken(Secret(access));
    grant.expires_at = clock.now() + left;
    grant.scope = kMailScope;
    grant.token_endpoint = kTokenEndpoint;
    grant.issuer = "https://login.contoso.test/t1";
    return grant;
  }

  static std::string tokens(const std::string& access, const std::string& refresh = {},
                            int expires_in = 3600, const std::string& more = {}) {
    std::string body = R"({"token_type":"Bearer","access_token":")" + access + "\"";
    body += ",\"expires_in\":" + std::to_string(expires_in);
    if (!refresh.empty()) body += ",\"refresh_token\":\"" + refresh + "\"";
    return body + more + "}";
  }
  void refuse(const std::string& error, int status = 400,
              std::map<std::string, std::string> headers = {}) {
    http.answer(status, R"({"error":")" + error + R"("})", std::move(headers));
  }

  std::shared_ptr<Asked<AccessToken>> ask(Protocol protocol = Protocol::kImap) {
    auto asked = std::make_shared<Asked<AccessToken>>();
    asked->call =
        broker->token(kAlice, protocol, [asked = asked.get()](Result<AccessToken> result) {
          asked->result.emplace(std::move(result));
        });
    return asked;
  }

  /// What comes when the stores take nothing from when the server was asked.
  std::string token_unsaved(const std::string& answer) {
    const auto asked = ask();
    run_until_quiet();
    store.save_fails = quiet_store.save_fails = MemoryStore::locked();
    http.answer(200, answer);
    run_until_quiet();
    return said(*asked);
  }

  /// Asks, lets everything run that needs no passing of time, and says what came: the token, or
  /// "kind/code", or "waits".
  std::string token(Protocol protocol = Protocol::kImap) {
    const auto asked = ask(protocol);
    run_until_quiet();
    return said(*asked);
  }

  /// What needs no question to the broker; empty: nothing.
  std::string at_hand(Protocol protocol = Protocol::kImap) {
    const auto token = fresh.find(kAlice, protocol, clock.now());
    return token ? std::string(token->reveal()) : "";
  }

  template <class T>
  static std::string said(const Asked<T>& asked) {
    if (!asked.result) return "waits";
    if (!*asked.result) {
      return std::string(kind_name(asked.result->error().kind)) + "/" + asked.result->error().code;
    }
    if constexpr (std::is_same_v<T, AccessToken>) {
      return std::string((**asked.result).reveal());
    } else {
      return "done";
    }
  }

  std::shared_ptr<Asked<void>> adopt(Grant grant) {
    auto asked = std::make_shared<Asked<void>>();
    asked->call = broker->adopt(std::move(grant), [asked = asked.get()](Result<void> result) {
      asked->result.emplace(std::move(result));
    });
    return asked;
  }

  std::shared_ptr<Asked<void>> store_again() {
    auto asked = std::make_shared<Asked<void>>();
    asked->call = broker->store_again(kAlice, [asked = asked.get()](Result<void> result) {
      asked->result.emplace(std::move(result));
    });
    return asked;
  }

  std::shared_ptr<Asked<std::vector<Grant>>> give_up() {
    auto asked = std::make_shared<Asked<std::vector<Grant>>>();
    asked->call = broker->give_up(kAlice, [asked = asked.get()](Result<std::vector<Grant>> result) {
      asked->result.emplace(std::move(result));
    });
    return asked;
  }

  /// Signs out. Which refresh tokens are to be revoked, or why there are none.
  std::vector<std::string> given_up() {
    const auto given = give_up();
    run_until_quiet();
    if (said(*given) != "done") return {said(*given)};
    std::vector<std::string> tokens;
    for (const Grant& grant : **given->result) tokens.emplace_back(grant.refresh_token.reveal());
    return tokens;
  }

  /// Both ways to the store fail so, or do so no longer.
  void saves_fail(std::optional<Error> error) { store.save_fails = quiet_store.save_fails = error; }
  void loads_fail(std::optional<Error> error) { store.load_fails = quiet_store.load_fails = error; }

  /// Until this has been asked of the store that keeps quiet, and not a step further.
  void run_until_asked(const std::string& what) {
    const int before = quiet_store.count(what);
    while (quiet_store.count(what) == before) g_main_context_iteration(nullptr, FALSE);
  }

  /// Whether another process could have the grant's lock now.
  bool lock_is_free() const {
    const auto lock = LockFile::try_take(lock_folder(), kAlice);
    return lock && *lock;
  }

  std::string sent_last() const { return http.seen.empty() ? "" : http.seen.back().body; }

  std::string stored_refresh() const {
    const auto found = items->grants.find(kAlice);
    return found == items->grants.end() ? "" : std::string(found->second.refresh_token.reveal());
  }
};

/// Alice's token has expired.
struct Expired : Bench {
  Expired() {
    store.put(grant("A1", -5min));
    start();
  }
};

}  // namespace mail_oauth::testing
