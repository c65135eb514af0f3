// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/account.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/i18n.h"
#include "oauth/key_text.h"

namespace mail_oauth::capi {

namespace {

/// Of the first version; later ones are longer.
constexpr std::size_t kLeastAccount =
    offsetof(mail_oauth_account, tenant) + sizeof(mail_oauth_account::tenant);
constexpr std::size_t kLeastOptions =
    offsetof(mail_oauth_options, plain_on_loopback) + sizeof(mail_oauth_options::plain_on_loopback);
/// More than any version will have: somebody forgot to set it.
constexpr std::size_t kMost = 4096;

/// What both sides know of the structure.
template <class T>
Result<T> known_part(const T* given, std::size_t least, const char* name) {
  if (given->size < least || given->size > kMost) {
    return make_error(Error::Kind::kConfig,
                      format(_("The program that uses mail-oauth made a mistake: the size in {} is "
                               "wrong."),
                             {name}));
  }
  T known = {};
  std::memcpy(&known, given, std::min(given->size, sizeof known));
  return known;
}

std::string text_of(const char* maybe_null) { return maybe_null ? maybe_null : ""; }

/// Something before and behind the @, and nothing that could end a line or a field.
bool looks_like_address(const std::string& text) {
  const auto at = text.find('@');
  return at != std::string::npos && at > 0 && at + 1 < text.size() &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
}

Error no_address(const std::string& what) {
  return make_error(Error::Kind::kConfig, format(_("\"{}\" is no mail address."), {what}));
}

}  // namespace

Result<Account> read_account(const mail_oauth_account* account) {
  if (!account) {
    return make_error(
        Error::Kind::kConfig,
        _("The program that uses mail-oauth made a mistake: it does not say for whom it asks."));
  }
  const auto known = known_part(account, kLeastAccount, "mail_oauth_account");
  if (!known) return known.error();
  Account read;
  read.filter = {text_of(known->address), text_of(known->provider), text_of(known->client),
                 text_of(known->tenant)};
  read.mailbox = text_of(known->mailbox);
  for (const std::string* text : {&read.filter.address, &read.filter.provider, &read.filter.client,
                                  &read.filter.tenant, &read.mailbox}) {
    if (const auto good = check_text(*text); !good) return good.error();
  }
  if (!looks_like_address(read.filter.address)) return no_address(read.filter.address);
  if (!read.mailbox.empty() && !looks_like_address(read.mailbox)) return no_address(read.mailbox);
  return read;
}

Result<Options> read_options(const mail_oauth_options* options) {
  if (!options) return Options();
  const auto known = known_part(options, kLeastOptions, "mail_oauth_options");
  if (!known) return known.error();
  return Options{known->never_prompt != 0, known->plain_on_loopback != 0};
}

Result<Protocol> read_protocol(int protocol) {
  switch (protocol) {
    case MAIL_OAUTH_IMAP:
      return Protocol::kImap;
    case MAIL_OAUTH_POP3:
      return Protocol::kPop;
    case MAIL_OAUTH_SMTP:
      return Protocol::kSmtp;
    default:
      return make_error(
          Error::Kind::kConfig,
          _("The program that uses mail-oauth made a mistake: it asks for an unknown protocol."));
  }
}

std::string sasl_user(const Account& account, const GrantKey& key, const Provider& provider,
                      Protocol protocol) {
  if (account.mailbox.empty()) return key.identity;
  const auto rule = provider.sasl_user.find(protocol);
  const bool identity = rule != provider.sasl_user.end() && rule->second == SaslUser::kIdentity;
  return identity ? key.identity : account.mailbox;
}

}  // namespace mail_oauth::capi
