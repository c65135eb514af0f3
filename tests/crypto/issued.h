// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates made for one test, by GnuTLS.
#pragma once

#include <ctime>
#include <memory>
#include <string>

struct gnutls_x509_crt_int;
struct gnutls_x509_privkey_int;

namespace mail_oauth::tests {

struct Wish {
  std::string name;  ///< DNS name, address, or the authority's own.
  bool authority = false;
  std::time_t from = 1'600'000'000;
  std::time_t until = 1'800'000'000;
  bool for_servers = true;       ///< Else for clients only.
  unsigned int rsa_bits = 0;     ///< Of an RSA key; 0: a key on the curve P-256.
  bool by_common_name = false;   ///< It is for nobody but the common name of its subject.
  bool address_as_name = false;  ///< An address stands where a DNS name belongs.
  bool sha1 = false;             ///< Signed with SHA-1.
};

class Issued {
 public:
  /// Signed by `issuer`, or by itself.
  explicit Issued(const Wish& wish, const Issued* issuer = nullptr);

  std::string der() const;
  std::string pem() const;

 private:
  std::string text(int format) const;

  std::shared_ptr<gnutls_x509_privkey_int> key_;
  std::shared_ptr<gnutls_x509_crt_int> certificate_;
};

}  // namespace mail_oauth::tests
