// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/proxy.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::net;

TEST_CASE("parse_proxy reads what people write in https_proxy", "[net][proxy]") {
  const auto [value, address, user, password] =
      GENERATE(table<std::string, std::string, std::string, std::string>({
          {"http://proxy.example:3128", "proxy.example:3128", "", ""},
          {"http://proxy.example:3128/", "proxy.example:3128", "", ""},
          {"proxy.example:3128", "proxy.example:3128", "", ""},
          {"proxy.example", "proxy.example:8080", "", ""},
          {"http://me:p%40ss@proxy.example:3128", "proxy.example:3128", "me", "p@ss"},
          {"me:pw@proxy.example:3128", "proxy.example:3128", "me", "pw"},
      }));
  CAPTURE(value);

  const auto proxy = parse_proxy(value, "https_proxy");

  REQUIRE(proxy.has_value());
  CHECK(proxy->host + ":" + std::to_string(proxy->port) == address);
  CHECK(proxy->user == user);
  CHECK(proxy->password.reveal() == password);
}

TEST_CASE("parse_proxy refuses other kinds, names the variable and repeats nothing",
          "[net][proxy]") {
  const std::string value = GENERATE(as<std::string>{}, "https://me:hunter2@proxy.example:443",
                                     "socks5://hunter2.example:1080", "http://", "http://a b/");
  CAPTURE(value);

  const auto proxy = parse_proxy(value, "HTTPS_PROXY");

  REQUIRE_FALSE(proxy.has_value());
  CHECK(proxy.error().kind == Error::Kind::kConfig);
  CHECK(proxy.error().what.find("The proxy in HTTPS_PROXY") != std::string::npos);
  CHECK(proxy.error().what.find("hunter2") == std::string::npos);
}

TEST_CASE("no_proxy is matched as curl does", "[net][proxy]") {
  const auto [list, url, bypassed] = GENERATE(table<std::string, std::string, bool>({
      {"", "https://a.example.com/", false},
      {"*", "https://a.example.com/", true},
      {"a.example.com", "https://a.example.com/", true},
      {"A.Example.Com", "https://a.example.com/", true},
      {"example.com", "https://a.example.com/", true},
      {".example.com", "https://a.example.com/", true},
      {"*.example.com", "https://a.example.com/", true},
      {".example.com", "https://example.com/", true},
      {"ample.com", "https://a.example.com/", false},  // no part of a label
      {"b.example.com", "https://a.example.com/", false},
      {"x.test, example.com", "https://a.example.com/", true},
      {"x.test example.com", "https://a.example.com/", true},
      {"a.example.com:443", "https://a.example.com/", true},
      {"a.example.com:8443", "https://a.example.com/", false},
      {"a.example.com:8443", "https://a.example.com:8443/", true},
      {"192.0.2.7", "https://192.0.2.7/", true},
      {"", "http://localhost:99/", true},  // loopback never goes through a proxy
      {"", "https://127.0.0.1/", true},
      {",, ,.,*.", "https://a.example.com/", false},
  }));
  CAPTURE(list, url);

  CHECK(bypasses_proxy(list, *parse_target(url)) == bypassed);
}
