// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

#include <memory>
#include <string>

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("a Result holds its value", "[base][result]") {
  Result<std::string> result = std::string("value");

  REQUIRE(result.has_value());
  CHECK(*result == "value");
  CHECK(result->size() == 5);
}

TEST_CASE("a Result holds its error", "[base][result]") {
  const Result<std::string> result = make_error(Error::Kind::kStorage, "locked", "code");

  REQUIRE_FALSE(result);
  CHECK(result.error().kind == Error::Kind::kStorage);
  CHECK(result.error().code == "code");
}

TEST_CASE("a Result gives up what can only be moved", "[base][result]") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(4);

  const std::unique_ptr<int> taken = *std::move(result);

  CHECK(*taken == 4);
}

TEST_CASE("exit codes are those that the manual promises", "[base][error]") {
  CHECK(exit_code(Error::Kind::kInternal) == 1);
  CHECK(exit_code(Error::Kind::kConfig) == 2);
  CHECK(exit_code(Error::Kind::kReauthorize) == 3);
  CHECK(exit_code(Error::Kind::kCancelled) == 4);
  CHECK(exit_code(Error::Kind::kTransient) == 5);
  CHECK(exit_code(Error::Kind::kRefused) == 6);
  CHECK(exit_code(Error::Kind::kStorage) == 7);
  CHECK(exit_code(Error::Kind::kProtocol) == 8);
}
