// SPDX-License-Identifier: GPL-3.0-or-later
//
// Built without a RUNPATH to the module: as a damaged installation would be.
#include "net/lazy_http_client.h"
#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;

TEST_CASE("a missing module is told in words, and later", "[net]") {
  LazyHttpClient client{HttpOptions{}};

  const auto answer = test::answer_of<HttpAnswer>(
      [&](Done<HttpAnswer> done) { return client.send(HttpRequest{}, std::move(done)); });

  REQUIRE(answer);
  REQUIRE_FALSE(answer->has_value());
  CHECK(answer->error().kind == Error::Kind::kInternal);
  CHECK(answer->error().what.find("mail-oauth-net.so") != std::string::npos);
}

TEST_CASE("the answer about a missing module can be cancelled too", "[net]") {
  LazyHttpClient client{HttpOptions{}};
  bool answered = false;
  {
    const Call call = client.send(HttpRequest{}, [&](Result<HttpAnswer>) { answered = true; });
  }
  test::run_ready();
  CHECK_FALSE(answered);
}
