// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/random.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "base/i18n.h"

namespace mail_oauth::crypto {

Result<Secret> random_bytes(std::size_t count) {
  Secret bytes = Secret::with_size(count);
  if (count && gnutls_rnd(GNUTLS_RND_KEY, bytes.writable(), count) != GNUTLS_E_SUCCESS) {
    return make_error(Error::Kind::kInternal, _("The system gives no random numbers."));
  }
  return bytes;
}

}  // namespace mail_oauth::crypto
