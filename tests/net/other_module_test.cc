// SPDX-License-Identifier: GPL-3.0-or-later
//
// Its RUNPATH leads to other_build.cc.
#include <string>

#include "base/log.h"
#include "net/lazy_http_client.h"
#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;

TEST_CASE("a module of another build is told in words, and not called", "[net]") {
  std::string log;
  set_log_sink([&log](std::string_view line) { log += line; });
  LazyHttpClient client{HttpOptions{}};

  const auto answer = test::answer_of<HttpAnswer>(
      [&](Done<HttpAnswer> done) { return client.send(HttpRequest{}, std::move(done)); });
  set_log_sink({});

  REQUIRE(answer);
  REQUIRE_FALSE(answer->has_value());
  CHECK(answer->error().kind == Error::Kind::kInternal);
  CHECK(answer->error().code == "net_module");
  CHECK(answer->error().what.find("install mail-oauth again") != std::string::npos);
  CHECK(log.find("another build") != std::string::npos);
}
