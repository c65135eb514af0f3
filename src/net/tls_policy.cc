// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tls_policy.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/i18n.h"
#include "base/private_file.h"

namespace mail_oauth::net {

namespace {

/// Well over 1 MiB of body, its chunk framing and the headers.
constexpr std::uintptr_t kFlood = 4 * 1024 * 1024;
constexpr unsigned char kApplicationData = 23;

int byte_counter_slot() {
  static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

const char* certificate_words(int error) {
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return _(
          "The certificate that was shown was not issued for {}. A network with a sign-in page, "
          "or somebody in between, may be answering instead.");
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return _("The certificate of {} has expired, or the clock of this computer is wrong.");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return _("The certificate of {} is not valid yet; the clock of this computer may be wrong.");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return _(
          "The certificate of {} comes from an authority that this computer does not know. A "
          "network with a sign-in page, or somebody in between, may be answering instead.");
    default:
      return nullptr;
  }
}

}  // namespace

TlsPolicy::TlsPolicy(std::string host, std::string extra_ca_file, std::function<void()> on_flood)
    : host_(std::move(host)),
      extra_ca_file_(std::move(extra_ca_file)),
      on_flood_(std::move(on_flood)),
      certificate_error_(X509_V_OK) {}

Result<void> TlsPolicy::read_extra_ca() {
  if (extra_ca_file_.empty()) return {};
  auto text = read_trusted_file(extra_ca_file_);
  if (!text) return text.error();
  extra_ca_ = std::move(*text).value_or("");
  boost::asio::ssl::context probe(boost::asio::ssl::context::tls_client);
  boost::system::error_code error;
  probe.add_certificate_authority(boost::asio::buffer(extra_ca_), error);
  if (!error && !extra_ca_.empty()) return {};
  return make_error(
      Error::Kind::kConfig,
      format(_("The file of certificate authorities \"{}\" cannot be read."), {extra_ca_file_}));
}

void TlsPolicy::apply(boost::asio::ssl::context& context) {
  SSL_CTX* const tls = context.native_handle();
  SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
  if (!extra_ca_.empty()) {
    boost::system::error_code checked_before;
    context.add_certificate_authority(boost::asio::buffer(extra_ca_), checked_before);
  }
  X509_VERIFY_PARAM* const parameters = SSL_CTX_get0_param(tls);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host_.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(parameters, host_.c_str(), host_.size());
  }
  SSL_CTX_set_cert_verify_callback(tls, &TlsPolicy::verify, this);
}

void TlsPolicy::count_bytes(boost::asio::ssl::context& context) {
  SSL_CTX_set_msg_callback(context.native_handle(), &TlsPolicy::count);
  SSL_CTX_set_msg_callback_arg(context.native_handle(), this);
}

int TlsPolicy::verify(X509_STORE_CTX* chain, void* self) {
  const int verified = X509_verify_cert(chain);  // asks cpprest's own check as well
  if (verified != 1) {
    static_cast<TlsPolicy*>(self)->certificate_error_ = X509_STORE_CTX_get_error(chain);
  }
  return verified;
}

// Called for each record's header (5 bytes, RFC 8446 section 5.1).
void TlsPolicy::count(int sent, int, int type, const void* bytes, std::size_t size, SSL* tls,
                      void* self) {
  if (type != SSL3_RT_HEADER || size < 5) return;
  const auto* header = static_cast<const unsigned char*>(bytes);
  if (header[0] != kApplicationData) return;
  std::uintptr_t received = 0;  // a request begins a new count
  if (!sent) {
    received = reinterpret_cast<std::uintptr_t>(SSL_get_ex_data(tls, byte_counter_slot()));
    received += static_cast<std::uintptr_t>(header[3] << 8 | header[4]);
  }
  SSL_set_ex_data(tls, byte_counter_slot(), reinterpret_cast<void*>(received));
  if (received > kFlood) static_cast<TlsPolicy*>(self)->on_flood_();
}

Error TlsPolicy::handshake_error() {
  const int error = certificate_error_.exchange(X509_V_OK);
  if (error == X509_V_OK) {
    return make_error(
        Error::Kind::kTransient,
        format(_("No secure connection with {} came about (TLS 1.2 or later is needed)."), {host_}),
        "tls");
  }
  if (const char* words = certificate_words(error)) {
    return make_error(Error::Kind::kTransient, format(words, {host_}), "certificate");
  }
  return make_error(Error::Kind::kTransient,
                    format(_("The certificate of {} was not accepted: {}"),
                           {host_, X509_verify_cert_error_string(error)}),
                    "certificate");
}

}  // namespace mail_oauth::net
