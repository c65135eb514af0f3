// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every port that a sign-in works with, scripted. Answers come from an idle, as ports promise.
#pragma once

#include <glib.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ports/browser.h"
#include "ports/clock.h"
#include "ports/grant_keeper.h"
#include "ports/http_client.h"
#include "ports/redirect_listener.h"
#include "ports/token_store.h"
#include "signin/when_idle.h"
#include "support/quiet.h"

namespace mail_oauth::testing {

/// What happened, in order: "store.prove", "listen", "browser" ...
using Journal = std::vector<std::string>;

template <class T>
Call answer_later(Done<T> done, Result<T> result) {
  auto kept = std::make_shared<Result<T>>(std::move(result));
  return signin::when_idle([done, kept] { done(std::move(*kept)); });
}

struct FakeClock : Clock {
  WallTime time = WallTime(std::chrono::seconds(1'700'000'000));
  WallTime::duration set_by{0};
  struct Timer {
    BootTime due;
    std::function<void()> then;
  };
  std::vector<std::shared_ptr<Timer>> timers;

  WallTime now() const override { return time; }
  BootTime uptime() const override { return BootTime((time - set_by).time_since_epoch()); }
  Call after(std::chrono::milliseconds delay, std::function<void()> then) override {
    auto timer = std::make_shared<Timer>(Timer{uptime() + delay, std::move(then)});
    timers.push_back(timer);
    return Call([timer] { timer->then = nullptr; });
  }
  /// Somebody sets the wall clock; nothing else changes.
  void step(WallTime::duration by) {
    set_by += by;
    time += by;
  }
  void advance(std::chrono::seconds by) {
    const WallTime end = time + by;
    while (time < end) {
      time += std::min<WallTime::duration>(std::chrono::seconds(1), end - time);
      const auto due = timers;
      for (const auto& timer : due) {
        if (timer->due > uptime()) continue;
        if (auto then = std::exchange(timer->then, nullptr)) then();
      }
      run_until_quiet();
    }
  }
};

struct FakeStore : TokenStore {
  explicit FakeStore(Journal& the_journal) : journal(the_journal) {}
  Journal& journal;
  std::optional<Error> failure;
  std::string client_secret;

  Call prove_writable(Done<void> done) override {
    journal.push_back("store.prove");
    return answer_later<void>(done, failure ? Result<void>(*failure) : Result<void>());
  }
  Call load(GrantKey, Done<std::optional<Grant>> done) override {
    return answer_later<std::optional<Grant>>(done, std::optional<Grant>());
  }
  Call save(Grant, Done<void> done) override { return answer_later<void>(done, {}); }
  Call erase(GrantKey, Done<void> done) override { return answer_later<void>(done, {}); }
  Call list(Done<std::vector<GrantKey>> done) override {
    return answer_later<std::vector<GrantKey>>(done, std::vector<GrantKey>());
  }
  Call load_client_secret(ClientKey, Done<std::optional<ClientSecret>> done) override {
    journal.push_back("store.secret");
    std::optional<ClientSecret> found;
    if (!client_secret.empty()) found.emplace(Secret(client_secret));
    return answer_later<std::optional<ClientSecret>>(done, std::move(found));
  }
  Call save_client_secret(ClientKey, ClientSecret, Done<void> done) override {
    return answer_later<void>(done, {});
  }
};

/// Answers requests in order.
struct FakeHttp : HttpClient {
  explicit FakeHttp(Journal& the_journal) : journal(the_journal) {}
  struct Scripted {
    int status = 200;
    std::string body;
    std::optional<Error> failure;
  };
  struct Seen {
    std::string url;
    std::string body;
    std::string authorization;
    std::string ca_file;
  };
  Journal& journal;
  std::deque<Scripted> script;
  std::function<std::string(std::string)> filled;  ///< What an answer's body becomes; may be empty.
  std::map<std::string, std::string> headers;      ///< Of every answer.
  std::vector<Seen> seen;

  Call send(HttpRequest request, Done<HttpAnswer> done) override {
    journal.push_back("http " + request.url);
    seen.push_back({request.url, std::string(request.body.reveal()),
                    std::string(request.authorization.reveal()), request.ca_file});
    if (script.empty()) {
      return answer_later<HttpAnswer>(done, make_error(Error::Kind::kInternal, "no script"));
    }
    const Scripted next = script.front();
    script.pop_front();
    if (next.failure) return answer_later<HttpAnswer>(done, *next.failure);
    HttpAnswer answer;
    answer.status = next.status;
    answer.headers = headers;
    answer.body = Secret(filled ? filled(next.body) : next.body);
    return answer_later<HttpAnswer>(done, std::move(answer));
  }
};

struct FakeListener : RedirectListener {
  explicit FakeListener(Journal& the_journal) : journal(the_journal) {}
  ~FakeListener() override { journal.push_back("listen no more"); }
  Journal& journal;
  std::string redirect_uri() const override { return "http://localhost:4711/"; }
};

struct FakeListeners : RedirectListenerFactory {
  explicit FakeListeners(Journal& the_journal) : journal(the_journal) {}
  Journal& journal;
  std::optional<Error> failure;
  RedirectJudge judge;

  Result<std::unique_ptr<RedirectListener>> listen(const RedirectRule&,
                                                   RedirectJudge the_judge) override {
    journal.push_back("listen");
    if (failure) return *failure;
    judge = std::move(the_judge);
    return std::unique_ptr<RedirectListener>(std::make_unique<FakeListener>(journal));
  }
};

struct FakeBrowser : Browser {
  explicit FakeBrowser(Journal& the_journal) : journal(the_journal) {}
  Journal& journal;
  std::optional<Error> failure;
  std::string url;

  Result<void> open(const std::string& the_url) override {
    journal.push_back("browser");
    url = the_url;
    if (failure) return *failure;
    return {};
  }
};

struct FakeKeeper : GrantKeeper {
  explicit FakeKeeper(Journal& the_journal) : journal(the_journal) {}
  Journal& journal;
  std::optional<Error> failure;
  std::optional<Grant> grant;
  std::optional<Grant> other;  ///< To be given up, too.
  bool late = false;
  Done<void>
      due;  ///< Where it is late: whom it has to answer, who does not wait any more when empty.

  Call adopt(Grant the_grant, Done<void> done) override {
    journal.push_back("adopt");
    grant = std::move(the_grant);
    if (late) {
      due = std::move(done);
      return Call([this] { due = nullptr; });
    }
    return answer_later<void>(done, failure ? Result<void>(*failure) : Result<void>());
  }
  Call give_up(GrantKey, Done<std::vector<Grant>> done) override {
    journal.push_back("give up");
    using Given = std::vector<Grant>;
    if (failure || !grant) {
      return answer_later<Given>(
          done, failure ? *failure : make_error(Error::Kind::kConfig, "no such grant"));
    }
    Given given;
    given.push_back(*std::exchange(grant, std::nullopt));
    if (other) given.push_back(*std::exchange(other, std::nullopt));
    return answer_later<Given>(done, std::move(given));
  }
};

}  // namespace mail_oauth::testing
