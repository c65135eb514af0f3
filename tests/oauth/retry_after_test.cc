// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/retry_after.h"

#include "support/catch.h"

using namespace mail_oauth;
using oauth::retry_after;
using std::chrono::seconds;

namespace {

/// Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110's examples.
const WallTime kThen = std::chrono::system_clock::from_time_t(784111777);

}  // namespace

TEST_CASE("Retry-After is read in seconds", "[oauth][retry_after]") {
  const auto [value, wanted] = GENERATE(table<std::string, int>({
      {"120", 120}, {"0", 0}, {" 7\t", 7}, {"999999999", 999999999},  // the caller caps
  }));
  CHECK(retry_after(value, kThen) == seconds(wanted));
}

TEST_CASE("Retry-After is read as a date in all three forms", "[oauth][retry_after]") {
  const std::string value = GENERATE(as<std::string>{}, "Sun, 06 Nov 1994 08:49:37 GMT",
                                     "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994");
  CAPTURE(value);

  CHECK(retry_after(value, kThen - seconds(90)) == seconds(90));
  CHECK(retry_after(value, kThen + seconds(90)) == seconds(0));  // it has passed
}

TEST_CASE("a date of this century is read in the short form too", "[oauth][retry_after]") {
  const WallTime before = std::chrono::system_clock::from_time_t(1767225600);  // 2026-01-01
  CHECK(retry_after("Thursday, 01-Jan-26 00:00:30 GMT", before) == seconds(30));
}

TEST_CASE("what is no Retry-After is no wish", "[oauth][retry_after]") {
  const std::string value =
      GENERATE(as<std::string>{}, "", "  ", "-1", "1.5", "soon", "1 hour", "9999999999",
               "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994", "Sun, 99 Nov 1994 08:49:37 GMT",
               "Sun, 06 Nov 1994 08:49:37 GMT and more");
  CAPTURE(value);
  CHECK_FALSE(retry_after(value, kThen).has_value());
}

TEST_CASE("a peer's clock is read from its Date", "[oauth][retry_after]") {
  CHECK(oauth::http_date("Sun, 06 Nov 1994 08:49:37 GMT") == kThen);
  CHECK(oauth::http_date(" Sunday, 06-Nov-94 08:49:37 GMT") == kThen);
  const std::string value =
      GENERATE(as<std::string>{}, "", "784111777", "now", "Sun, 06 Nov 1994 08:49:37 GMT, again");
  CAPTURE(value);
  CHECK_FALSE(oauth::http_date(value).has_value());
}

TEST_CASE("a date in a far year is far away and does not overflow", "[oauth][retry_after]") {
  const auto wish = oauth::retry_after("Fri, 31 Dec 4641 23:59:59 GMT", kThen);
  REQUIRE(wish.has_value());
  CHECK(*wish > std::chrono::hours(24 * 365 * 100));
  CHECK(oauth::retry_after("Fri, 31 Dec 0001 23:59:59 GMT", kThen) == std::chrono::seconds(0));
}
