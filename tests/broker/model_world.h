// SPDX-License-Identifier: GPL-3.0-or-later
//
// A world for a broker to be played in: an authorization server that ends a grant when a refresh
// token comes twice, one stored item, and two processes that know nothing of each other but the
// store and the locks. It knows what nobody in it may do, and keeps the first thing that was done
// in `broken`. The test's thread only; a world of the same steps is always the same.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "broker/bench.h"
#include "broker/broker.h"
#include "support/manual_clock.h"

namespace mail_oauth::testing {

/// One sign-in, and what came of it by renewals: refresh tokens "F.0", "F.1", ...
struct Family {
  int newest = 0;
  WallTime signed_in_at{};
  bool ended = false;    ///< The server takes nothing of it any more.
  bool told = false;     ///< That it is unsaved, and is: another process may send what was sent.
  bool excused = false;  ///< A process was killed, or an answer was lost on its way.
};

class World;

/// The way of one process to the item. What is held is done, in order, when it is let go; who gives
/// up before that finds that it was done or not.
class ModelStore : public TokenStore {
 public:
  ModelStore(World& world, int process) : world_(world), process_(process) {}

  Call prove_writable(Done<void> done) override;
  Call load(GrantKey key, Done<std::optional<Grant>> done) override;
  Call save(Grant grant, Done<void> done) override;
  Call erase(GrantKey key, Done<void> done) override;
  Call list(Done<std::vector<GrantKey>> done) override;
  Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) override;
  Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) override;

 private:
  template <class T>
  Call later(Done<T> done, bool writes, std::function<Result<T>()> act);
  void saw(const Grant& item);

  World& world_;
  int process_;
};

class ModelHttp : public HttpClient {
 public:
  ModelHttp(World& world, int process) : world_(world), process_(process) {}
  Call send(HttpRequest request, Done<HttpAnswer> done) override;

 private:
  World& world_;
  int process_;
};

struct Process {
  std::unique_ptr<ModelHttp> http;
  std::unique_ptr<ModelStore> store;
  std::unique_ptr<ModelStore> quiet_store;
  std::unique_ptr<Broker> broker;
  std::string family;                ///< Which sign-in it works with.
  std::vector<std::string> adopted;  ///< Those that are on their way to it.
  bool unsaved = false;              ///< As the observer heard it last.
  std::set<std::string> seen;        ///< The sign-ins that it knows to have been in the store.
  std::string last_token;
  std::vector<std::shared_ptr<Asked<AccessToken>>> asked;
  std::vector<Call> changes;

  // What its store does now.
  bool locked = false;
  bool full = false;
  bool held = false;
  bool late_is_done =
      false;  ///< What is given up while it is held is done, and nobody hears of it.
  std::vector<std::function<void()>> waiting;
};

class World {
 public:
  explicit World(std::string lock_folder);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // What a sequence is made of. `p`: the process.
  void ask(int p, bool by_renewal = false);
  void renew_often(int p);
  void adopt(int p, std::chrono::seconds left);
  void set_clock(std::chrono::milliseconds span);
  void give_up(int p);
  void store_again(int p);
  void refuse(int p);
  void let_go(int p);  ///< What its store holds.
  void hold_lock(bool held);
  void answer_requests();  ///< Those that are held.
  void kill(int p);
  void end(int p);  ///< In order, as a host does.
  void heal();

  /// Each rule that can be looked at now.
  void check();
  /// There is a sign-in that nobody ended or may have lost.
  bool has_to_serve();
  void break_rule(const std::string& what) {
    if (broken.empty()) broken = what;
  }

  ManualClock clock;
  std::array<Process, 2> processes;
  std::string broken;
  bool offline = false;
  bool holds_requests = false;
  bool loses_answer = false;  ///< The next one.
  std::chrono::seconds lifetime{600};

 private:
  friend class ModelStore;
  friend class ModelHttp;
  struct Request {
    int process;
    std::string family;
    std::shared_ptr<Done<HttpAnswer>> done;
    Result<HttpAnswer> answer;
    Call limit;
  };

  void start(int p);
  void heard_unsaved(int p);
  Result<HttpAnswer> refreshed(const std::string& token);
  std::string body_for(const std::string& family);
  void handed_out(int p, const AccessToken& token);
  bool in_flight() const;
  void excuse_sent(int p);
  void start_again(int p);
  void narrow_to(const std::string& name);

  std::string lock_folder_;
  std::optional<LockFile> stranger_;
  std::optional<Grant> item_;
  std::map<std::string, Family> families_;
  std::map<std::string, std::string> refresh_of_;  ///< By access token.
  std::set<std::string> ever_stored_;
  /// The sign-ins that may stand in the store: the last one, those that were on their way when it
  /// came, and unsaved ones that no clock shows to be earlier. Empty: somebody signed out.
  std::set<std::string> wanted_;
  std::set<std::string> gone_;  ///< What stood in the store before somebody signed out.
  std::vector<std::shared_ptr<Request>> requests_;
  int sign_ins_ = 0;
  int tokens_ = 0;
};

}  // namespace mail_oauth::testing
