// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/name_pattern.h"

#include <string>

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("a pattern is one name, or every name below one", "[manifest][pattern]") {
  const auto [pattern, name, fits] = GENERATE(table<std::string, std::string, bool>({
      {"example.com", "example.com", true},
      {"example.com", "mail.example.com", false},
      {"*.example.com", "mail.example.com", true},
      {"*.example.com", "a.b.example.com", true},
      {"*.example.com", "example.com", false},       // below it, not itself
      {"*.example.com", ".example.com", false},      // no name in front
      {"*.example.com", "evilexample.com", false},   // another domain that ends alike
      {"*.example.com", "example.com.evil", false},  // ours in front
  }));
  CAPTURE(pattern, name);

  CHECK(manifest::name_fits(pattern, name) == fits);
}

TEST_CASE("a pattern that stands for no name is not acceptable", "[manifest][pattern]") {
  const auto [pattern, good] = GENERATE(table<std::string, bool>({
      {"example.com", true},
      {"*.example.com", true},
      {"xn--bcher-kva.example", true},
      {"", false},
      {"*", false},
      {"*.", false},
      {"*.*.example.com", false},
      {"mail*.example.com", false},
      {"example.com.", false},  // names come without their last dot
      {"a b", false},
      {"https://example.com", false},
  }));
  CAPTURE(pattern);

  CHECK(manifest::acceptable_pattern(pattern) == good);
}
