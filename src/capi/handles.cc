// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/handles.h"

#include <glib.h>

#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include "base/guarded.h"
#include "base/printable.h"
#include "broker/loss.h"

namespace mail_oauth::capi {

namespace {

/// So many tokens rest, wiped, before the place of one is used again: who gives one back twice must
/// not take somebody else's. mail_oauth.h names the number.
constexpr std::size_t kResting = 64;

struct Handles {
  std::mutex mutex;
  std::deque<char> places;  ///< One for each session that ever was: none has the place of another.
  std::map<const void*, std::shared_ptr<Session>> sessions;
  std::map<const void*, Secret> tokens;
  std::deque<Secret> resting;
};

/// True when it was a token. REQUIRES: the lock.
bool lay_to_rest(Handles& all, const void* token) {
  const auto found = all.tokens.find(token);
  if (found == all.tokens.end()) return false;
  found->second.shrink(0);
  all.resting.push_back(std::move(found->second));
  all.tokens.erase(found);
  if (all.resting.size() > kResting) all.resting.pop_front();
  return true;
}

/// On standard error, a line for each.
void say_lost(const std::vector<Loss>& losses) {
  for (const Loss& loss : losses) {
    g_printerr("mail-oauth: %s\n", printable(sign_in_lost(loss).what).c_str());
  }
}

/// Never destroyed: other threads may still hold tokens when the process ends.
Handles& handles() {
  static auto* const all = new Handles;
  return *all;
}

}  // namespace

std::vector<Loss> end_sessions() {
  std::vector<Loss> losses;
  std::map<const void*, std::shared_ptr<Session>> last;  // They end without the lock.
  Handles& all = handles();
  {
    const std::lock_guard<std::mutex> lock(all.mutex);
    last.swap(all.sessions);
  }
  for (auto& one : last) {
    if (const auto its = one.second->finish()) {
      losses.insert(losses.end(), its->begin(), its->end());
      continue;
    }
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.sessions.insert(std::move(one));
  }
  return losses;
}

/// Not in a child that asked nothing: the lock may be another thread's of its parent for ever.
void end_sessions_at_exit() {
  std::atexit([] {
    if (Session::used_here()) guarded("exit", [] { say_lost(end_sessions()); });
  });
}

mail_oauth_session* hand_out(std::shared_ptr<Session> session) {
  Handles& all = handles();
  const std::lock_guard<std::mutex> lock(all.mutex);
  auto* handle = reinterpret_cast<mail_oauth_session*>(&all.places.emplace_back());
  all.sessions.emplace(handle, std::move(session));
  return handle;
}

char* hand_out(const AccessToken& token) {
  Secret handed_out(token.reveal());
  Handles& all = handles();
  const std::lock_guard<std::mutex> lock(all.mutex);
  char* const bytes = handed_out.writable();
  all.tokens.emplace(bytes, std::move(handed_out));
  return bytes;
}

std::shared_ptr<Session> session_of(const mail_oauth_session* handle) {
  Handles& all = handles();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto found = all.sessions.find(handle);
  return found == all.sessions.end() ? nullptr : found->second;
}

std::shared_ptr<Session> give_back(void* handed_out) {
  Handles& all = handles();
  const std::lock_guard<std::mutex> lock(all.mutex);
  if (lay_to_rest(all, handed_out)) return nullptr;
  const auto found = all.sessions.find(handed_out);
  if (found == all.sessions.end()) return nullptr;
  auto session = std::move(found->second);
  all.sessions.erase(found);
  return session;  // It ends without the lock: it waits for its thread.
}

}  // namespace mail_oauth::capi
