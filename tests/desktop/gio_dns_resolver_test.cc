// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/gio_dns_resolver.h"

#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;
using Exchangers = std::vector<std::string>;

TEST_CASE("mail exchangers come in order and in one form", "[desktop][dns]") {
  CHECK(ordered_exchangers({{20, "B.Example."}, {10, "a.example"}, {20, "c.example."}}) ==
        Exchangers{"a.example", "b.example", "c.example"});
  CHECK(ordered_exchangers({{0, "."}}).empty());  // RFC 7505
  CHECK(ordered_exchangers({}).empty());
}

TEST_CASE("no domain is a mistake of the caller, told later", "[desktop][dns]") {
  GioDnsResolver resolver;
  const auto answer = test::answer_of<Exchangers>(
      [&](Done<Exchangers> done) { return resolver.mail_exchangers("", std::move(done)); });

  REQUIRE(answer);
  REQUIRE_FALSE(answer->has_value());
  CHECK(answer->error().kind == Error::Kind::kConfig);
}

TEST_CASE("a dropped look-up is never answered", "[desktop][dns]") {
  GioDnsResolver resolver;
  bool answered = false;
  {
    const Call call =
        resolver.mail_exchangers("name.invalid", [&](Result<Exchangers>) { answered = true; });
  }
  test::run_ready();
  CHECK_FALSE(answered);
}

TEST_CASE("addresses of a host come as text", "[desktop][dns]") {
  GioDnsResolver resolver;
  const auto answer = test::answer_of<Exchangers>(
      [&](Done<Exchangers> done) { return resolver.addresses("127.0.0.1", std::move(done)); });

  REQUIRE(answer);
  REQUIRE(answer->has_value());
  CHECK(**answer == Exchangers{"127.0.0.1"});
}

TEST_CASE("a host that nobody knows may be known later", "[desktop][dns]") {
  GioDnsResolver resolver;  // RFC 6761: never a name of the DNS
  const auto answer = test::answer_of<Exchangers>(
      [&](Done<Exchangers> done) { return resolver.addresses("name.invalid", std::move(done)); });

  REQUIRE(answer);
  REQUIRE_FALSE(answer->has_value());
  CHECK(answer->error().kind == Error::Kind::kTransient);
  CHECK(answer->error().what.find("name.invalid") != std::string::npos);
}
