// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/built_in_sign_in.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

BuiltInSignIn signed_in() { return {true, true, "c1", "alice@c.test", {"p", "q"}}; }

FormValues page() {
  FormValues form;
  form.client = "c1";
  form.provider = "q";
  return form;
}

}  // namespace

TEST_CASE("a sign-in of the host's own can be taken over", "[claws][built-in]") {
  CHECK(can_be_taken_over(signed_in()));
  CHECK(fits_built_in(signed_in(), page()));
}

TEST_CASE("nothing is offered where the host is not signed in by itself, or nobody knows with what",
          "[claws][built-in]") {
  BuiltInSignIn built_in = signed_in();
  SECTION("another way to log in") { built_in.used = false; }
  SECTION("no refresh token") { built_in.renewable = false; }
  SECTION("a client of the host's own") { built_in.client.clear(); }
  SECTION("servers that no provider has") { built_in.providers.clear(); }
  CHECK_FALSE(can_be_taken_over(built_in));
  CHECK_FALSE(fits_built_in(built_in, page()));
}

TEST_CASE("the host's refresh token goes to no other provider and with no other client",
          "[claws][built-in]") {
  FormValues form = page();
  SECTION("another provider") { form.provider = "elsewhere"; }
  SECTION("another client") { form.client = "c2"; }
  CHECK_FALSE(fits_built_in(signed_in(), form));
}
