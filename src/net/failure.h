// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a request ends without an answer, in words. Any thread.
#pragma once

#include <string>

#include "base/error.h"
#include "net/proxy.h"

namespace mail_oauth::net {

enum class Failure {
  kProxyName,     ///< The proxy's name was not found.
  kProxyConnect,  ///< It could not be reached.
  kProxyBroke,    ///< It ended the connection.
  kProxyRefused,  ///< It did not connect with this server.
  kProxyForbids,  ///< It may not.
  kProxyNoHttp,   ///< It speaks something else.
  kName,          ///< The server's name was not found.
  kConnect,       ///< It could not be reached.
  kBroke,         ///< It ended the connection before it answered.
  kCutOff,        ///< It ended the connection within its answer.
  kNoHttp,        ///< It speaks something else.
  kTooLarge,      ///< Its answer is larger than may be.
  kUnreadable,    ///< Its answer is none that this program reads.
  kNoRoom,        ///< The system gives no more threads or descriptors.
};

/// kProtocol for what is wrong with the server's answer: kNoHttp, kTooLarge (code "too_large") and
/// kUnreadable. kTransient for the rest. The text names `host`, the server that was to be asked. A
/// process that can open nothing more finds no names and reaches nobody: that is kNoRoom.
Error failure(Failure what, const std::string& host);

/// What a proxy means by a status other than success. 407 is kConfig (code kProxyLogin) and
/// names the variable to write the password into; else kTransient: what a proxy allows changes with
/// time and place, and no password is refused there.
Error proxy_failure(int status, const std::string& host, const Proxy& proxy);
inline constexpr const char* kProxyLogin = "proxy_login";

}  // namespace mail_oauth::net
