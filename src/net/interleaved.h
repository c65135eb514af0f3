// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pure; any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace mail_oauth::net {

/// Those of both families in turn, beginning with the first's (RFC 8305 section 4); the order
/// within each stays. `family` says which one an address is of.
template <class Address, class Family>
std::vector<Address> interleaved(std::vector<Address> addresses, const Family& family) {
  std::vector<Address> mixed;
  if (addresses.empty()) return mixed;
  const auto first_family = family(addresses.front());
  const auto middle =
      std::stable_partition(addresses.begin(), addresses.end(),
                            [&](const Address& one) { return family(one) == first_family; });
  auto first = addresses.begin();
  auto second = middle;
  while (first != middle || second != addresses.end()) {
    if (first != middle) mixed.push_back(*first++);
    if (second != addresses.end()) mixed.push_back(*second++);
  }
  return mixed;
}

}  // namespace mail_oauth::net
