// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/session.h"

#include <glib.h>

#include <functional>
#include <memory>
#include <utility>

#include "assembly/store.h"
#include "base/i18n.h"
#include "base/printable.h"
#include "broker/lock_file.h"
#include "broker/loss.h"
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
constexpr std::chrono::seconds kWatched{300};
constexpr std::chrono::seconds kUnwatched{60};
/// For the store to say itself that they did not answer.
constexpr std::chrono::seconds kAfterThem{10};

/// Until `over`, the limit, or another Ctrl-C. What the store is just writing has its own limit.
void wait_until(const Broker& broker, Clock& clock, const std::string& patience,
                std::chrono::seconds limit, const std::function<bool()>& over) {
  WaitLoop loop(patience);
  const auto deadline = clock.uptime() + limit;
  std::function<void()> look;
  Call timer;
  look = [&] {
    const bool late = clock.uptime() > deadline && !broker.writing();
    if (over() || late) return loop.quit();
    timer = clock.after(kLook, look);
  };
  look();
  loop.run();
}

void say(const std::string& line) { g_printerr("%s\n", printable_text(line).c_str()); }

std::chrono::seconds person_limit() { return somebody_watches() ? kWatched : kUnwatched; }

Patience patience() {
  const std::chrono::seconds limit = person_limit();
  Patience patience;
  patience.person = limit;
  // Each question has a copy of this, and all are one.
  patience.on_question = [limit, told = std::make_shared<bool>(false)] {
    if (std::exchange(*told, true)) return;
    keyring_was_named();
    say(format(_("Waiting for the keyring, which may be asking a question on the desktop: {} s at "
                 "most."),
               {std::to_string(limit.count())}));
  };
  return patience;
}

std::string own_folder() {
  auto folder = cmdstore::state_folder();
  return folder ? *std::move(folder) : std::string();
}

}  // namespace

Session::Session(const KnownProviders& providers, Prompt prompt)
    : providers_(providers),
      clock_(std::make_unique<SystemClock>()),
      keyring_(open_store_briefly(prompt, patience())),
      state_folder_(own_folder()),
      commands_(state_folder_.empty() ? "" : state_folder_ + "/grants"),
      store_(*keyring_, commands_) {
  store_.on_unseen = [this](const Error& error) { unseen_.push_back(error); };
}

Session::~Session() = default;

TokenStore& Session::store() { return store_; }

Clock& Session::clock() { return *clock_; }

HttpClient& Session::http() {
  if (!http_) http_ = std::make_unique<LazyHttpClient>(http_options_from_environment());
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
  BrokerParts parts{http,        store_, nullptr, *clock_, *std::move(locks),
                    provider_of, {},     false,   true};
  parts.person_limit = person_limit() + kAfterThem;
  broker_ = std::make_unique<Broker>(std::move(parts));
  return broker_.get();
}

Result<void> Session::prove_lock(const GrantKey& key) {
  const auto folder = lock_folder_path();
  if (!folder) return folder.error();
  const auto lock = LockFile::try_take(*folder, key);
  if (!lock) return lock.error();
  return {};
}

Result<std::vector<GrantKey>> Session::look_up(const std::string& address) {
  unseen_.clear();
  return wait_for<std::vector<GrantKey>>(keyring_patience(), [&](Done<std::vector<GrantKey>> done) {
    return address.empty() ? store_.list(done) : store_.list_of(address, done);
  });
}

Result<std::vector<GrantKey>> Session::grants(const std::string& address) {
  auto found = look_up(address);
  say_left_out();
  return found;
}

void Session::say_left_out() {
  for (const Error& error : std::exchange(unseen_, {})) {
    say(format(_("Left out: {}"), {error.what}));
  }
}

Result<GrantKey> Session::chosen(const GrantFilter& filter, Error::Kind none) {
  const auto found = look_up(filter.address);
  const auto left_out = std::exchange(unseen_, {});
  if (!found) return found.error();
  if (found->empty() && !left_out.empty()) return left_out.front();
  return choose_grant(*found, filter, none);
}

Result<GrantKey> Session::chosen_to_erase(const GrantFilter& filter) {
  auto key = chosen(filter, Error::Kind::kConfig);
  if (key || key.error().kind != Error::Kind::kStorage) return key;
  const auto unreadable = found_by_name(filter);
  return unreadable.empty() ? key : choose_grant(unreadable, filter, Error::Kind::kConfig);
}

std::vector<GrantKey> Session::found_by_name(const GrantFilter& filter) const {
  const auto either = [](const std::string& asked, const std::string& own) {
    return asked.empty() ? own : asked;
  };
  std::vector<GrantKey> keys;
  for (const Provider& provider : providers_.all().providers()) {
    GrantKey key = grant_key({provider.id, either(filter.client, provider.client_id),
                              either(filter.tenant, provider.tenant)},
                             filter.address);
    if (commands_.has(key)) keys.push_back(std::move(key));
  }
  return fitting(keys, filter);
}

Result<void> Session::close() {
  if (!broker_) return {};
  if (broker_->unsettled()) {
    wait_until(*broker_, *clock_,
               _("Waiting for what the provider was asked already. Ctrl-C ends."), kLastAnswer,
               [this] { return !broker_->unsettled(); });
  }
  const auto nothing_unsaved = [this] {
    const auto losses = broker_->losses();
    return losses.empty() || losses[0].at_end != AtEnd::kLost;
  };
  if (!nothing_unsaved()) {
    broker_->save_now();
    wait_until(*broker_, *clock_, "", kLastTry, nothing_unsaved);
  }
  const auto losses = broker_->losses();
  if (losses.empty()) return {};
  if (broker_->writing()) return store_too_slow();  // It may land yet.
  return sign_in_lost(losses[0]);                   // A command has one sign-in.
}

}  // namespace mail_oauth::cli
