// SPDX-License-Identifier: GPL-3.0-or-later
//
// Built without a RUNPATH to the module: as a damaged installation would be.
#include "etpan/lazy_mail_probe.h"
#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("a missing libetpan module is told in words", "[etpan][probe]") {
  const auto probe = open_mail_probe({});

  REQUIRE_FALSE(probe);
  CHECK(probe.error().kind == Error::Kind::kInternal);
  CHECK(probe.error().code == "etpan_module");
  CHECK(probe.error().what.find("mail-oauth-etpan.so") != std::string::npos);
}
