// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/password_hook.h"

#include <libintl.h>

#include <algorithm>
#include <iterator>

#include "base/guarded.h"
#include "base/vector_registers.h"
#include "claws/accounts.h"
#include "claws/carrying_limits.h"
#include "claws/field_follower.h"
#include "claws/notices.h"
#include "claws/server_refusal.h"

namespace mail_oauth::claws {
namespace {

/// The host's own words, in its language; apart from the call, for they are not for our
/// translators.
const char* connecting_to_pop() {
  constexpr const char* kLine = "Account '%s': Connecting to POP3 server: %s:%d...";
  return dgettext("claws-mail", kLine);
}

/// Whether the verdict is about this login. IMAP's names the user, POP3's the account, SMTP's
/// nobody; of what it does not name, anything fits.
bool is_about(const LoginVerdict& verdict, Protocol protocol, const std::string& user,
              const std::string& server, const std::string& account) {
  const auto fits = [](const std::string& named, const std::string& one) {
    return named.empty() || named == one;
  };
  return protocol == verdict.protocol && fits(verdict.user, user) && fits(verdict.server, server) &&
         fits(verdict.account, account);
}

Refused who_was_refused(const AccountView& account, Protocol protocol, const std::string& user,
                        const std::string& server) {
  Refused who{user, server, account.address, false};
  const AccountIntent& intent = *account.intent;
  const std::string& mailbox = protocol == Protocol::kSmtp ? who.sender : user;
  who.shared =
      !intent.mailbox.empty() && g_ascii_strcasecmp(mailbox.c_str(), intent.identity.c_str()) != 0;
  return who;
}

/// Of those that may be asking, the ones that are ours.
std::vector<const AccountView*> managed_ones(const PasswordQuestion& question,
                                             const std::vector<AccountView>& accounts) {
  std::vector<const AccountView*> found;
  for (const auto& account : accounts) {
    const auto& service = account.service(question.protocol);
    if (account.managed() && service && service->user == question.user &&
        service->server == question.server)
      found.push_back(&account);
  }
  return found;
}

/// Whether the host, left alone, would log in with something that it has.
bool finds_something(const AccountView& view, Protocol protocol) {
  PrefsAccount* account = account_find_from_id(view.id);
  return account &&
         has_password_of_its_own(*account, names_of(account), protocol == Protocol::kSmtp);
}

/// The same for whichever of ours may be asking: what it finds would leave as a token.
bool any_finds_something(const PasswordQuestion& question,
                         const std::vector<AccountView>& accounts) {
  const auto ours = managed_ones(question, accounts);
  return std::any_of(ours.begin(), ours.end(), [&](const AccountView* one) {
    return finds_something(*one, question.protocol);
  });
}

/// The host gets nothing, and looks for nothing itself. Over SMTP it would send "(null)" for it.
gboolean answer_nothing(PasswordRequest& request, Protocol protocol) {
  if (protocol == Protocol::kSmtp) request.password = g_strdup("");
  return TRUE;
}

/// A sending that ends before it connects is better than one with an empty token: so the host looks
/// for itself where there is nothing to be found.
gboolean answer_nothing(PasswordRequest& request, const PasswordQuestion& question,
                        const AccountView& account, const std::vector<AccountView>& accounts) {
  const bool finds =
      finds_something(account, question.protocol) || any_finds_something(question, accounts);
  if (question.protocol == Protocol::kSmtp && !finds) return FALSE;
  return answer_nothing(request, question.protocol);
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
    : desk_(std::move(desk)), notices_(std::move(notices)), feedback_(connecting_to_pop()) {
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

/// None when it fits more than one.
PasswordHook::Logins::const_iterator PasswordHook::login_of(const LoginVerdict& verdict) const {
  const auto fits = [&](const auto& one) {
    const auto& [protocol, user, server] = one.first;
    return is_about(verdict, protocol, user, server, one.second.name);
  };
  const auto login = std::find_if(logins_.begin(), logins_.end(), fits);
  if (login == logins_.end()) return login;
  const bool another = std::any_of(std::next(login), logins_.end(), fits);
  return another ? logins_.end() : login;
}

void PasswordHook::judged(const LoginVerdict& verdict) {
  const auto login = login_of(verdict);
  if (login == logins_.end()) return;
  const auto& [protocol, user, server] = login->first;
  if (!verdict.after_login) judge_token(login->first, verdict);
  const auto account = managed_account(login->second.id);
  if (!account) return;
  if (verdict.accepted) {
    if (verdict.after_login) return notices_->use_accepted(account->id, protocol);
    return notices_->login_accepted(account->id, protocol);
  }
  const Error error = server_refusal(verdict, who_was_refused(*account, protocol, user, server));
  if (verdict.after_login) {
    if (error.kind == Error::Kind::kTransient) return;
    return notices_->use_refused(*account, protocol, error);
  }
  notices_->login_refused(*account, protocol, error, verdict.doubtful);
}

/// Each token once.
void PasswordHook::judge_token(const Login& login, const LoginVerdict& verdict) {
  const auto entry = handed_out_.find(login);
  if (entry == handed_out_.end()) return;
  // IMAP's alone asks again when it was refused.
  if (verdict.accepted || std::get<0>(login) != Protocol::kImap) prompts_.disarm(login);
  const HandedOut judged = std::move(entry->second);
  handed_out_.erase(entry);
  const auto source = desk_->source();
  if (verdict.doubtful && source) (*source)->refused(judged.grant, judged.token.reveal());
}

/// SMTP's verdicts name nobody: they are about the login that was asked for last, whoever's it is.
void PasswordHook::forget_sending() {
  const auto sends = [](const auto& one) { return std::get<0>(one.first) == Protocol::kSmtp; };
  std::erase_if(handed_out_, sends);
  std::erase_if(logins_, sends);
}

Result<const AccountView*> PasswordHook::whose(const PasswordQuestion& question,
                                               const std::vector<AccountView>& accounts) {
  return account_asking(question, accounts,
                        [this](const AccountView& one) { return desk_->grant(*one.intent); });
}

gboolean PasswordHook::answer(PasswordRequest& request) {
  // Copies: for IMAP the host's strings are the account's own, which may be freed during the wait.
  const auto protocol = protocol_of_request(text_of(request.protocol));
  const PasswordQuestion question{protocol.value_or(Protocol::kImap), text_of(request.user),
                                  text_of(request.server), request.port};
  request.password = nullptr;
  const auto accounts = account_views();
  if (!protocol) return without_token(request, std::nullopt, question, accounts);
  if (*protocol == Protocol::kSmtp) forget_sending();
  const std::string& user = question.user;
  const std::string& server = question.server;
  const auto asking = whose(question, accounts);
  if (!asking) {
    // Two accounts fit, or the intent is broken. One of them may be an ordinary account: the host
    // finds its password by itself, and nothing for the managed one.
    prompts_.arm({protocol, user, server});
    put_managed_passwords_away();
    const auto ours = managed_ones(question, accounts);
    if (ours.empty()) tell(server, asking.error());
    if (!ours.empty()) notices_->login_refused(*ours.front(), *protocol, asking.error(), false);
    return any_finds_something(question, accounts) ? answer_nothing(request, *protocol) : FALSE;
  }
  if (!*asking) return without_token(request, protocol, question, accounts);

  const AccountView account = **asking;
  auto token = token_for(account, question);
  if (token && !still_asks(account, question, token->grant)) {
    token = make_error(Error::Kind::kTransient,
                       _("The account was changed while it waited for its token. The next attempt "
                         "asks for another one."));
  }
  if (!token) return refuse(request, question, account, token.error());
  notices_->token_came(token->grant);
  request.password = g_strndup(token->token.reveal().data(), token->token.size());
  forget_vector_registers();
  if (*protocol == Protocol::kSmtp) forget_sending();  // one that came during the wait
  logins_[{*protocol, user, server}] = {account.id, account.name};
  handed_out_[{*protocol, user, server}] = std::move(*token);
  prompts_.arm({protocol, user, server});
  return TRUE;
}

/// During the wait windows were used: it may be off now, or sign in elsewhere.
bool PasswordHook::still_asks(const AccountView& account, const PasswordQuestion& question,
                              const GrantKey& grant) {
  const auto accounts = account_views();
  const auto asking = whose(question, accounts);
  if (!asking || !*asking || (*asking)->id != account.id) return false;
  const auto key = desk_->grant(*(*asking)->intent);
  return key && *key == grant && may_get_token(question.protocol, **asking);
}

gboolean PasswordHook::refuse(PasswordRequest& request, const PasswordQuestion& question,
                              const AccountView& account, const Error& error) {
  put_managed_passwords_away();
  keep_prompt_away(question, account.id);
  Error told = error;
  if (told.code == "no-grant" && account.intent) {
    told.what = format(_("{1} is not signed in with {2}."),
                       {account.intent->identity, desk_->provider_name(*account.intent)});
  }
  tell(account.name, told);
  notices_->no_token(account, told);
  return answer_nothing(request, question, account, account_views());
}

/// The host's prompt names the account as it is called then.
void PasswordHook::keep_prompt_away(const PasswordQuestion& question, int account_id) {
  prompts_.arm({question.protocol, question.user, question.server});
  PrefsAccount* account = account_find_from_id(account_id);
  if (!account) return;
  // Whether it is on by now does not matter: the login under way speaks OAuth.
  const AccountView view = view_of(account);
  const auto& service = view.service(question.protocol);
  if (service) prompts_.arm({question.protocol, service->user, service->server});
}

gboolean PasswordHook::without_token(PasswordRequest& request,
                                     const std::optional<Protocol>& protocol,
                                     const PasswordQuestion& question,
                                     const std::vector<AccountView>& accounts) {
  const AccountView* account = account_not_ready(protocol, question, accounts);
  if (!account) {
    prompts_.let({protocol, question.user, question.server});
    return FALSE;
  }
  put_managed_passwords_away();
  prompts_.arm({protocol, question.user, question.server});
  if (!protocol) {
    tell(format(_("{1}: a login over {2} at {3} asks for the password of {4}, who signs in with "
                  "OAuth. None is given. If that server takes passwords, enter one on the "
                  "account's own page for it."),
                {account->name, text_of(request.protocol), question.server, question.user}));
    return TRUE;
  }
  const Error error = make_error(
      Error::Kind::kTransient,
      format(_("The connection to {} is older than the account's settings, so no token goes there. "
               "The next attempt makes a new one."),
             {question.server}));
  tell(account->name, error);
  if (account->intent) notices_->no_token(*account, error);
  // Passwords that could not be moved still serve an account that was not changed to OAuth.
  if (!account->speaks_oauth() && finds_something(*account, *protocol)) return FALSE;
  return answer_nothing(request, question, *account, accounts);
}

Result<PasswordHook::HandedOut> PasswordHook::token_for(const AccountView& account,
                                                        const PasswordQuestion& question) {
  const Protocol protocol = question.protocol;
  const auto allowed = may_get_token(protocol, account);
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
  const auto fits = can_carry(running_host(), protocol, question.user.size(), token->size());
  if (!fits) return fits.error();
  return HandedOut{std::move(*key), std::move(*token)};
}

}  // namespace mail_oauth::claws
