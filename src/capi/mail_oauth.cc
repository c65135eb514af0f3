// SPDX-License-Identifier: GPL-3.0-or-later
//
// The entry points of the library; mail_oauth.h has their contracts, and exports.map their names.
#include "capi/mail_oauth.h"

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/i18n.h"
#include "broker/loss.h"
#include "capi/account.h"
#include "capi/handles.h"
#include "capi/last_error.h"
#include "capi/session.h"

namespace {

using namespace mail_oauth;
using namespace mail_oauth::capi;

Error mistake(const char* what) {
  return make_error(Error::Kind::kConfig,
                    format(_("The program that uses mail-oauth made a mistake: {}"), {what}));
}

/// The two things that nearly every function begins with.
struct Question {
  std::shared_ptr<Session> session;
  Account account;
};

Result<Question> question(const mail_oauth_session* handle, const mail_oauth_account* account) {
  auto session = session_of(handle);
  if (!session) return mistake(_("the session is not open."));
  auto read = read_account(account);
  if (!read) return read.error();
  return Question{std::move(session), std::move(*read)};
}

template <class Etpan>
mail_oauth_kind log_in(const char* where, const mail_oauth_session* handle,
                       const mail_oauth_account* account, Etpan* etpan, const char* host,
                       int port) {
  return entry(where, [&]() -> Result<void> {
    auto asked = question(handle, account);
    if (!asked) return asked.error();
    if (!etpan || !host || !*host || port < 0 || port > 65535) {
      return mistake(_("it does not say which connection to sign in."));
    }
    return asked->session->login(asked->account, etpan, {host, port});
  });
}

}  // namespace

mail_oauth_session* mail_oauth_open(const mail_oauth_options* options) {
  mail_oauth_session* handle = nullptr;
  entry("mail_oauth_open", [&]() -> Result<void> {
    static std::once_flag bound;
    std::call_once(bound, bind_text_domain);
    const auto read = read_options(options);
    if (!read) return read.error();
    handle = hand_out(std::make_shared<Session>(*read));
    return {};
  });
  return handle;
}

mail_oauth_kind mail_oauth_token(mail_oauth_session* session, const mail_oauth_account* account,
                                 mail_oauth_protocol protocol, char** token) {
  if (token) *token = nullptr;
  return entry("mail_oauth_token", [&]() -> Result<void> {
    if (!token) return mistake(_("there is no place for the token."));
    auto asked = question(session, account);
    if (!asked) return asked.error();
    const auto wanted = read_protocol(protocol);
    if (!wanted) return wanted.error();
    auto given = asked->session->token(asked->account, *wanted);
    if (!given) return given.error();
    *token = hand_out(*given);
    return {};
  });
}

mail_oauth_kind mail_oauth_login_imap(mail_oauth_session* session,
                                      const mail_oauth_account* account, mailimap* imap,
                                      const char* host, int port) {
  return log_in("mail_oauth_login_imap", session, account, imap, host, port);
}

mail_oauth_kind mail_oauth_login_pop3(mail_oauth_session* session,
                                      const mail_oauth_account* account, mailpop3* pop,
                                      const char* host, int port) {
  return log_in("mail_oauth_login_pop3", session, account, pop, host, port);
}

mail_oauth_kind mail_oauth_login_smtp(mail_oauth_session* session,
                                      const mail_oauth_account* account, mailsmtp* smtp,
                                      const char* host, int port) {
  return log_in("mail_oauth_login_smtp", session, account, smtp, host, port);
}

mail_oauth_kind mail_oauth_register_mechanisms(mail_oauth_session* session,
                                               const mail_oauth_account* account) {
  return entry("mail_oauth_register_mechanisms", [&]() -> Result<void> {
    const auto open = session_of(session);
    if (!open) return mistake(_("the session is not open."));
    if (account) {
      auto read = read_account(account);
      if (!read) return read.error();
      open->answer_for(std::move(*read));
    }
    return open->register_mechanisms();
  });
}

mail_oauth_kind mail_oauth_last_error(const char** words) {
  if (words) *words = "";
  return guarded("mail_oauth_last_error", MAIL_OAUTH_INTERNAL, [&] { return last_error(words); });
}

void mail_oauth_free(void* handed_out) {
  const auto session =
      guarded("mail_oauth_free", std::shared_ptr<Session>(), [&] { return give_back(handed_out); });
  if (!session) return;  // The last error is somebody else's still.
  entry("mail_oauth_free", [&]() -> Result<void> {
    const auto losses = session->finish();
    if (losses && !losses->empty()) return sign_ins_lost(*losses);
    return {};
  });
}
