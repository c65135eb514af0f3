// SPDX-License-Identifier: GPL-3.0-or-later
//
// A view as GnuTLS takes one. Any thread.
#pragma once

#include <gnutls/gnutls.h>

#include <string_view>

namespace mail_oauth::crypto {

/// `bytes`, not copied; GnuTLS only reads them. REQUIRES: fewer than 2^32 bytes, which outlive the
/// result.
inline gnutls_datum_t borrowed(std::string_view bytes) {
  auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  return {data, static_cast<unsigned int>(bytes.size())};
}

}  // namespace mail_oauth::crypto
