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
#include "support/manual_clock.h"
#include "support/memory_store.h"
#include "support/scripted_http_client.h"
#include "support/temp_folder.h"

namespace mail_oauth::testing {

using namespace std::chrono_literals;

inline const GrantKey kAlice{{"contoso", "client-1", "t1"}, "alice@contoso.test"};
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
  std::vector<GrantKey> signed_in;
  FreshTokens fresh;  ///< Kept as ThreadedBroker keeps it.
  int http_made = 0;
  bool ahead = false;
  bool proves_store = false;
  double jitter = 0;
  std::unique_ptr<Broker> broker;

  std::string lock_folder() const { return folder.path() + "/lock"; }

  BrokerParts parts() {
    BrokerParts parts{[this]() -> Result<HttpClient*> {
                        ++http_made;
                        return static_cast<HttpClient*>(&http);
                      },
                      store,
                      &quiet_store,
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

  std::shared_ptr<Asked<Grant>> give_up() {
    auto asked = std::make_shared<Asked<Grant>>();
    asked->call = broker->give_up(kAlice, [asked = asked.get()](Result<Grant> result) {
      asked->result.emplace(std::move(result));
    });
    return asked;
  }

  std::string stored_refresh() const {
    const auto found = items->grants.find(kAlice);
    return found == items->grants.end() ? "" : std::string(found->second.refresh_token.reveal());
  }
};

}  // namespace mail_oauth::testing
