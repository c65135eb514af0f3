// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/session.h"

#include <glib.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <utility>

#include "assembly/broker_home.h"
#include "base/i18n.h"
#include "broker/lock_file.h"
#include "capi/handles.h"
#include "capi/patience.h"
#include "etpan/sasl_mechanisms.h"
#include "manifest/folders.h"
#include "ports/wait.h"

namespace mail_oauth::capi {

namespace {

/// The process that made a worker last.
std::atomic<pid_t> last_owner{0};

Prompt prompt_of(const Options& options) {
  return options.never_prompt ? Prompt::kNever : Prompt::kAllowed;
}

Error several(const std::string& address, const std::vector<GrantKey>& grants) {
  return make_error(Error::Kind::kConfig,
                    format(_("Several sign-ins fit {}. The mail program has to say which of them "
                             "it wants, by provider, client or tenant:"),
                           {address}) +
                        listed(grants));
}

/// `others`: who is signed in under this address, but not as narrowed.
Error nobody(const std::string& address, const std::vector<GrantKey>& others) {
  if (others.empty()) {
    return make_error(
        Error::Kind::kReauthorize,
        format(_("Nobody is signed in as {1}. Sign in: mail-oauth login {1}"), {address}));
  }
  return make_error(Error::Kind::kReauthorize,
                    format(_("{} is signed in, but not with the provider, client or tenant that "
                             "the mail program wants:"),
                           {address}) +
                        listed(others));
}

Error with_way_out(Error error, const GrantKey& key) {
  if (error.kind != Error::Kind::kReauthorize) return error;
  error.what += " " + format(_("Sign in again: mail-oauth login --provider {} {}"),
                             {key.client.provider, key.identity});
  return error;
}

bool same_address(std::string_view one, const std::string& other) {
  return one.size() == other.size() &&
         g_ascii_strncasecmp(one.data(), other.data(), one.size()) == 0;
}

/// As Cyrus SASL names the service.
Protocol protocol_of(std::string_view service) {
  return protocol_from_word(service).value_or(Protocol::kImap);
}

}  // namespace

Session::Session(Options options) : options_(options), folders_(manifest::standard_folders()) {}

Result<ThreadedBroker*> Session::broker() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (finished_) return make_error(Error::Kind::kCancelled, _("The program is ending."));
  if (broker_) return broker_.get();
  auto locks = lock_folder_path();
  if (!locks) return locks.error();
  BrokerPlan plan{folders_, *std::move(locks), prompt_of(options_)};
  plan.proves_store = true;
  // A program that frees nothing may end while the broker renews of its own accord.
  static std::once_flag begun;
  std::call_once(begun, end_sessions_at_exit);
  plan.on_first_request = [] {
    static std::once_flag requested;
    std::call_once(requested, end_sessions_at_exit);
  };
  owner_ = last_owner = getpid();
  broker_ = std::make_unique<ThreadedBroker>(
      [plan = std::move(plan)](BrokerObserver told) { return make_broker(plan, std::move(told)); });
  return broker_.get();
}

bool Session::used_here() { return last_owner == getpid(); }

std::optional<std::vector<Loss>> Session::finish() {
  ThreadedBroker* broker = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (broker_ && owner_ != getpid()) return std::nullopt;
    finished_ = true;
    broker = broker_.get();  // It stays as long as the session does.
  }
  return broker ? broker->end() : std::vector<Loss>();
}

Result<GrantKey> Session::grant_of(const Account& account, std::chrono::milliseconds limit) {
  const GrantFilter& wish = account.filter;
  if (account.exact()) {
    return grant_key({wish.provider, wish.client, wish.tenant}, wish.address);
  }
  if (auto key = remembered(wish)) return *std::move(key);
  auto key = find_grant(wish, limit);
  if (!key) return key;
  const std::lock_guard<std::mutex> lock(mutex_);
  found_.insert_or_assign(wish, *key);
  return key;
}

std::optional<GrantKey> Session::remembered(const GrantFilter& wish) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = found_.find(wish);
  return found == found_.end() ? std::nullopt : std::optional<GrantKey>(found->second);
}

void Session::forget(const GrantFilter& wish, const Error& error) {
  if (error.kind != Error::Kind::kReauthorize) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  found_.erase(wish);
}

Result<GrantKey> Session::find_grant(const GrantFilter& wish, std::chrono::milliseconds limit) {
  const auto store = open_store(Prompt::kNever);
  const auto grants = wait_for_grants(*store, limit);
  if (!grants) return grants.error();
  const auto found = fitting(*grants, wish);
  if (found.size() > 1) return several(wish.address, found);
  if (found.empty()) return nobody(wish.address, fitting(*grants, {wish.address, "", "", ""}));
  return found[0];
}

Result<AccessToken> Session::token(const Account& account, Protocol protocol) {
  return token(account, protocol, Patience(clock_));
}

Result<AccessToken> Session::token(const Account& account, Protocol protocol,
                                   const Patience& patience) {
  const auto source = broker();
  if (!source) return source.error();
  const bool known = remembered(account.filter).has_value();
  const auto key = grant_of(account, patience.left());
  if (!key) return key.error();
  auto token = wait_for_token(**source, *key, protocol, patience.left());
  if (token) return token;
  forget(account.filter, token.error());
  // Who was meant before is signed out: somebody else may be signed in under the address.
  const auto now = known ? grant_of(account, patience.left()) : key;
  if (!now && now.error().kind == Error::Kind::kReauthorize) return now.error();
  if (!now || *now == *key) return with_way_out(token.error(), *key);
  token = wait_for_token(**source, *now, protocol, patience.left());
  if (!token) return with_way_out(token.error(), *now);
  return token;
}

template <class Etpan>
Result<void> Session::sign_in(const Account& account, Protocol protocol, Etpan* etpan,
                              const Server& server) {
  const auto source = broker();
  if (!source) return source.error();
  const Patience patience(clock_);
  const auto key = grant_of(account, patience.left());
  if (!key) return key.error();
  const auto left = patience.left();  // for each token of the dialogue
  const auto provider = provider_for(folders_, key->client);
  if (!provider) return provider.error();
  auto anchors = anchors_.lend(provider->ca_file);
  if (!anchors) return anchors.error();

  etpan::Login login;
  login.user = sasl_user(account, *key, *provider, protocol);
  login.peer = {server.host, server.port, anchors->get(), options_.plain_on_loopback};
  login.tokens = etpan::tokens_of(**source, *key, protocol);
  login.tokens.current = [source, key, protocol, left] {
    return wait_for_token(**source, *key, protocol, left);
  };
  etpan::follow_manifest(login, *provider);
  const auto mechanism = etpan::login(etpan, login);
  anchors_.take_back(provider->ca_file, std::move(*anchors));
  if (mechanism) return {};
  forget(account.filter, mechanism.error());
  return with_way_out(mechanism.error(), *key);
}

Result<void> Session::login(const Account& account, mailimap* imap, const Server& server) {
  return sign_in(account, Protocol::kImap, imap, server);
}

Result<void> Session::login(const Account& account, mailpop3* pop, const Server& server) {
  return sign_in(account, Protocol::kPop, pop, server);
}

Result<void> Session::login(const Account& account, mailsmtp* smtp, const Server& server) {
  return sign_in(account, Protocol::kSmtp, smtp, server);
}

Result<Account> Session::account_of(std::string_view user, Protocol protocol,
                                    const Patience& patience) {
  std::vector<Account> candidates;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    candidates = registered_;
  }
  for (const Account& account : candidates) {
    if (account.mailbox.empty() && same_address(user, account.filter.address)) return account;
    if (account.mailbox.empty()) continue;
    const auto key = grant_of(account, patience.left());
    const auto provider = key ? provider_for(folders_, key->client) : key.error();
    if (!provider) continue;
    if (same_address(user, sasl_user(account, *key, *provider, protocol))) return account;
  }
  const std::string address(user);
  mail_oauth_account plain = {};
  plain.size = sizeof plain;
  plain.address = address.c_str();
  return read_account(&plain);
}

void Session::refused(std::string_view user, Protocol protocol, std::string_view token) {
  const Patience patience(clock_);
  const auto account = account_of(user, protocol, patience);
  const auto key = account ? grant_of(*account, patience.left()) : account.error();
  const auto source = broker();
  if (key && source) (*source)->refused(*key, token);
}

void Session::answer_for(Account account) {
  const std::lock_guard<std::mutex> lock(mutex_);
  registered_.push_back(std::move(account));
}

Result<void> Session::register_mechanisms() {
  const std::weak_ptr<Session> weak = weak_from_this();
  const auto token = [weak](std::string_view user, std::string_view service,
                            std::string_view) -> Result<AccessToken> {
    const auto session = weak.lock();
    if (!session) {
      return make_error(Error::Kind::kConfig,
                        _("The mail program closed its session with mail-oauth, so there are no "
                          "tokens any more."));
    }
    const Patience patience(session->clock_);
    const auto account = session->account_of(user, protocol_of(service), patience);
    if (!account) return account.error();
    return session->token(*account, protocol_of(service), patience);
  };
  const auto refused = [weak](std::string_view user, std::string_view service, std::string_view,
                              std::string_view bytes) {
    if (const auto session = weak.lock()) session->refused(user, protocol_of(service), bytes);
  };
  return etpan::register_mechanisms(token, refused);
}

}  // namespace mail_oauth::capi
