// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/handles.h"

#include <map>
#include <mutex>
#include <utility>

namespace mail_oauth::capi {

namespace {

struct Handles {
  std::mutex mutex;
  std::map<const void*, std::shared_ptr<Session>> sessions;
  std::map<const void*, AccessToken> tokens;
};

/// Never destroyed: other threads may still hold tokens when the process ends.
Handles& handles() {
  static auto* const all = new Handles;
  return *all;
}

}  // namespace

mail_oauth_session* hand_out(std::shared_ptr<Session> session) {
  Handles& all = handles();
  const std::lock_guard<std::mutex> lock(all.mutex);
  auto* handle = reinterpret_cast<mail_oauth_session*>(session.get());
  all.sessions.emplace(handle, std::move(session));
  return handle;
}

char* hand_out(AccessToken token) {
  Handles& all = handles();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const char* bytes = token.reveal().data();
  all.tokens.emplace(bytes, std::move(token));
  return const_cast<char*>(bytes);  // C frees through a plain pointer; nobody writes
}

std::shared_ptr<Session> session_of(const mail_oauth_session* handle) {
  Handles& all = handles();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto found = all.sessions.find(handle);
  return found == all.sessions.end() ? nullptr : found->second;
}

void give_back(void* handed_out) {
  Handles& all = handles();
  std::shared_ptr<Session> last;  // Ends without the lock: it waits for its thread.
  const std::lock_guard<std::mutex> lock(all.mutex);
  if (all.tokens.erase(handed_out) > 0) return;
  const auto found = all.sessions.find(handed_out);
  if (found == all.sessions.end()) return;
  last = std::move(found->second);
  all.sessions.erase(found);
}

}  // namespace mail_oauth::capi
