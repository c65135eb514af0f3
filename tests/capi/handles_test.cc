// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/handles.h"

#include <glib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("a token is handed out with its NUL, and wiped when it comes back", "[capi]") {
  char* token = capi::hand_out(AccessToken(Secret("token-one")));
  REQUIRE(std::string(token) == "token-one");

  capi::give_back(token);

  // The arena keeps the page: what is read here is ours, and no token any more.
  CHECK(std::string_view(token, 9) == std::string_view("\0\0\0\0\0\0\0\0\0", 9));
}

TEST_CASE("a token given back twice takes none that was handed out meanwhile", "[capi]") {
  char* stale = capi::hand_out(AccessToken(Secret("token-one")));
  capi::give_back(stale);
  for (int i = 0; i < 63; ++i) {
    char* other = capi::hand_out(AccessToken(Secret("token-two")));
    CHECK(other != stale);
    capi::give_back(stale);
    CHECK(std::string(other) == "token-two");
    capi::give_back(other);
  }
}

TEST_CASE("a token given back twice by two threads at once takes no third one's", "[capi]") {
  char* first = capi::hand_out(AccessToken(Secret("token-one")));
  std::thread one([first] { capi::give_back(first); });
  std::thread two([first] { capi::give_back(first); });
  char* third = capi::hand_out(AccessToken(Secret("token-two")));
  one.join();
  two.join();

  CHECK(std::string(third) == "token-two");
  capi::give_back(third);
}

TEST_CASE("a session given back twice ends none that was opened meanwhile", "[capi]") {
  mail_oauth_session* stale = capi::hand_out(std::make_shared<capi::Session>(capi::Options()));
  capi::give_back(stale);
  for (int i = 0; i < 10; ++i) {
    mail_oauth_session* next = capi::hand_out(std::make_shared<capi::Session>(capi::Options()));
    capi::give_back(stale);

    CHECK(capi::session_of(stale) == nullptr);
    CHECK(capi::session_of(next) != nullptr);
    capi::give_back(next);
  }
}

TEST_CASE("a session that a thread still holds at the end of the program begins nothing any more",
          "[capi]") {
  const auto held = std::make_shared<capi::Session>(capi::Options());
  mail_oauth_session* handle = capi::hand_out(held);
  capi::Account account;
  account.filter = {"nobody@contoso.test", "contoso", "client-1", "t1"};

  capi::end_sessions();

  CHECK(capi::session_of(handle) == nullptr);
  const auto token = held->token(account, Protocol::kImap);
  REQUIRE_FALSE(token);
  CHECK(token.error().kind == Error::Kind::kCancelled);
}

TEST_CASE("a session that was used before a fork is left alone at the end of the child", "[capi]") {
  g_setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  const auto held = std::make_shared<capi::Session>(capi::Options());
  mail_oauth_session* handle = capi::hand_out(held);
  capi::Account account;
  account.filter = {"nobody@contoso.test", "contoso", "client-1", "t1"};
  CHECK_FALSE(held->token(account, Protocol::kImap));

  const pid_t child = fork();
  if (child == 0) {
    capi::end_sessions();
    _exit(capi::session_of(handle) ? 0 : 1);
  }
  int status = 1;
  REQUIRE(waitpid(child, &status, 0) == child);

  CHECK(status == 0);
  capi::give_back(handle);
}

TEST_CASE("what is not ours, or no longer, does no harm", "[capi]") {
  auto session = std::make_shared<capi::Session>(capi::Options());
  const std::weak_ptr<capi::Session> alive = session;
  mail_oauth_session* handle = capi::hand_out(std::move(session));
  CHECK(capi::session_of(handle) == alive.lock());
  int nobodys = 0;

  capi::give_back(nullptr);
  capi::give_back(&nobodys);
  CHECK_FALSE(alive.expired());
  capi::give_back(handle);
  capi::give_back(handle);

  CHECK(alive.expired());
  CHECK(capi::session_of(handle) == nullptr);
}
