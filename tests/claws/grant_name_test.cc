// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/grant_name.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

TEST_CASE("a grant's name holds its whole key, without blanks", "[claws][grant_name]") {
  const GrantKey key{{"p", "a:b", "t t"}, "alice@example.com"};

  CHECK(grant_name(key) == "grant:p:a%3Ab:t%20t:alice%40example.com");
  CHECK(grant_of_name(grant_name(key)) == key);
  CHECK(grant_of_name("grant:p:c::a%40b") == GrantKey{{"p", "c", ""}, "a@b"});
}

TEST_CASE("what is no grant's name is none", "[claws][grant_name]") {
  const auto name =
      GENERATE(as<std::string>{}, "", "probe", "3:recv:alice:imap.example.com", "grant:p:c:t",
               "grant:p:c:t:a:b", "grant:p:c:t:%zz", "grant:p:c:t:%00");
  CAPTURE(name);

  CHECK_FALSE(grant_of_name(name));
}
