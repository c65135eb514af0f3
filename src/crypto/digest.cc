// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/digest.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include <array>

#include "base/i18n.h"
#include "base/secret_arena.h"
#include "crypto/borrowed.h"

namespace mail_oauth::crypto {

namespace {

constexpr std::size_t kSha256Size = 32;

/// What GnuTLS allocates, wiped before it goes back.
class Datum {
 public:
  Datum() = default;
  Datum(const Datum&) = delete;
  Datum& operator=(const Datum&) = delete;
  ~Datum() {
    wipe(datum_.data, datum_.size);
    gnutls_free(datum_.data);
  }
  gnutls_datum_t* out() { return &datum_; }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(datum_.data), datum_.size};
  }

 private:
  gnutls_datum_t datum_{};
};

bool base64_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

/// GnuTLS skips what it does not know; RFC 4648 section 3.3 wants it refused.
bool strict_base64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  for (const char c : text.substr(0, text.size() - padding)) {
    if (!base64_character(c)) return false;
  }
  return true;
}

}  // namespace

Result<std::string> sha256(std::string_view bytes) {
  std::string digest(kSha256Size, '\0');
  if (gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes.data(), bytes.size(), digest.data()) != 0) {
    return make_error(Error::Kind::kInternal, _("SHA-256 is not to be had from the TLS library."));
  }
  return digest;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

Result<Secret> base64(std::string_view bytes) {
  if (bytes.empty()) return Secret();
  const gnutls_datum_t input = borrowed(bytes);
  Datum text;
  if (gnutls_base64_encode2(&input, text.out()) != GNUTLS_E_SUCCESS) {
    return make_error(Error::Kind::kInternal, _("The TLS library could not encode to base64."));
  }
  return Secret(text.view());
}

std::optional<std::string> base64_decoded(std::string_view text) {
  if (text.empty()) return std::string();
  if (!strict_base64(text)) return std::nullopt;
  const gnutls_datum_t input = borrowed(text);
  Datum bytes;
  if (gnutls_base64_decode2(&input, bytes.out()) != GNUTLS_E_SUCCESS) return std::nullopt;
  return std::string(bytes.view());
}

}  // namespace mail_oauth::crypto
