// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/model_world.h"

#include <algorithm>

namespace mail_oauth::testing {
namespace {

std::string family_of(std::string_view refresh_token) {
  return std::string(refresh_token.substr(0, refresh_token.find('.')));
}

template <class Kind>
std::string text(const Kind& secret) {
  return std::string(secret.reveal());
}

}  // namespace

template <class T>
Call ModelStore::later(Done<T> done, bool writes, std::function<Result<T>()> act) {
  const auto question = std::make_shared<Done<T>>(std::move(done));
  const auto begun = std::make_shared<bool>(false);
  const auto run = [this, writes, question, begun, act = std::move(act)] {
    if (std::exchange(*begun, true)) return;
    if (writes && !*question) world_.gone_.clear();  // It comes late, and nobody can help that.
    const Process& own = world_.processes[static_cast<std::size_t>(process_)];
    Result<T> result = own.locked ? Result<T>(MemoryStore::locked())
                       : own.full && writes
                           ? Result<T>(make_error(Error::Kind::kStorage, "", "full"))
                           : act();
    if (const auto answer = std::exchange(*question, nullptr)) answer(std::move(result));
  };
  Process& own = world_.processes[static_cast<std::size_t>(process_)];
  own.waiting.push_back(run);
  post(current_context().get(), [this, run] {
    Process& then = world_.processes[static_cast<std::size_t>(process_)];
    if (!then.held) run();
  });
  return Call([this, question, run, begun] {
    if (!*question) return;
    *question = nullptr;
    const Process& then = world_.processes[static_cast<std::size_t>(process_)];
    if (then.held && then.late_is_done) {
      run();
    } else {
      *begun = true;
    }
  });
}

Call ModelStore::prove_writable(Done<void> done) {
  return later<void>(std::move(done), true, []() -> Result<void> { return {}; });
}
Call ModelStore::load(GrantKey, Done<std::optional<Grant>> done) {
  const auto heard = [this, done = std::move(done)](Result<std::optional<Grant>> item) {
    if (item && *item) saw(**item);
    done(std::move(item));
  };
  return later<std::optional<Grant>>(heard, false, [this]() {
    return Result<std::optional<Grant>>(
        world_.item_ ? std::optional<Grant>(world_.item_->duplicate()) : std::nullopt);
  });
}
Call ModelStore::save(Grant grant, Done<void> done) {
  const auto kept = std::make_shared<Grant>(std::move(grant));
  const auto heard = [this, kept, done = std::move(done)](Result<void> result) {
    if (result) saw(*kept);
    done(std::move(result));
  };
  return later<void>(heard, true, [this, kept]() -> Result<void> {
    const std::string family = family_of(kept->refresh_token.reveal());
    const Process& own = world_.processes[static_cast<std::size_t>(process_)];
    if (world_.gone_.erase(family) != 0 && own.seen.count(family) != 0) {
      world_.break_rule("signed out, and in the store again: " + text(kept->refresh_token));
    }
    world_.item_ = kept->duplicate();
    world_.ever_stored_.insert(text(kept->refresh_token));
    return {};
  });
}
void ModelStore::saw(const Grant& item) {
  Process& own = world_.processes[static_cast<std::size_t>(process_)];
  own.seen.insert(family_of(item.refresh_token.reveal()));
}
Call ModelStore::erase(GrantKey, Done<void> done) {
  return later<void>(std::move(done), true, [this]() -> Result<void> {
    world_.item_.reset();
    return {};
  });
}
Call ModelStore::list(Done<std::vector<GrantKey>> done) {
  return later<std::vector<GrantKey>>(std::move(done), false, [] {
    return Result<std::vector<GrantKey>>(std::vector<GrantKey>{});
  });
}
Call ModelStore::load_client_secret(ClientKey, Done<std::optional<ClientSecret>> done) {
  return later<std::optional<ClientSecret>>(std::move(done), false, [] {
    return Result<std::optional<ClientSecret>>(std::optional<ClientSecret>());
  });
}
Call ModelStore::save_client_secret(ClientKey, ClientSecret, Done<void> done) {
  return later<void>(std::move(done), true, []() -> Result<void> { return {}; });
}

Call ModelHttp::send(HttpRequest request, Done<HttpAnswer> done) {
  const std::string body = text(request.body);
  const std::string name = "refresh_token=";
  const auto at = body.find(name) + name.size();
  const std::string token = body.substr(at, body.find('&', at) - at);
  if (world_.in_flight()) world_.break_rule("I1: two refreshes at once");
  const Error no_network = make_error(Error::Kind::kTransient, "no network", "offline");
  Result<HttpAnswer> answer =
      world_.offline ? Result<HttpAnswer>(no_network) : world_.refreshed(token);
  if (!world_.offline && std::exchange(world_.loses_answer, false)) {
    world_.families_[family_of(token)].excused = true;
    answer = no_network;
  }
  auto open = std::make_shared<World::Request>(World::Request{
      process_, family_of(token), std::make_shared<Done<HttpAnswer>>(std::move(done)),
      std::move(answer), Call()});
  world_.requests_.push_back(open);
  world_.processes[static_cast<std::size_t>(process_)].family = family_of(token);
  const auto deliver = [&world = world_, open](bool too_late) {
    if (!*open->done) return;
    if (too_late) {
      world.families_[open->family].excused = true;  // The answer is lost.
      open->answer = make_error(Error::Kind::kTransient, "no answer", "time-out");
    }
    open->limit.cancel();
    const auto answered = std::exchange(*open->done, nullptr);
    answered(std::move(open->answer));
  };
  open->limit = world_.clock.after(std::chrono::seconds(30), [deliver] { deliver(true); });
  if (!world_.holds_requests) post(current_context().get(), [deliver] { deliver(false); });
  return Call([open] {
    *open->done = nullptr;
    open->limit.cancel();  // its timer holds the request
  });
}

World::World(std::string lock_folder) : lock_folder_(std::move(lock_folder)) {
  start(0);
  start(1);
}

World::~World() {
  for (Process& process : processes) process.broker.reset();
  run_until_quiet();
}

void World::start(int p) {
  Process& own = processes[static_cast<std::size_t>(p)];
  own = Process{};
  own.http = std::make_unique<ModelHttp>(*this, p);
  own.store = std::make_unique<ModelStore>(*this, p);
  own.quiet_store = std::make_unique<ModelStore>(*this, p);
  BrokerParts parts{
      [&own]() -> Result<HttpClient*> { return static_cast<HttpClient*>(own.http.get()); },
      *own.store,
      own.quiet_store.get(),
      clock,
      lock_folder_,
      [](const ClientKey&) -> Result<Provider> { return contoso(); },
      [] { return 0.5; },
      true};
  BrokerObserver observer;
  observer.on_unsaved = [this, p](const GrantKey&, const Error&) { heard_unsaved(p); };
  observer.on_saved = [this, &own](const GrantKey&) {
    own.unsaved = false;
    families_[own.family].told = false;
  };
  observer.on_signed_in = [&own](const GrantKey&) {
    own.family = own.adopted.front();
    own.adopted.erase(own.adopted.begin());
  };
  own.broker = std::make_unique<Broker>(std::move(parts), observer);
}

/// From now on what was sent may be sent again by the other process, which knows nothing newer, or
/// by this one, whose late save the other one saw: the person knows.
void World::heard_unsaved(int p) {
  Process& own = processes[static_cast<std::size_t>(p)];
  own.unsaved = true;
  families_[own.family].told = true;
  if (!item_ || wanted_.count(own.family) == 0) return;
  // Who did not read what stands there has only the clock to tell which is the later one.
  const std::string there = family_of(item_->refresh_token.reveal());
  const bool later = families_[there].signed_in_at > families_[own.family].signed_in_at;
  if (later && own.seen.count(there) == 0) wanted_.insert(there);
}

Result<HttpAnswer> World::refreshed(const std::string& token) {
  Family& family = families_[family_of(token)];
  HttpAnswer answer;
  const bool newest = token == family_of(token) + "." + std::to_string(family.newest);
  if (!newest && !family.ended) {
    if (!family.excused && !family.told) break_rule("a refresh token was sent twice: " + token);
    family.ended = true;
  }
  answer.status = family.ended ? 400 : 200;
  answer.body = Secret(family.ended ? R"({"error":"invalid_grant"})" : body_for(family_of(token)));
  return answer;
}

std::string World::body_for(const std::string& name) {
  Family& family = families_[name];
  const std::string access = "A" + std::to_string(++tokens_);
  const std::string refresh = name + "." + std::to_string(++family.newest);
  refresh_of_[access] = refresh;
  return Bench::tokens(access, refresh, static_cast<int>(lifetime.count()));
}

bool World::in_flight() const {
  return std::any_of(requests_.begin(), requests_.end(),
                     [](const auto& request) { return static_cast<bool>(*request->done); });
}

void World::ask(int p, bool by_renewal) {
  Process& own = processes[static_cast<std::size_t>(p)];
  auto asked = std::make_shared<Asked<AccessToken>>();
  own.asked.push_back(asked);
  const auto done = [this, p, asked = asked.get()](Result<AccessToken> token) {
    if (token) handed_out(p, *token);
    asked->result.emplace(std::move(token));
  };
  asked->call = by_renewal ? own.broker->renewed_token(kAlice, Protocol::kImap, done)
                           : own.broker->token(kAlice, Protocol::kImap, done);
}

/// More often than anything that is remembered of it could count.
void World::renew_often(int p) {
  for (int i = 0; i < 20; ++i) {
    ask(p, true);
    run_until_quiet();
  }
}

/// I2: its refresh token is in the store, or was, or the person was told.
void World::handed_out(int p, const AccessToken& token) {
  Process& own = processes[static_cast<std::size_t>(p)];
  own.last_token = std::string(token.reveal());
  const std::string& refresh = refresh_of_[own.last_token];
  // An answer is on its way for a turn, in which the next sign-in may be stored.
  const bool told = own.unsaved || families_[family_of(refresh)].told;
  if (ever_stored_.count(refresh) == 0 && !told) {
    break_rule("I2: " + own.last_token + " was handed out before it was stored");
  }
}

void World::adopt(int p, std::chrono::seconds left) {
  Process& own = processes[static_cast<std::size_t>(p)];
  const std::string name = "S" + std::to_string(++sign_ins_);
  const std::string access = "A" + std::to_string(++tokens_);
  const auto now = std::chrono::floor<std::chrono::seconds>(clock.now());
  families_[name] = Family{};
  families_[name].signed_in_at = now;
  refresh_of_[access] = name + ".0";
  Grant grant;
  grant.key = kAlice;
  grant.refresh_token = RefreshToken(Secret(name + ".0"));
  grant.access_token = AccessToken(Secret(access));
  grant.received_at = clock.now();
  grant.expires_at = clock.now() + left;
  grant.scope = kMailScope;
  grant.token_endpoint = kTokenEndpoint;
  grant.issuer = "https://login.contoso.test/t1";
  wanted_.clear();
  for (const Process& process : processes) {
    const bool later = process.unsaved && families_[process.family].signed_in_at >= now;
    if (later) wanted_.insert(process.family);
    wanted_.insert(process.adopted.begin(), process.adopted.end());
  }
  wanted_.insert(name);
  own.adopted.push_back(name);
  own.changes.push_back(own.broker->adopt(std::move(grant), [](const Result<void>&) {}));
}

/// Nobody can say then which sign-in was the later one.
void World::set_clock(std::chrono::milliseconds span) {
  clock.step(span);
  if (wanted_.empty()) return;
  for (const Process& process : processes) {
    if (process.unsaved) wanted_.insert(process.family);
    if (process.unsaved && item_) wanted_.insert(family_of(item_->refresh_token.reveal()));
    wanted_.insert(process.adopted.begin(), process.adopted.end());
  }
}

void World::give_up(int p) {
  Process& own = processes[static_cast<std::size_t>(p)];
  wanted_.clear();
  own.changes.push_back(
      own.broker->give_up(kAlice, [this](const Result<std::vector<Grant>>& grants) {
        wanted_.clear();
        if (!grants) return;
        for (const std::string& token : ever_stored_) gone_.insert(family_of(token));
      }));
}

void World::store_again(int p) {
  Process& own = processes[static_cast<std::size_t>(p)];
  own.changes.push_back(own.broker->store_again(kAlice, [](const Result<void>&) {}));
}

void World::refuse(int p) {
  Process& own = processes[static_cast<std::size_t>(p)];
  own.broker->refused(kAlice, own.last_token);
}

void World::let_go(int p) {
  Process& own = processes[static_cast<std::size_t>(p)];
  own.held = false;
  const auto waiting = std::exchange(own.waiting, {});
  for (const auto& run : waiting) run();
}

void World::hold_lock(bool held) {
  if (!held) return stranger_.reset();
  auto lock = LockFile::try_take(lock_folder_, kAlice);
  if (lock && *lock) stranger_ = std::move(*lock);
}

void World::answer_requests() {
  holds_requests = false;
  for (const auto& request : std::exchange(requests_, {})) {
    if (const auto done = std::exchange(*request->done, nullptr)) done(std::move(request->answer));
  }
}

/// What was sent, and not answered yet.
void World::excuse_sent(int p) {
  for (const auto& request : requests_) {
    if (*request->done && request->process == p) families_[request->family].excused = true;
  }
}

/// What it had, nobody has any more.
void World::kill(int p) {
  excuse_sent(p);
  const auto losses = processes[static_cast<std::size_t>(p)].broker->losses();
  const bool unsaved = !losses.empty() && losses[0].at_end == AtEnd::kLost;
  for (auto& family : families_) family.second.excused |= unsaved;
  start_again(p);
}

void World::start_again(int p) {
  Process& own = processes[static_cast<std::size_t>(p)];
  own.broker.reset();
  own.waiting.clear();
  run_until_quiet();
  start(p);
}

/// As threaded_broker.cc does, with its three seconds. Only what the broker names may be lost.
void World::end(int p) {
  Process& own = processes[static_cast<std::size_t>(p)];
  Broker& broker = *own.broker;
  const BootTime limit = clock.uptime() + std::chrono::seconds(3);
  for (int round = 0; round < 2 && clock.uptime() < limit; ++round) {
    broker.save_now();
    run_until_quiet();
    while (broker.unsettled() && clock.uptime() < limit)
      clock.advance(std::chrono::milliseconds(100));
  }
  for (const Loss& loss : broker.losses()) {
    if (loss.at_end == AtEnd::kMayBeLost) {
      excuse_sent(p);
    } else {
      families_[own.family].excused = true;
      for (const std::string& name : own.adopted) families_[name].excused = true;
    }
  }
  start_again(p);
}

void World::heal() {
  offline = loses_answer = false;
  hold_lock(false);
  answer_requests();
  for (int p = 0; p < 2; ++p) {
    Process& own = processes[static_cast<std::size_t>(p)];
    own.locked = own.full = false;
    let_go(p);
  }
  run_until_quiet();
}

bool World::has_to_serve() {
  return !wanted_.empty() && std::none_of(wanted_.begin(), wanted_.end(), [this](const auto& name) {
    return families_[name].excused || families_[name].ended;
  });
}

/// One that still waits for the lock, or that a process has had in the store before a save came
/// late, may be the later one.
void World::narrow_to(const std::string& name) {
  std::set<std::string> left = {name};
  for (const Process& process : processes) {
    left.insert(process.adopted.begin(), process.adopted.end());
    if (wanted_.count(process.family) != 0) left.insert(process.family);
  }
  wanted_ = std::move(left);
}

void World::check() {
  if (wanted_.empty() || in_flight()) return;
  for (const Process& process : processes) {
    if (!process.broker->losses().empty()) return;
  }
  const std::string stored = item_ ? text(item_->refresh_token) : "nothing";
  for (const std::string& name : wanted_) {
    const Family& family = families_[name];
    if (family.excused || family.ended) return;
    if (stored == name + "." + std::to_string(family.newest)) {
      narrow_to(name);
      return;
    }
  }
  break_rule("a sign-in is lost without a word: in the store is " + stored + " and not " +
             *wanted_.rbegin());
}

}  // namespace mail_oauth::testing
