// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/token_door.h"

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "base/source.h"
#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;

namespace {

/// Lives on the thread of the test, and says so.
class HomeSource : public TokenSource {
 public:
  Call token(GrantKey, Protocol, Done<AccessToken> done) override {
    at_home = at_home && std::this_thread::get_id() == home;
    ++asked;
    if (silent) return Call([this] { cancelled = true; });
    post(current_context().get(),
         [done] { done(AccessToken(Secret(std::string_view("token-one")))); });
    return Call();
  }
  void refused(const GrantKey&, std::string_view token) override {
    at_home = at_home && std::this_thread::get_id() == home;
    refused_one = std::string(token);
  }

  const std::thread::id home = std::this_thread::get_id();
  bool silent = false;
  bool at_home = true;
  bool cancelled = false;
  std::atomic<int> asked = 0;
  std::string refused_one;
};

}  // namespace

TEST_CASE("a login on another thread gets its tokens from the source's own", "[etpan][door]") {
  HomeSource source;
  etpan::TokenDoor door(source, {}, Protocol::kImap);
  std::atomic<bool> over = false;
  std::string got;
  std::thread login([&, tokens = door.tokens()] {
    tokens.refused("an old one");
    const auto token = tokens.current();
    got = token ? std::string(token->reveal()) : token.error().what;
    over = true;
    g_main_context_wakeup(nullptr);
  });

  CHECK(test::run_until([&] { return over.load(); }));
  login.join();

  CHECK(got == "token-one");
  CHECK(source.refused_one == "an old one");
  CHECK(source.at_home);
}

TEST_CASE("closing the door ends the wait, and nothing gets through any more", "[etpan][door]") {
  HomeSource source;
  source.silent = true;
  etpan::TokenDoor door(source, {}, Protocol::kImap);
  const auto tokens = door.tokens();
  std::optional<Error::Kind> kind;
  std::thread login([&] {
    const auto token = tokens.current();
    if (!token) kind = token.error().kind;
  });
  CHECK(test::run_until([&] { return source.asked > 0; }));

  door.close();
  login.join();
  CHECK(kind == Error::Kind::kCancelled);
  CHECK(source.cancelled);

  tokens.refused("late");
  test::run_ready();
  CHECK(source.refused_one.empty());
  CHECK(source.asked == 1);
}
