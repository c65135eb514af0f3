// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random bytes (GnuTLS, key-generation quality). Any thread.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "base/secret.h"

namespace mail_oauth::crypto {

/// Fails with kInternal when the system gives none.
Result<Secret> random_bytes(std::size_t count);

}  // namespace mail_oauth::crypto
