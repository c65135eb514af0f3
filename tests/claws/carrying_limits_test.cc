// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/carrying_limits.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

constexpr HostVersion k41{4, 1};
constexpr HostVersion k42{4, 2};
constexpr HostVersion k43{4, 3};
constexpr HostVersion k50{5, 0};

}  // namespace

TEST_CASE("what the host can send depends on version and protocol", "[claws][limits]") {
  const auto [version, protocol, bytes, fits] =
      GENERATE(table<HostVersion, Protocol, std::size_t, bool>({
          {k41, Protocol::kImap, 12000, true},
          {k41, Protocol::kImap, 12001, false},
          {k41, Protocol::kPop, 352, true},   // 509 of 510 bytes of its line
          {k41, Protocol::kPop, 353, false},  // the line would be cut
          {k41, Protocol::kSmtp, 8000, true},
          {k41, Protocol::kSmtp, 8001, false},  // near 8170 the host aborts
          {k42, Protocol::kPop, 6100, true},    // since it, two lines and a larger buffer
          {k42, Protocol::kPop, 6101, false},
          {k43, Protocol::kImap, 8000, true},
          {k43, Protocol::kImap, 8001, false},
          {k43, Protocol::kPop, 6100, true},
          {k43, Protocol::kPop, 6101, false},
          {k50, Protocol::kPop, 6100, true},
      }));
  CAPTURE(version.minor_number, protocol_title(protocol), bytes);

  CHECK(can_carry(version, protocol, 20, bytes - 20).has_value() == fits);
}

TEST_CASE("a token that does not fit is refused in words", "[claws][limits]") {
  const auto refused = can_carry(k41, Protocol::kPop, 18, 2500);

  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == Error::Kind::kRefused);
  CHECK(refused.error().what.find("POP3") != std::string::npos);
  CHECK(refused.error().what.find("2518") != std::string::npos);
  CHECK(refused.error().what.find("352") != std::string::npos);
  CHECK(refused.error().what.find("Use IMAP for this account, or Claws Mail 4.2") !=
        std::string::npos);
}

TEST_CASE("a name longer than the limit alone is refused", "[claws][limits]") {
  CHECK_FALSE(can_carry(k41, Protocol::kPop, 400, 1).has_value());
  CHECK_FALSE(can_carry(k41, Protocol::kPop, static_cast<std::size_t>(-1), 1).has_value());
}
