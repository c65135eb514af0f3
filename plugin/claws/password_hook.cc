// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/password_hook.h"

#include <algorithm>

#include "base/guarded.h"
#include "base/vector_registers.h"
#include "claws/accounts.h"
#include "claws/carrying_limits.h"
#include "claws/field_follower.h"
#include "claws/notices.h"
#include "claws/server_refusal.h"

namespace mail_oauth::claws {
namespace {

/// Without a token the host asks the person at once; after a token, when the server refused it.
constexpr std::chrono::seconds kAtOnce{10};
constexpr std::chrono::seconds kDuringLogin{180};

/// Whether the verdict is about this login: POP3's and SMTP's name nobody.
bool is_about(const LoginVerdict& verdict, Protocol protocol, const std::string& user,
              const std::string& server) {
  if (protocol != verdict.protocol) return false;
  return verdict.user.empty() || (user == verdict.user && server == verdict.server);
}

Refused who_was_refused(const AccountView& account, Protocol protocol, const std::string& user,
                        const std::string& server) {
  Refused who{user, server, "", false};
  const PrefsAccount* live = account_find_from_id(account.id);
  if (live) who.sender = text_of(live->address);
  const AccountIntent& intent = *account.intent;
  const std::string& mailbox = protocol == Protocol::kSmtp ? who.sender : user;
  who.shared =
      !intent.mailbox.empty() && g_ascii_strcasecmp(mailbox.c_str(), intent.identity.c_str()) != 0;
  return who;
}

/// Only while it is turned on.
std::optional<AccountView> managed_account(int id) {
  PrefsAccount* account = account_find_from_id(id);
  if (!account) return std::nullopt;
  AccountView view = view_of(account);
  return view.intent ? std::optional(std::move(view)) : std::nullopt;
}

}  // namespace

PasswordHook::PasswordHook(std::shared_ptr<TokenDesk> desk, std::shared_ptr<NoticeDesk> notices)
    : desk_(std::move(desk)), notices_(std::move(notices)) {
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
  const auto login = std::find_if(logins_.begin(), logins_.end(), [&](const auto& one) {
    const auto& [protocol, user, server] = one.first;
    return is_about(verdict, protocol, user, server);
  });
  if (login == logins_.end()) return;
  const auto& [protocol, user, server] = login->first;
  if (!verdict.after_login) judge_token(login->first, verdict);
  const auto account = managed_account(login->second);
  if (!account) return;
  if (verdict.accepted) {
    if (verdict.after_login) return notices_->use_accepted(account->id, protocol);
    return notices_->login_accepted(account->id, protocol);
  }
  const Error error = server_refusal(verdict, who_was_refused(*account, protocol, user, server));
  if (error.kind == Error::Kind::kTransient) return;
  if (verdict.after_login) return notices_->use_refused(*account, protocol, error);
  notices_->login_refused(*account, protocol, error, verdict.doubtful);
}

/// Each token once.
void PasswordHook::judge_token(const Login& login, const LoginVerdict& verdict) {
  const auto entry = handed_out_.find(login);
  if (entry == handed_out_.end()) return;
  if (verdict.accepted) prompts_.disarm(std::get<1>(login), std::get<2>(login));
  const HandedOut judged = std::move(entry->second);
  handed_out_.erase(entry);
  const auto source = desk_->source();
  if (verdict.doubtful && source) (*source)->refused(judged.grant, judged.token.reveal());
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
  if (!token) return refuse(request, *protocol, account, token.error());
  notices_->token_came(token->grant);
  request.password = g_strndup(token->token.reveal().data(), token->token.size());
  forget_vector_registers();
  // POP3's and SMTP's verdicts name nobody: they count for the last token of the protocol only.
  if (*protocol != Protocol::kImap) {
    const auto older = [&](const auto& old) { return std::get<0>(old.first) == *protocol; };
    std::erase_if(handed_out_, older);
    std::erase_if(logins_, older);
  }
  logins_[{*protocol, user, server}] = account.id;
  handed_out_[{*protocol, user, server}] = std::move(*token);
  prompts_.arm(user, server, kDuringLogin);
  return TRUE;
}

gboolean PasswordHook::refuse(PasswordRequest& request, Protocol protocol,
                              const AccountView& account, const Error& error) {
  put_managed_passwords_away();  // What the host would find if it looked for itself: nothing.
  prompts_.arm(text_of(request.user), text_of(request.server), kAtOnce);
  tell(account.name, error);
  notices_->no_token(account, error);
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
  return HandedOut{std::move(*key), std::move(*token)};
}

}  // namespace mail_oauth::claws
