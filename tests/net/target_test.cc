// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/target.h"

#include "support/catch.h"

using namespace mail_oauth;
using net::parse_target;

TEST_CASE("parse_target takes addresses apart", "[net][target]") {
  const auto [url, origin, port,
              resource] = GENERATE(table<std::string, std::string, int, std::string>({
      {"https://Login.Example.COM/a%20b?c=%2B#d", "https://login.example.com", 443, "/a%20b?c=%2B"},
      {"https://login.example.com", "https://login.example.com", 443, "/"},
      {"https://login.example.com:443/", "https://login.example.com", 443, "/"},
      {"https://login.example.com:8443/t", "https://login.example.com:8443", 8443, "/t"},
      {"http://127.0.0.1:8080/t", "http://127.0.0.1:8080", 8080, "/t"},
      {"http://localhost/t?", "http://localhost", 80, "/t?"},
  }));
  CAPTURE(url);

  const auto target = parse_target(url);

  REQUIRE(target.has_value());
  CHECK(target->origin() == origin);
  CHECK(target->port == port);
  CHECK(target->resource == resource);
}

TEST_CASE("parse_target refuses what may not be asked", "[net][target]") {
  const std::string url = GENERATE(
      as<std::string>{}, "", "x", "/path", "https://", "ftp://localhost/", "http://example.com/",
      "http://localhost.example.com/", "http://127.0.0.1.example.com/", "https://me@example.com/",
      "https://me:pw@example.com/", "https://[2001:db8::1]/", "https://exa mple.com/",
      "https://example.com:99999/");
  CAPTURE(url);

  const auto target = parse_target(url);

  REQUIRE_FALSE(target.has_value());
  CHECK(target.error().kind == Error::Kind::kConfig);
}

TEST_CASE("an address cannot end the line of the request that it stands in", "[net][target]") {
  const auto [url, resource] = GENERATE(table<std::string, std::string>({
      {"https://example.com/a\r\nX-Mine: 1", "/a%0D%0AX-Mine:%201"},
      {"https://example.com/?a=\n1", "/?a=%0A1"},
      {"https://example.com/a b", "/a%20b"},
      {"https://example.com/a\t\x7f", "/a%09%7F"},
  }));
  CAPTURE(url);

  const auto target = parse_target(url);

  REQUIRE(target.has_value());
  CHECK(target->resource == resource);
}

TEST_CASE("parse_target repeats no query, which may hold a secret", "[net][target]") {
  const auto target = parse_target("http://example.com/token?code=hunter2");

  REQUIRE_FALSE(target.has_value());
  CHECK(target.error().what.find("http://example.com/token") != std::string::npos);
  CHECK(target.error().what.find("hunter2") == std::string::npos);
}

TEST_CASE("parse_target names what it refuses, without a user or a password", "[net][target]") {
  const auto [url, shown] = GENERATE(table<std::string, std::string>({
      {"", "\"\""},
      {"nonsense", "\"nonsense\""},
      {"https:///token", "\"https:///token\""},
      {"https://exa mple.com/token?code=hunter2", "\"https://exa mple.com/token\""},
      {"https://example.com:99999/", "\"https://example.com:99999/\""},
      {"https://[2001:db8::1]/token", "\"https://[2001:db8::1]/token\""},
      {"https://hunter2@example.com/token", "\"https://example.com\""},
      {"https://me:hunter2@example.com/token", "\"https://example.com\""},
      // What is a password there cannot be told for sure.
      {"https://me:hunt@hunter2@example.com/", "\"\""},
      {"https://me:hunter2?x@example.com/", "\"\""},
      {"me:hunter2@example.com", "\"\""},
      {"https://me:hunter2@exa mple.com/", "\"\""},
  }));
  CAPTURE(url);

  const auto target = parse_target(url);

  REQUIRE_FALSE(target.has_value());
  CHECK(target.error().what.find(shown) != std::string::npos);
  CHECK(target.error().what.find("hunter2") == std::string::npos);
}
