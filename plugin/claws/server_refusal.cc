// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/server_refusal.h"

#include <glib.h>

#include "base/i18n.h"
#include "etpan/refusal.h"
#include "explain/explanation.h"

namespace mail_oauth::claws {
namespace {

/// No other token would help, and the grant is good.
Error speaks_no_xoauth2(Protocol protocol, const std::string& server) {
  return make_error(
      Error::Kind::kRefused,
      format(_("{} does not take XOAUTH2 over {}, and it is the only way in which Claws Mail can "
               "send a token (OAUTHBEARER, which the server may offer, is not). Ask whoever runs "
               "the mail server to turn XOAUTH2 on."),
             {server, protocol_title(protocol)}));
}

etpan::Reply reply_of(const LoginVerdict& verdict) {
  etpan::Reply reply;
  reply.kind = etpan::Reply::Kind::kNo;
  reply.text = verdict.said;
  reply.number = verdict.number;
  if (verdict.protocol == Protocol::kSmtp) {
    reply.code = etpan::enhanced_status(reply.text);
    return reply;
  }
  reply.code = etpan::take_response_code(reply.text);
  if (reply.code.empty()) reply.code = unlogged_code(reply.text);
  return reply;
}

std::optional<etpan::Challenge> challenge_of(const LoginVerdict& verdict) {
  if (verdict.challenge.empty()) return std::nullopt;
  return etpan::read_encoded_challenge(Mechanism::kXoauth2, verdict.challenge);
}

}  // namespace

std::string unlogged_code(const std::string& words) {
  return g_ascii_strcasecmp(words.c_str(), "Authentication failed.") == 0 ? "AUTHENTICATIONFAILED"
                                                                          : "";
}

Error server_refusal(const LoginVerdict& verdict, const Refused& who) {
  if (verdict.unspoken) return speaks_no_xoauth2(verdict.protocol, who.server);
  const etpan::Reply reply = reply_of(verdict);
  Error error = !verdict.after_login
                    ? etpan::judge(verdict.protocol, reply, challenge_of(verdict), who.user).error
                : verdict.protocol == Protocol::kSmtp
                    ? etpan::sending_refused(reply, who.user, who.sender)
                    : etpan::mailbox_refused(verdict.protocol, reply, who.user);
  if (who.shared) error.details.push_back(explain::kSharedMailbox);
  return error;
}

}  // namespace mail_oauth::claws
