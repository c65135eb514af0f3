// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/asking.h"
#include "net/stand_ins.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::test;

TEST_CASE("a program that can open nothing more does not ask whether the network is up", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const std::string url =
      GENERATE(as<std::string>{}, WebServer::instance().plain("/ok"), "https://name.invalid/");
  CAPTURE(name_of(method), url);
  const NoSockets none;

  const auto answer = ask(request(method, url));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
  CHECK(has(answer.error().what, "too many files or threads open"));
}
