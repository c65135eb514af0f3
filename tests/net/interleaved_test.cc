// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/interleaved.h"

#include <string>

#include "support/catch.h"

using mail_oauth::net::interleaved;

TEST_CASE("addresses of both families come in turn, each family in its order", "[net]") {
  using List = std::vector<std::string>;
  const auto [addresses, mixed] = GENERATE(table<List, List>({
      {{}, {}},
      {{"::1"}, {"::1"}},
      {{"::1", "::2", "1.1"}, {"::1", "1.1", "::2"}},
      {{"1.1", "1.2", "1.3", "::1"}, {"1.1", "::1", "1.2", "1.3"}},
      {{"::1", "1.1", "1.2", "1.3", "::2"}, {"::1", "1.1", "::2", "1.2", "1.3"}},
  }));

  const auto is_ipv6 = [](const std::string& one) { return one.find(':') != std::string::npos; };

  CHECK(interleaved(addresses, is_ipv6) == mixed);
}
