// SPDX-License-Identifier: GPL-3.0-or-later
//
// Binding the loopback addresses of a redirect rule. Blocks nowhere; any thread.
#pragma once

#include <gio/gio.h>

#include <vector>

#include "base/cptr.h"
#include "base/result.h"
#include "oauth/provider.h"

namespace mail_oauth::desktop {

struct LoopbackSockets {
  std::vector<GRef<GSocket>> sockets;  ///< Listening; one, or two for "localhost".
  int port = 0;                        ///< The same for all.
};

/// 127.0.0.1, [::1], or for "localhost" both, because a browser may choose either; there IPv6 may
/// be missing on the machine, but not taken by somebody else. Errors as
/// RedirectListenerFactory::listen.
Result<LoopbackSockets> bind_loopback(const RedirectRule& rule);

}  // namespace mail_oauth::desktop
