// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/login_fields.h"

namespace mail_oauth::claws {
namespace {

/// 4.2 and newer send POP3's token on a line of its own, as Microsoft wants it and RFC 5034 section
/// 4 does for long ones, only for an account whose own OAuth provider is one of Microsoft's; older
/// ones ignore the field for POP3.
constexpr int kTwoLinePopProvider = 2;

/// As before it was turned on; what a person has changed since on the host's pages stays.
void keep_sending(SavedFields& fields, const OurLogin& ours, const SavedFields& saved) {
  if (fields.smtp_auth_method == kSmtpOauth && saved.smtp_auth_method != kSmtpOauth) {
    fields.smtp_userid = saved.smtp_userid;
    fields.use_smtp_auth = saved.use_smtp_auth;
    fields.smtp_auth_method = saved.smtp_auth_method;
  }
  // Without a name of its own the host takes that for receiving, which is another one now.
  if (ours.receives && fields.use_smtp_auth && fields.smtp_userid.empty())
    fields.smtp_userid = saved.userid;
}

bool receives_with_oauth(const SavedFields& fields, Protocol protocol) {
  if (protocol == Protocol::kImap) return fields.imap_auth_method == kImapOauth;
  return fields.use_pop_auth && fields.pop_auth_method == kPopOauth;
}

}  // namespace

OurLogin our_login(const AccountIntent& intent, std::optional<Protocol> receives, bool sends) {
  return {receives, sends, intent.receive_user(), intent.send_user()};
}

OurLogin login_in(const SavedFields& fields, std::optional<Protocol> receives) {
  if (receives && !receives_with_oauth(fields, *receives)) receives.reset();
  return {receives, fields.smtp_auth_method == kSmtpOauth, fields.userid, fields.smtp_userid};
}

SavedFields with_login(SavedFields fields, const OurLogin& ours, const SavedFields& saved) {
  if (ours.receives) fields.userid = ours.receive_user;
  if (ours.receives == Protocol::kImap) fields.imap_auth_method = kImapOauth;
  if (ours.receives == Protocol::kPop) {
    fields.use_pop_auth = true;
    fields.pop_auth_method = kPopOauth;
    fields.oauth2_provider = kTwoLinePopProvider;
  }
  if (!ours.sends) {
    keep_sending(fields, ours, saved);
    return fields;
  }
  fields.smtp_userid = ours.send_user;
  fields.use_smtp_auth = true;
  fields.smtp_auth_method = kSmtpOauth;
  return fields;
}

bool sends_as_it_receives(const SavedFields& fields, const SavedFields& saved) {
  return fields.use_smtp_auth && saved.smtp_userid.empty() && fields.smtp_userid == saved.userid;
}

bool learn_sending(const SavedFields& now, SavedFields& saved) {
  if (now.smtp_auth_method == kSmtpOauth) return false;
  const bool lent = saved.smtp_userid.empty() && now.smtp_userid == saved.userid;
  const std::string user = lent ? std::string() : now.smtp_userid;
  if (saved.smtp_userid == user && saved.use_smtp_auth == now.use_smtp_auth &&
      saved.smtp_auth_method == now.smtp_auth_method)
    return false;
  saved.smtp_userid = user;
  if (!user.empty()) saved.lent = false;  // What was lent is the password of that name now.
  saved.use_smtp_auth = now.use_smtp_auth;
  saved.smtp_auth_method = now.smtp_auth_method;
  return true;
}

SavedFields given_back(const SavedFields& now, const OurLogin& ours, const SavedFields& saved) {
  const SavedFields set = with_login(saved, ours, saved);
  SavedFields fields = now;
  const auto stands = [&](auto field) { return now.*field == set.*field; };
  const auto give = [&](auto field) {
    if (stands(field)) fields.*field = saved.*field;
  };
  const auto give_method = [&](auto field, int oauth) {
    if (now.*field == oauth) fields.*field = saved.*field;
  };
  give(&SavedFields::userid);
  give(&SavedFields::smtp_userid);
  give(&SavedFields::oauth2_provider);
  // Who chooses a login or a name wants to log in.
  if (stands(&SavedFields::pop_auth_method)) give(&SavedFields::use_pop_auth);
  if (stands(&SavedFields::smtp_auth_method) && stands(&SavedFields::smtp_userid))
    give(&SavedFields::use_smtp_auth);
  give_method(&SavedFields::imap_auth_method, kImapOauth);
  give_method(&SavedFields::pop_auth_method, kPopOauth);
  give_method(&SavedFields::smtp_auth_method, kSmtpOauth);
  return fields;
}

}  // namespace mail_oauth::claws
