// SPDX-License-Identifier: GPL-3.0-or-later
//
// The wait itself, with the two functions of the host that it calls played here.
#include "claws/token_wait.h"

#include <glib.h>

#include <deque>

#include "claws/host.h"
#include "support/catch.h"

namespace {

bool exiting = false;

}  // namespace

extern "C" {

gboolean claws_is_exiting(void) { return exiting; }
MainWindow* mainwindow_get_mainwindow(void) { return nullptr; }

}  // extern "C"

using namespace mail_oauth;
using claws::TokenWait;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Answers when it is told to; remembers which questions nobody waits for any more.
class ScriptedTokenSource : public TokenSource {
 public:
  Call token(GrantKey, Protocol, Done<AccessToken> done) override {
    asked.push_back(std::move(done));
    const std::size_t number = asked.size() - 1;
    return Call([this, number] { asked[number] = nullptr; });
  }
  void refused(const GrantKey&, std::string_view) override {}

  void answer(std::size_t number, std::string_view token) {
    if (asked[number]) asked[number](AccessToken{Secret(token)});
  }

  std::deque<Done<AccessToken>> asked;
};

/// Runs `action` from the main loop, as the host's timers and windows do.
class Later {
 public:
  explicit Later(std::function<void()> action) : action_(std::move(action)) {
    g_idle_add(
        [](gpointer self) -> gboolean {
          static_cast<Later*>(self)->action_();
          return G_SOURCE_REMOVE;
        },
        this);
  }

 private:
  std::function<void()> action_;
};

Result<AccessToken> ask(TokenWait& wait, ScriptedTokenSource& source) {
  return wait.ask(source, GrantKey{}, Protocol::kImap, "Waiting.");
}

}  // namespace

TEST_CASE("A wait ends with the answer, and the loop runs meanwhile", "[claws][wait]") {
  ScriptedTokenSource source;
  TokenWait wait(seconds(20));
  const Later answer([&] { source.answer(0, "token"); });

  const auto token = ask(wait, source);

  REQUIRE(token.has_value());
  CHECK(token->reveal() == "token");
}

TEST_CASE("A wait is bounded, and a late answer meets nobody", "[claws][wait]") {
  ScriptedTokenSource source;
  TokenWait wait(milliseconds(50));

  const auto token = ask(wait, source);

  REQUIRE_FALSE(token.has_value());
  CHECK(token.error().kind == Error::Kind::kTransient);
  CHECK(source.asked[0] == nullptr);
}

TEST_CASE("Waits nest, and the outer one's answer is kept until the inner one ends",
          "[claws][wait]") {
  ScriptedTokenSource source;
  TokenWait wait(seconds(20));
  std::vector<std::string> ended;
  std::optional<Result<AccessToken>> inner;
  const Later nested([&] {
    const Later outer_first([&] { source.answer(0, "outer"); });
    const Later inner_second([&] { source.answer(1, "inner"); });
    inner.emplace(ask(wait, source));
    ended.emplace_back("inner");
  });

  const auto outer = ask(wait, source);
  ended.emplace_back("outer");

  REQUIRE(inner->has_value());
  REQUIRE(outer.has_value());
  CHECK((*inner)->reveal() == "inner");
  CHECK(outer->reveal() == "outer");
  CHECK(ended == std::vector<std::string>{"inner", "outer"});
}

TEST_CASE("A nested wait that runs out of time leaves the outer one alone", "[claws][wait]") {
  ScriptedTokenSource source;
  TokenWait outer_wait(seconds(20));
  TokenWait inner_wait(milliseconds(50));
  std::optional<Result<AccessToken>> inner;
  const Later nested([&] {
    inner.emplace(ask(inner_wait, source));
    source.answer(0, "outer");
  });

  const auto outer = ask(outer_wait, source);

  CHECK(inner->error().kind == Error::Kind::kTransient);
  CHECK(outer.has_value());
}

TEST_CASE("All waits end when the plugin is unloaded, and later ones are not touched",
          "[claws][wait]") {
  ScriptedTokenSource source;
  TokenWait wait(seconds(20));
  std::optional<Result<AccessToken>> inner;
  const Later nested([&] {
    const Later unload([&] { wait.end_all(); });
    inner.emplace(ask(wait, source));
  });

  const auto outer = ask(wait, source);

  CHECK(inner->error().kind == Error::Kind::kCancelled);
  CHECK(outer.error().kind == Error::Kind::kCancelled);
  const Later answer([&] { source.answer(2, "token"); });
  CHECK(ask(wait, source).has_value());
}

TEST_CASE("A wait ends when the host does", "[claws][wait]") {
  ScriptedTokenSource source;
  TokenWait wait(seconds(20));
  const Later exit([] { exiting = true; });

  const auto token = ask(wait, source);
  exiting = false;

  REQUIRE_FALSE(token.has_value());
  CHECK(token.error().kind == Error::Kind::kCancelled);
}
