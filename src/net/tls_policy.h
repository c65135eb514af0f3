// SPDX-License-Identifier: GPL-3.0-or-later
//
// What we ask of TLS towards one host: version 1.2 at least, a certificate that leads to a known
// authority and was issued for the host. OpenSSL, because cpprest speaks through it; cpprest itself
// forgets why a handshake failed, so the reason is kept here.
//
// One per origin. The callbacks run on cpprest's threads; everything here may be called from any.
#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <string>

#include "base/result.h"

namespace mail_oauth::net {

class TlsPolicy {
 public:
  /// `on_flood` is called, possibly often and on any thread, when one answer brings more bytes than
  /// any permitted one, over a connection whose bytes are counted.
  TlsPolicy(std::string host, std::string extra_ca_file, std::function<void()> on_flood);

  /// Once, before apply(). kConfig, naming the file, when the extra authorities cannot be read, or
  /// when others may write them: who can add one stands in for any server.
  Result<void> read_extra_ca();

  /// Applies the policy. REQUIRES: this object outlives every connection made from `context`.
  void apply(boost::asio::ssl::context& context);
  /// For cpprest, which holds a whole chunk in memory before it lets us count. Likewise.
  void count_bytes(boost::asio::ssl::context& context);

  /// kTransient: why the last handshake failed. Captive portals and wrong clocks end here.
  Error handshake_error();

 private:
  static int verify(X509_STORE_CTX* chain, void* self);
  static void count(int sent, int version, int type, const void* bytes, std::size_t size, SSL* tls,
                    void* self);

  const std::string host_;
  const std::string extra_ca_file_;
  std::string extra_ca_;  ///< What it held.
  const std::function<void()> on_flood_;
  std::atomic<int> certificate_error_;
};

}  // namespace mail_oauth::net
