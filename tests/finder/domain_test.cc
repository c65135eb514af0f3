// SPDX-License-Identifier: GPL-3.0-or-later
#include "finder/domain.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("the domain of an address is as the DNS writes it", "[finder][domain]") {
  const auto [address, domain] = GENERATE(table<std::string, std::string>({
      {"alice@example.com", "example.com"},
      {"Alice@Example.COM", "example.com"},
      {"alice@example.com.", "example.com"},
      {"\"a@b\"@example.com", "example.com"},  // RFC 5321: a quoted local part may hold "@"
      {"example.com", "example.com"},
      {"alice@b\xc3\xbc"
       "cher.example",
       "xn--bcher-kva.example"},
  }));
  CAPTURE(address);

  const auto found = finder::domain_of(address);

  REQUIRE(found);
  CHECK(*found == domain);
}

TEST_CASE("what could change a URL is no domain", "[finder][domain]") {
  const auto address =
      GENERATE(as<std::string>{}, "", "alice@", "alice@.", "alice@a/b", "alice@a:1", "alice@a?b",
               "alice@a#b", "alice@a b", "alice@a%2fb", "alice@a..b", "alice@-a", "alice@\xff",
               "alice@[127.0.0.1]", "alice@" + std::string(300, 'a'));
  CAPTURE(address);

  const auto found = finder::domain_of(address);

  REQUIRE_FALSE(found);
  CHECK(found.error().kind == Error::Kind::kConfig);
  CHECK(found.error().what.find("alice") == std::string::npos);
}
