// SPDX-License-Identifier: GPL-3.0-or-later
//
// One POST, on a connection of its own.
//
// A form may hold a refresh token that the server replaces at its first use: it is sent once, and
// its answer may not be lost. cpprest sends a request again by itself on a connection that was used
// before, takes an interim answer for the answer (RFC 9110 section 15.2: a client reads past them),
// and makes sockets that children inherit. So this stands on what cpprest stands on, Boost.Asio,
// and on the thread of cpprest's pool.
#pragma once

#include <memory>

#include "base/secret.h"
#include "net/attempt.h"
#include "net/proxy.h"
#include "net/tls_policy.h"

namespace mail_oauth::net {

/// Begins it, on the thread of the exchange's asker. `proxy` may be null; it is used for https
/// only. `body` and `authorization` as in HttpRequest. `exchange` gets the answer, with the errors
/// of HttpClient::send, unless the attempt is abandoned before; whoever asked keeps the attempt.
std::shared_ptr<Attempt> start_post(std::shared_ptr<Exchange> exchange, Target target,
                                    std::shared_ptr<TlsPolicy> policy,
                                    std::shared_ptr<const Proxy> proxy, const Secret& body,
                                    const Secret& authorization);

}  // namespace mail_oauth::net
