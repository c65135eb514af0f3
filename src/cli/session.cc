// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/session.h"

#include <glib.h>

#include <functional>

#include "assembly/store.h"
#include "base/i18n.h"
#include "broker/lock_file.h"
#include "cli/grant_choice.h"
#include "cli/output.h"
#include "cli/wait.h"
#include "desktop/system_clock.h"
#include "net/lazy_http_client.h"

namespace mail_oauth::cli {

namespace {

constexpr std::chrono::seconds kLastAnswer{10};
constexpr std::chrono::seconds kLastTry{3};
constexpr std::chrono::milliseconds kLook{50};

/// Until `over`, the limit, or another Ctrl-C.
void wait_until(Clock& clock, const std::string& patience, std::chrono::seconds limit,
                const std::function<bool()>& over) {
  WaitLoop loop(patience);
  const auto deadline = clock.now() + limit;
  std::function<void()> look;
  Call timer;
  look = [&] {
    if (over() || clock.now() > deadline) return loop.quit();
    timer = clock.after(kLook, look);
  };
  look();
  loop.run();
}

std::string own_folder() {
  auto folder = cmdstore::state_folder();
  return folder ? *std::move(folder) : std::string();
}

}  // namespace

Session::Session(const KnownProviders& providers)
    : providers_(providers),
      clock_(std::make_unique<SystemClock>()),
      keyring_(open_store_briefly(Prompt::kAllowed)),
      state_folder_(own_folder()),
      commands_(state_folder_.empty() ? "" : state_folder_ + "/grants"),
      store_(*keyring_, commands_) {
  store_.on_unseen = [](const Error& error) {
    const std::string line = format(_("What the keyring holds is left out: {}"), {error.what});
    g_printerr("%s\n", printable_text(line).c_str());
  };
}

Session::~Session() = default;

void Session::trust(const std::string& ca_file) { ca_file_ = ca_file; }

TokenStore& Session::store() { return store_; }

Clock& Session::clock() { return *clock_; }

HttpClient& Session::http() {
  if (!http_) {
    HttpOptions options = http_options_from_environment();
    options.extra_ca_file = ca_file_;
    http_ = std::make_unique<LazyHttpClient>(std::move(options));
  }
  return *http_;
}

Result<Broker*> Session::broker() {
  if (broker_) return broker_.get();
  auto locks = lock_folder_path();
  if (!locks) return locks.error();
  const auto provider_of = [this](const ClientKey& key) -> Result<Provider> {
    auto provider = providers_.find(key.provider);
    if (!provider) return provider;
    return for_tenant(*std::move(provider), key.tenant);
  };
  const auto http = [this]() -> Result<HttpClient*> { return &this->http(); };
  const auto locks_of = [this, usual = *locks](const GrantKey& key) {
    return lock_folder(key, usual);
  };
  broker_ = std::make_unique<Broker>(BrokerParts{
      http, store_, nullptr, *clock_, *std::move(locks), provider_of, {}, false, locks_of, true});
  return broker_.get();
}

Result<void> Session::prove_lock(const GrantKey& key) {
  const auto usual = lock_folder_path();
  if (!usual) return usual.error();
  const auto lock = LockFile::try_take(lock_folder(key, *usual), key);
  if (!lock) return lock.error();
  return {};
}

/// Cron has no runtime folder, a login over ssh has one: both reach the files of commands.
std::string Session::lock_folder(const GrantKey& key, const std::string& usual) const {
  return store_.by_commands(key) ? state_folder_ + "/lock" : usual;
}

Result<std::vector<GrantKey>> Session::grants() {
  return wait_for<std::vector<GrantKey>>(
      _("Waiting for the keyring. Ctrl-C ends."),
      [this](Done<std::vector<GrantKey>> done) { return store_.list(done); });
}

Result<void> Session::close() {
  if (!broker_) return {};
  if (broker_->unsettled()) {
    wait_until(*clock_, _("Waiting for what the provider was asked already. Ctrl-C ends."),
               kLastAnswer, [this] { return !broker_->unsettled(); });
  }
  if (broker_->unsaved().empty()) return {};
  broker_->save_now();
  wait_until(*clock_, "", kLastTry, [this] { return broker_->unsaved().empty(); });
  const auto lost = broker_->unsaved();
  if (lost.empty()) return {};
  return make_error(
      Error::Kind::kStorage,
      format(_("The renewed sign-in of {} could not be stored and is lost. Sign in again: "
               "mail-oauth login {}"),
             {described(lost[0]), lost[0].identity}));
}

}  // namespace mail_oauth::cli
