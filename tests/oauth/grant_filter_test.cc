// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/grant_filter.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

const std::vector<GrantKey> kGrants = {{{"q", "c2", ""}, "alice@a.example"},
                                       {{"p", "c1", "t1"}, "alice@a.example"},
                                       {{"p", "c1", "t1"}, "bob@a.example"}};

}  // namespace

TEST_CASE("fitting takes every word that is said, and the address in any case", "[oauth][grant]") {
  CHECK(fitting(kGrants, {"BOB@a.example", "", "", ""}) == std::vector<GrantKey>{kGrants[2]});
  CHECK(fitting(kGrants, {"alice@a.example", "", "", ""}) ==
        std::vector<GrantKey>{kGrants[1], kGrants[0]});
  CHECK(fitting(kGrants, {"alice@a.example", "p", "c1", "t1"}) ==
        std::vector<GrantKey>{kGrants[1]});
  CHECK(fitting(kGrants, {"alice@a.example", "", "c1", "t2"}).empty());
  CHECK(fitting(kGrants, {}).size() == 3);
}

TEST_CASE("a grant is described by all that tells it from others", "[oauth][grant]") {
  CHECK(described(kGrants[1]) == "alice@a.example (provider p, client c1, tenant t1)");
  CHECK(listed({kGrants[0]}) == "\n  alice@a.example (provider q, client c2)");
}
