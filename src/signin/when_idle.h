// SPDX-License-Identifier: GPL-3.0-or-later
//
// Later, in the same context, once everything that is due has been done.
#pragma once

#include <functional>

#include "ports/call.h"

namespace mail_oauth::signin {

/// Runs `then` once from the GMainContext that is thread-default now, after pending I/O. Dropping
/// the Call first means never.
Call when_idle(std::function<void()> then);

}  // namespace mail_oauth::signin
