// SPDX-License-Identifier: GPL-3.0-or-later
#include "issued.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <cstdlib>

namespace mail_oauth::tests {

namespace {

void must(int result) {
  if (result < 0) std::abort();
}

void describe(gnutls_x509_crt_t certificate, const Wish& wish) {
  static unsigned char serial = 0;
  ++serial;
  const auto size = static_cast<unsigned int>(wish.name.size());
  must(gnutls_x509_crt_set_version(certificate, 3));
  must(gnutls_x509_crt_set_serial(certificate, &serial, 1));
  must(gnutls_x509_crt_set_activation_time(certificate, wish.from));
  must(gnutls_x509_crt_set_expiration_time(certificate, wish.until));
  must(gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, wish.name.data(),
                                     size));
  must(gnutls_x509_crt_set_basic_constraints(certificate, wish.authority ? 1 : 0, -1));
  if (wish.authority) {
    must(gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_KEY_CERT_SIGN));
    return;
  }
  must(gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE));
  must(gnutls_x509_crt_set_key_purpose_oid(
      certificate, wish.for_servers ? GNUTLS_KP_TLS_WWW_SERVER : GNUTLS_KP_TLS_WWW_CLIENT, 0));
  if (wish.by_common_name) return;
  if (wish.name == "127.0.0.1" && !wish.address_as_name) {
    must(gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, "\x7f\0\0\1", 4,
                                              GNUTLS_FSAN_SET));
  } else {
    must(gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, wish.name.data(),
                                              size, GNUTLS_FSAN_SET));
  }
}

}  // namespace

Issued::Issued(const Wish& wish, const Issued* issuer) {
  gnutls_x509_privkey_t key = nullptr;
  must(gnutls_x509_privkey_init(&key));
  key_.reset(key, gnutls_x509_privkey_deinit);
  const unsigned int curve = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
  must(wish.rsa_bits == 0 ? gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, curve, 0)
                          : gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, wish.rsa_bits, 0));
  gnutls_x509_crt_t certificate = nullptr;
  must(gnutls_x509_crt_init(&certificate));
  certificate_.reset(certificate, gnutls_x509_crt_deinit);
  must(gnutls_x509_crt_set_key(certificate, key));
  describe(certificate, wish);
  const Issued& signer = issuer ? *issuer : *this;
  must(gnutls_x509_crt_sign2(certificate, signer.certificate_.get(), signer.key_.get(),
                             wish.sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256, 0));
}

std::string Issued::text(int format) const {
  gnutls_datum_t out{};
  must(gnutls_x509_crt_export2(certificate_.get(), static_cast<gnutls_x509_crt_fmt_t>(format),
                               &out));
  std::string bytes(reinterpret_cast<const char*>(out.data), out.size);
  gnutls_free(out.data);
  return bytes;
}

std::string Issued::der() const { return text(GNUTLS_X509_FMT_DER); }
std::string Issued::pem() const { return text(GNUTLS_X509_FMT_PEM); }

}  // namespace mail_oauth::tests
