// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/key_text.h"

#include <glib.h>

#include <initializer_list>

#include "base/i18n.h"
#include "base/peer_text.h"

namespace mail_oauth {

namespace {

Result<void> check_all(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    if (auto good = check_text(text); !good) return good;
  }
  return {};
}

}  // namespace

Result<void> check_text(std::string_view text) {
  if (g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr)) return {};
  return make_error(Error::Kind::kConfig,
                    format(_("\"{}\" is not text in UTF-8."), {peer_words(text)}), "not-text");
}

Result<void> check_text(const ClientKey& key) {
  return check_all({key.provider, key.client, key.tenant});
}

Result<void> check_text(const GrantKey& key) {
  return check_all({key.client.provider, key.client.client, key.client.tenant, key.identity});
}

}  // namespace mail_oauth
