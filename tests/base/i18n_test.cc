// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/i18n.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("format fills placeholders in order and by number", "[base][i18n]") {
  CHECK(format("{} of {}", {"1", "2"}) == "1 of 2");
  CHECK(format("{2} before {1}", {"a", "b"}) == "b before a");
}

TEST_CASE("format leaves what it has no value for", "[base][i18n]") {
  CHECK(format("{} and {}", {"one"}) == "one and {}");
  CHECK(format("{9} {x} {", {"one"}) == "{9} {x} {");
}

TEST_CASE("format does not read placeholders in the values", "[base][i18n]") {
  CHECK(format("{} {}", {"{}", "b"}) == "{} b");
}
