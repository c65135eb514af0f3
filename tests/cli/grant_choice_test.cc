// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grant_choice.h"

#include "support/catch.h"

using namespace mail_oauth;
using Kind = Error::Kind;

namespace {

const std::vector<GrantKey> kGrants = {{{"p", "c1", "t1"}, "alice@a.example"},
                                       {{"p", "c1", "t2"}, "alice@a.example"},
                                       {{"q", "c2", ""}, "alice@a.example"},
                                       {{"p", "c1", "t1"}, "bob@a.example"}};

}  // namespace

TEST_CASE("an address without rivals is enough, in any case", "[cli][grants]") {
  const auto key = cli::choose_grant(kGrants, {"Bob@A.example", "", "", ""}, Kind::kConfig);

  REQUIRE(key);
  CHECK(*key == kGrants[3]);
}

TEST_CASE("options narrow the choice", "[cli][grants]") {
  CHECK(*cli::choose_grant(kGrants, {"alice@a.example", "q", "", ""}, Kind::kConfig) == kGrants[2]);
  CHECK(*cli::choose_grant(kGrants, {"alice@a.example", "", "c2", ""}, Kind::kConfig) ==
        kGrants[2]);
  CHECK(*cli::choose_grant(kGrants, {"alice@a.example", "p", "", "t2"}, Kind::kConfig) ==
        kGrants[1]);
}

TEST_CASE("several that fit are listed", "[cli][grants]") {
  const auto key = cli::choose_grant(kGrants, {"alice@a.example", "", "", ""}, Kind::kReauthorize);

  REQUIRE_FALSE(key);
  CHECK(key.error().kind == Kind::kConfig);
  for (const char* part : {"tenant t1", "tenant t2", "provider q", "--provider"}) {
    CHECK(key.error().what.find(part) != std::string::npos);
  }
}

TEST_CASE("who is signed in, but not as narrowed, is told with what there is", "[cli][grants]") {
  const auto key = cli::choose_grant(kGrants, {"bob@a.example", "q", "", ""}, Kind::kReauthorize);

  REQUIRE_FALSE(key);
  CHECK(key.error().kind == Kind::kReauthorize);
  CHECK(key.error().what.find("bob@a.example is signed in, but not") == 0);
  CHECK(key.error().what.find("provider p, client c1, tenant t1") != std::string::npos);
}

TEST_CASE("nobody is the kind that the caller wants", "[cli][grants]") {
  const auto kind = GENERATE(Kind::kReauthorize, Kind::kConfig);

  const auto key = cli::choose_grant(kGrants, {"carol@a.example", "", "", ""}, kind);

  REQUIRE_FALSE(key);
  CHECK(key.error().kind == kind);
  CHECK(key.error().what.find("mail-oauth login carol@a.example") != std::string::npos);
}
