// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/password_hook.h"

#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/carrying_limits.h"
#include "claws/field_follower.h"
#include "claws/notices.h"

namespace mail_oauth::claws {
namespace {

/// Without a token the host asks the person at once; after a token, when the server refused it.
constexpr std::chrono::seconds kAtOnce{10};
constexpr std::chrono::seconds kDuringLogin{180};

/// No other token would help, and the grant is good.
Error speaks_no_xoauth2(Protocol protocol, const std::string& server) {
  return make_error(
      Error::Kind::kRefused,
      format(_("{} does not take XOAUTH2 over {}, and it is the only way in which Claws Mail can "
               "send a token (OAUTHBEARER, which the server may offer, is not). Ask whoever runs "
               "the mail server to turn XOAUTH2 on."),
             {server, protocol_title(protocol)}));
}

}  // namespace

PasswordHook::PasswordHook(std::shared_ptr<TokenDesk> desk) : desk_(std::move(desk)) {
  hook_ = hooks_register_hook(PASSWORD_GET_HOOKLIST, on_request, this);
  log_hook_ = hooks_register_hook(LOG_APPEND_TEXT_HOOKLIST, on_log, this);
}

PasswordHook::~PasswordHook() { close(); }

void PasswordHook::close() {
  wait_.end_all();
  if (hook_) hooks_unregister_hook(PASSWORD_GET_HOOKLIST, std::exchange(hook_, 0));
  if (log_hook_) hooks_unregister_hook(LOG_APPEND_TEXT_HOOKLIST, std::exchange(log_hook_, 0));
}

gboolean PasswordHook::on_request(gpointer request, gpointer self) {
  return guarded("password hook", FALSE, [&] {
    // The plugin may be unloaded while this waits for a token.
    const auto alive = static_cast<PasswordHook*>(self)->shared_from_this();
    return alive->answer(*static_cast<PasswordRequest*>(request));
  });
}

gboolean PasswordHook::on_log(gpointer data, gpointer self) {
  return guarded("log hook", FALSE, [&] {
    const auto* line = static_cast<const LogText*>(data);
    if (line->instance != LOG_PROTOCOL || !line->text) return FALSE;
    auto* hook = static_cast<PasswordHook*>(self);
    if (const auto verdict = hook->feedback_.read(line->text)) hook->judged(*verdict);
    return FALSE;  // Others want to read it too.
  });
}

void PasswordHook::judged(const LoginVerdict& verdict) {
  for (auto entry = handed_out_.begin(); entry != handed_out_.end(); ++entry) {
    const auto& [protocol, user, server] = entry->first;
    if (protocol != verdict.protocol) continue;
    if (!verdict.user.empty() && (user != verdict.user || server != verdict.server)) continue;
    if (verdict.accepted) prompts_.disarm(user, server);
    const HandedOut judged = std::move(entry->second);
    const std::string where = server;
    handed_out_.erase(entry);
    if (verdict.unspoken) return tell(judged.account, speaks_no_xoauth2(verdict.protocol, where));
    const auto source = desk_->source();
    if (!verdict.accepted && source) (*source)->refused(judged.grant, judged.token.reveal());
    return;
  }
}

gboolean PasswordHook::answer(PasswordRequest& request) {
  const std::string user = text_of(request.user);
  const std::string server = text_of(request.server);
  prompts_.disarm(user, server);
  const auto protocol = protocol_of_request(text_of(request.protocol));
  if (!protocol) return FALSE;

  const auto accounts = account_views();
  const auto asking = account_asking({*protocol, user, server, request.port}, accounts);
  if (!asking) {
    // Two accounts fit, or the intent is broken. One of them may be an ordinary account: the host
    // finds its password by itself, and nothing for the managed one.
    prompts_.arm(user, server, kAtOnce);
    put_managed_passwords_away();
    tell(server, asking.error());
    return FALSE;
  }
  if (!*asking) return FALSE;

  const AccountView account = **asking;
  auto token = token_for(account, *protocol, user);
  if (!token) return refuse(request, *protocol, account.name, token.error());
  request.password = g_strndup(token->token.reveal().data(), token->token.size());
  // POP3's and SMTP's verdicts name nobody: they count for the last token of the protocol only.
  if (*protocol != Protocol::kImap) {
    std::erase_if(handed_out_,
                  [&](const auto& old) { return std::get<0>(old.first) == *protocol; });
  }
  handed_out_[{*protocol, user, server}] = std::move(*token);
  prompts_.arm(user, server, kDuringLogin);
  return TRUE;
}

gboolean PasswordHook::refuse(PasswordRequest& request, Protocol protocol,
                              const std::string& account, const Error& error) {
  put_managed_passwords_away();  // What the host would find if it looked for itself: nothing.
  prompts_.arm(text_of(request.user), text_of(request.server), kAtOnce);
  tell(account, error);
  request.password = nullptr;
  // With TRUE and nothing, SMTP would send "(null)" as the token.
  return protocol != Protocol::kSmtp;
}

Result<PasswordHook::HandedOut> PasswordHook::token_for(const AccountView& account,
                                                        Protocol protocol,
                                                        const std::string& user) {
  const auto allowed = may_carry_token(protocol, account.service(protocol)->connection);
  if (!allowed) return allowed.error();
  const auto source = desk_->source();
  if (!source) return source.error();

  const AccountIntent& intent = *account.intent;
  auto key = desk_->grant(intent);
  if (!key) return key.error();
  const std::string waiting = format(_("Waiting for {} to renew the sign-in of {}."),
                                     {desk_->provider_name(intent), intent.identity});
  auto token = wait_.ask(**source, *key, protocol, waiting);
  if (!token) return token.error();
  const auto fits = can_carry(running_host(), protocol, user.size(), token->size());
  if (!fits) return fits.error();
  return HandedOut{account.name, std::move(*key), std::move(*token)};
}

}  // namespace mail_oauth::claws
