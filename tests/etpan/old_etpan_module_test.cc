// SPDX-License-Identifier: GPL-3.0-or-later
//
// Its RUNPATH leads to old_build.cc.
#include "etpan/lazy_mail_probe.h"
#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("an old libetpan module is told in words, and not called", "[etpan][probe]") {
  const auto probe = open_mail_probe({});

  REQUIRE_FALSE(probe);
  CHECK(probe.error().kind == Error::Kind::kInternal);
  CHECK(probe.error().code == "etpan_module");
  CHECK(probe.error().what.find("install mail-oauth again") != std::string::npos);
}
