// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/mechanism_tokens.h"

#include <mutex>
#include <optional>

#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/notices.h"
#include "etpan/sasl_mechanisms.h"
#include "ports/pending.h"
#include "ports/wait.h"

namespace mail_oauth::claws {
namespace {

/// As the host's own logins wait: it may be the main thread that signs in.
constexpr std::chrono::seconds kLimit{45};

/// The accounts as they were last, and under which grant each managed one signs in.
struct Copy {
  std::vector<AccountView> accounts;
  std::map<int, Result<GrantKey>> grants;
};

/// To these mechanisms a managed account speaks OAuth when it receives, whatever its fields say
/// meanwhile. Over which server it sends is another matter (sending.h).
void mark_as_speaking(std::optional<Service>& service) {
  if (service) service->speaks_oauth = true;
}

Copy copy_accounts(TokenDesk& desk) {
  Copy copy;
  copy.accounts = account_views();
  for (auto& account : copy.accounts) {
    if (!account.managed()) continue;
    mark_as_speaking(account.imap);
    mark_as_speaking(account.pop);
    if (account.intent) copy.grants.emplace(account.id, desk.grant(*account.intent));
  }
  return copy;
}

Error changing() {
  return make_error(Error::Kind::kTransient,
                    _("The account was changed while it waited for its token. The next attempt "
                      "asks for another one."));
}

std::optional<Protocol> protocol_of_service(std::string_view service) {
  return service == "pop" ? Protocol::kPop : protocol_of_request(service);
}

}  // namespace

/// What the threads that sign in see. Any thread; its lock is held over no wait.
class MechanismTokens::Desk : public TokenSource {
 public:
  explicit Desk(Result<TokenSource*> source) : source_(std::move(source)) {}

  void set(Copy copy) {
    const std::lock_guard<std::mutex> lock(mutex_);
    copy_ = std::move(copy);
  }

  void close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    source_ = make_error(Error::Kind::kCancelled, _("The program is ending."));
    copy_ = {};
  }

  /// Under which grant; nothing: no managed account.
  std::optional<Result<GrantKey>> grant_for(std::string_view user, std::string_view service,
                                            std::string_view host) {
    const auto protocol = protocol_of_service(service);
    if (!protocol || host.empty()) return std::nullopt;
    const std::lock_guard<std::mutex> lock(mutex_);
    const PasswordQuestion question{*protocol, std::string(user), std::string(host), 0};
    // What the caller has may be the account's password.
    if (fits_one_that_changes(question, copy_.accounts)) return Result<GrantKey>(changing());
    const auto account = account_asking(question, copy_.accounts, [this](const AccountView& one) {
      return copy_.grants.at(one.id);
    });
    if (!account) return Result<GrantKey>(account.error());
    if (!*account) return std::nullopt;
    const auto allowed = may_get_token(*protocol, **account);
    if (!allowed) return Result<GrantKey>(allowed.error());
    return copy_.grants.at((*account)->id);
  }

  /// The question is only handed over here: nothing is waited for.
  Call token(GrantKey key, Protocol protocol, Done<AccessToken> done) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (source_) return (*source_)->token(std::move(key), protocol, std::move(done));
    const auto open = Pending<AccessToken>::of(std::move(done));
    open->answer(source_.error());
    return Call([open] { open->cancel(); });
  }

  void refused(const GrantKey& key, std::string_view token) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (source_) (*source_)->refused(key, token);
  }

 private:
  std::mutex mutex_;
  Result<TokenSource*> source_;
  Copy copy_;
};

MechanismTokens::MechanismTokens(std::shared_ptr<TokenDesk> desk)
    : desk_(std::move(desk)), open_(std::make_shared<Desk>(desk_->source())) {
  accounts_changed();
  hook_ = hooks_register_hook(ACCOUNT_LIST_CHANGED_HOOKLIST, on_accounts, this);
  const auto registered = etpan::register_mechanisms(
      [open = open_](std::string_view user, std::string_view service,
                     std::string_view host) -> std::optional<Result<AccessToken>> {
        auto key = open->grant_for(user, service, host);
        if (!key) return std::nullopt;
        if (!*key) return Result<AccessToken>(key->error());
        return wait_for_token(*open, **key, *protocol_of_service(service), kLimit);
      },
      [open = open_](std::string_view user, std::string_view service, std::string_view host,
                     std::string_view token) {
        const auto key = open->grant_for(user, service, host);
        if (key && *key) open->refused(**key, token);
      });
  if (!registered) tell(_("Sign in with OAuth"), registered.error());
}

MechanismTokens::~MechanismTokens() {
  if (hook_) hooks_unregister_hook(ACCOUNT_LIST_CHANGED_HOOKLIST, hook_);
  // They stay registered: Cyrus SASL takes nothing back.
  [[maybe_unused]] const auto still = etpan::register_mechanisms();
  open_->close();
}

void MechanismTokens::accounts_changed() { open_->set(copy_accounts(*desk_)); }

gboolean MechanismTokens::on_accounts(gpointer, gpointer self) {
  return guarded("account list hook", FALSE, [&] {
    static_cast<MechanismTokens*>(self)->accounts_changed();
    return FALSE;
  });
}

}  // namespace mail_oauth::claws
