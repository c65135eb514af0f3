// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a server's certificate chain leads to an authority that this computer trusts, by GnuTLS.
//
// For connections whose own library does not check (libetpan takes any certificate). Knows of no
// socket. An object may be used by one thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct gnutls_x509_trust_list_st;

namespace mail_oauth::crypto {

class TrustAnchors {
 public:
  /// The authorities of the system and those in `extra_file` (PEM; empty: none). Fails with kConfig
  /// when the system has none, the file holds none, or others may write it: the text says which.
  /// Reads files: keep the object.
  static Result<TrustAnchors> of_system(const std::string& extra_file = {});

  /// Only those in `pem`. Fails with kConfig when there is none.
  static Result<TrustAnchors> of_pem(std::string_view pem);

  /// `chain`: DER, the server's own certificate first, as it came from the wire. `host`: the name
  /// or the address that was connected to.
  ///
  /// Fails with kTransient and the code "certificate" when the chain leads to no trusted authority,
  /// is for another host or another purpose, is expired or not valid yet at `at`, or has a key or a
  /// signature that is too weak (RSA below 2048 bits, SHA-1): a sign-in page of a network is the
  /// usual reason. For whom it is say its alternative names only, never its common name (RFC 9525).
  /// Fails with kProtocol when the chain is empty, longer than 16, or no DER.
  Result<void> verify(const std::vector<std::string>& chain, const std::string& host,
                      std::chrono::system_clock::time_point at) const;

 private:
  struct Free {
    void operator()(gnutls_x509_trust_list_st* list) const;
  };
  using List = std::unique_ptr<gnutls_x509_trust_list_st, Free>;

  explicit TrustAnchors(List list) : list_(std::move(list)) {}
  static Result<TrustAnchors> empty();

  List list_;
};

}  // namespace mail_oauth::crypto
