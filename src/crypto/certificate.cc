// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/certificate.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <algorithm>
#include <ctime>
#include <iterator>
#include <optional>
#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/private_file.h"
#include "crypto/borrowed.h"

namespace mail_oauth::crypto {

namespace {

constexpr std::size_t kLongestChain = 16;  // the depth at which GnuTLS stops, too

constexpr std::size_t kLongestName = 1024;  // longer than a DNS name can be
/// Keys of 112 bits of strength and more, RSA from 2048 bits on, and no signature by SHA-1.
constexpr unsigned int kFlags =
    GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM);

using Certificate = CPtr<gnutls_x509_crt_int, gnutls_x509_crt_deinit>;

Certificate from_der(std::string_view der) {
  gnutls_x509_crt_t raw = nullptr;
  if (gnutls_x509_crt_init(&raw) != GNUTLS_E_SUCCESS) return nullptr;
  Certificate certificate(raw);
  const gnutls_datum_t datum = borrowed(der);
  if (gnutls_x509_crt_import(raw, &datum, GNUTLS_X509_FMT_DER) != GNUTLS_E_SUCCESS) return nullptr;
  return certificate;
}

/// Empty when one of them is no certificate.
std::vector<Certificate> from_chain(const std::vector<std::string>& chain) {
  std::vector<Certificate> certificates;
  if (chain.size() > kLongestChain) return certificates;
  for (const std::string& der : chain) {
    certificates.push_back(from_der(der));
    if (!certificates.back()) return {};
  }
  return certificates;
}

/// What is wrong with the period of one certificate, as GnuTLS flags.
unsigned int out_of_time(gnutls_x509_crt_t certificate, std::time_t at) {
  if (gnutls_x509_crt_get_expiration_time(certificate) < at) return GNUTLS_CERT_EXPIRED;
  if (gnutls_x509_crt_get_activation_time(certificate) > at) return GNUTLS_CERT_NOT_ACTIVATED;
  return 0;
}

Certificate anchor_of(gnutls_x509_trust_list_t list, gnutls_x509_crt_t certificate) {
  gnutls_x509_crt_t issuer = nullptr;
  const int found =
      gnutls_x509_trust_list_get_issuer(list, certificate, &issuer, GNUTLS_TL_GET_COPY);
  return Certificate(found == GNUTLS_E_SUCCESS ? issuer : nullptr);
}

/// The periods along the path from the server's own certificate to the anchor. GnuTLS only knows
/// the time that it is, and servers send expired certificates that are on nobody's path.
unsigned int path_out_of_time(gnutls_x509_trust_list_t list,
                              const std::vector<Certificate>& certificates, std::time_t at) {
  gnutls_x509_crt_t current = certificates.front().get();
  for (std::size_t depth = 0; depth < kLongestChain; ++depth) {
    if (const unsigned int wrong = out_of_time(current, at)) return wrong;
    if (const Certificate anchor = anchor_of(list, current)) return out_of_time(anchor.get(), at);
    const auto issuer =
        std::find_if(certificates.begin(), certificates.end(), [&](const Certificate& other) {
          return other.get() != current && gnutls_x509_crt_check_issuer(current, other.get()) != 0;
        });
    if (issuer == certificates.end()) return 0;
    current = issuer->get();
  }
  return 0;
}

/// The bytes of an address in a certificate; empty when `host` is a name.
std::string address_bytes(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  if (inet_pton(AF_INET, host.c_str(), bytes) == 1) return {bytes, bytes + sizeof(in_addr)};
  if (inet_pton(AF_INET6, host.c_str(), bytes) == 1) return {bytes, bytes + sizeof(in6_addr)};
  return {};
}

/// Whether the certificate says for which hosts it is where RFC 9525 section 6.3 looks. GnuTLS
/// goes on to the common name of a certificate without a DNS name, and takes an address as text.
bool names_hosts(gnutls_x509_crt_t certificate, const std::string& host) {
  const std::string address = address_bytes(host);
  for (unsigned int at = 0;; ++at) {
    char name[kLongestName];
    std::size_t size = sizeof name;
    const int type = gnutls_x509_crt_get_subject_alt_name(certificate, at, name, &size, nullptr);
    if (type == GNUTLS_E_SHORT_MEMORY_BUFFER) continue;
    if (type < 0) return false;
    if (address.empty() && type == GNUTLS_SAN_DNSNAME) return true;
    if (type == GNUTLS_SAN_IPADDRESS && std::string_view(name, size) == address) return true;
  }
}

/// The verdict of GnuTLS as flags, without periods. Nothing when the library failed.
std::optional<unsigned int> judged(gnutls_x509_trust_list_t list,
                                   const std::vector<Certificate>& certificates,
                                   const std::string& host) {
  std::vector<gnutls_x509_crt_t> raw;
  raw.reserve(certificates.size());
  for (const Certificate& one : certificates) raw.push_back(one.get());
  std::string name = host;
  std::string purpose = GNUTLS_KP_TLS_WWW_SERVER;
  gnutls_typed_vdata_st wanted[] = {
      {GNUTLS_DT_DNS_HOSTNAME, reinterpret_cast<unsigned char*>(name.data()), 0},
      {GNUTLS_DT_KEY_PURPOSE_OID, reinterpret_cast<unsigned char*>(purpose.data()), 0}};
  unsigned int verdict = 0;
  const int done = gnutls_x509_trust_list_verify_crt2(
      list, raw.data(), static_cast<unsigned int>(raw.size()), wanted,
      static_cast<unsigned int>(std::size(wanted)), kFlags, &verdict, nullptr);
  if (done != GNUTLS_E_SUCCESS) return std::nullopt;
  if (!names_hosts(raw.front(), host)) verdict |= GNUTLS_CERT_UNEXPECTED_OWNER;
  return verdict;
}

const char* words(unsigned int verdict) {
  if (verdict & GNUTLS_CERT_SIGNER_NOT_FOUND) {
    return _(
        "The certificate of {} comes from an authority that this computer does not know. A "
        "network with a sign-in page, or somebody in between, may be answering instead.");
  }
  if (verdict & GNUTLS_CERT_UNEXPECTED_OWNER) {
    return _(
        "The certificate that was shown was not issued for {}. A network with a sign-in page, "
        "or somebody in between, may be answering instead.");
  }
  if (verdict & GNUTLS_CERT_INSECURE_ALGORITHM) {
    return _(
        "The certificate of {} has a key or a signature that is too weak today: anybody could have "
        "made it.");
  }
  if (verdict & GNUTLS_CERT_EXPIRED) {
    return _("The certificate of {} has expired, or the clock of this computer is wrong.");
  }
  if (verdict & GNUTLS_CERT_NOT_ACTIVATED) {
    return _("The certificate of {} is not valid yet; the clock of this computer may be wrong.");
  }
  return _("The certificate of {} does not hold: its signature or its purpose is wrong.");
}

/// False: there is none in it.
bool add(gnutls_x509_trust_list_t list, const std::string& pem) {  // GnuTLS wants it NUL-terminated
  const gnutls_datum_t datum = borrowed(pem);
  return gnutls_x509_trust_list_add_trust_mem(list, &datum, nullptr, GNUTLS_X509_FMT_PEM, 0, 0) > 0;
}

}  // namespace

void TrustAnchors::Free::operator()(gnutls_x509_trust_list_st* list) const {
  gnutls_x509_trust_list_deinit(list, 1);
}

Result<TrustAnchors> TrustAnchors::empty() {
  gnutls_x509_trust_list_t list = nullptr;
  if (gnutls_x509_trust_list_init(&list, 0) != GNUTLS_E_SUCCESS) {
    return make_error(Error::Kind::kInternal, _("The TLS library does not start."));
  }
  return TrustAnchors(List(list));
}

Result<TrustAnchors> TrustAnchors::of_system(const std::string& extra_file) {
  auto anchors = empty();
  if (!anchors) return anchors;
  if (gnutls_x509_trust_list_add_system_trust(anchors->list_.get(), 0, 0) <= 0 &&
      extra_file.empty()) {
    return make_error(Error::Kind::kConfig,
                      _("This computer has no list of certificate authorities. Install the package "
                        "ca-certificates."));
  }
  if (extra_file.empty()) return anchors;
  const auto text = read_trusted_file(extra_file);
  if (!text) return text.error();
  if (!*text || !add(anchors->list_.get(), **text)) {
    return make_error(
        Error::Kind::kConfig,
        format(_("The file of certificate authorities \"{}\" cannot be read."), {extra_file}));
  }
  return anchors;
}

Result<TrustAnchors> TrustAnchors::of_pem(std::string_view pem) {
  auto anchors = empty();
  if (!anchors) return anchors;
  if (!add(anchors->list_.get(), std::string(pem))) {
    return make_error(Error::Kind::kConfig, _("There is no certificate authority in the text."));
  }
  return anchors;
}

Result<void> TrustAnchors::verify(const std::vector<std::string>& chain, const std::string& host,
                                  std::chrono::system_clock::time_point at) const {
  const std::vector<Certificate> certificates = from_chain(chain);
  if (certificates.empty()) {
    return make_error(Error::Kind::kProtocol,
                      format(_("{} sent no certificate that can be read."), {host}));
  }
  const auto verdict = judged(list_.get(), certificates, host);
  if (!verdict) {
    return make_error(Error::Kind::kInternal, _("The TLS library could not check a certificate."));
  }
  // GnuTLS compares C strings: what stands behind a NUL would not be looked at.
  const bool plain = !host.empty() && host.find('\0') == std::string::npos;
  unsigned int wrong = plain ? *verdict : *verdict | GNUTLS_CERT_UNEXPECTED_OWNER;
  if (wrong == 0) {
    const auto seconds = std::chrono::system_clock::to_time_t(at);
    wrong = path_out_of_time(list_.get(), certificates, seconds);
  }
  if (wrong == 0) return {};
  return make_error(Error::Kind::kTransient, format(words(wrong), {host}), "certificate");
}

}  // namespace mail_oauth::crypto
