// SPDX-License-Identifier: GPL-3.0-or-later
//
// The domain of an address, fit for the DNS and for a URL. It is all of an address that leaves the
// machine while a provider is looked for. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mail_oauth::finder {

/// What stands behind the last "@", in lower case, internationalized names as the DNS writes them
/// ("xn--..."), without the last dot. An address without "@" counts as a domain.
///
/// kConfig: empty, or not a name of the DNS: it could change a URL that it is put into.
Result<std::string> domain_of(std::string_view address);

}  // namespace mail_oauth::finder
