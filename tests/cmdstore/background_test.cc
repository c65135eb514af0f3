// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/background.h"

#include <stdexcept>

#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;
using cmdstore::in_background;
using cmdstore::Stop;

TEST_CASE("work in the background is answered in the asker's context, once", "[cmdstore]") {
  const auto answer = test::answer_of<int>([](Done<int> done) {
    return in_background<int>([](const Stop&) { return Result<int>(42); }, std::move(done));
  });

  REQUIRE(answer);
  REQUIRE(*answer);
  CHECK(**answer == 42);
}

TEST_CASE("work that throws is answered all the same", "[cmdstore]") {
  const auto answer = test::answer_of<int>([](Done<int> done) {
    return in_background<int>(
        [](const Stop&) -> Result<int> { throw std::runtime_error("a secret"); }, std::move(done));
  });

  REQUIRE(answer);
  REQUIRE_FALSE(*answer);
  CHECK(answer->error().kind == Error::Kind::kInternal);
  CHECK(answer->error().what.find("a secret") == std::string::npos);
}
