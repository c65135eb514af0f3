// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/random.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("random_bytes gives as many as asked for, others each time", "[crypto][random]") {
  const auto first = crypto::random_bytes(32);
  const auto second = crypto::random_bytes(32);

  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->size() == 32);
  CHECK_FALSE(first->equals(second->reveal()));
}

TEST_CASE("no random bytes are no bytes", "[crypto][random]") {
  REQUIRE(crypto::random_bytes(0));
  CHECK(crypto::random_bytes(0)->empty());
}
