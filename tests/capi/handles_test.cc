// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/handles.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("a token is handed out with its NUL, and wiped when it comes back", "[capi]") {
  char* token = capi::hand_out(AccessToken(Secret("token-one")));
  REQUIRE(std::string(token) == "token-one");

  capi::give_back(token);

  // The arena keeps the page: what is read here is ours, and no token any more.
  CHECK(std::string_view(token, 9) == std::string_view("\0\0\0\0\0\0\0\0\0", 9));
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
