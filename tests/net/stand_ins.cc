// SPDX-License-Identifier: GPL-3.0-or-later
//
// The program's own functions come before those of the library.
#include "net/stand_ins.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "base/cptr.h"

namespace mail_oauth::test {

namespace {

constexpr std::chrono::seconds kGuard{60};

struct Script {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, std::vector<std::string>> names;
  std::set<std::string> hanging, asked;
  bool hold = false, held = false;
  bool no_sockets = false;
};

/// Never destroyed: a look-up may last as long as the process.
Script& script() {
  static auto* const all = new Script;
  return *all;
}

using LookUp = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
using MakeSocket = int (*)(int, int, int);
using SetOption = int (*)(int, int, int, const void*, socklen_t);

template <class Function>
Function of_the_library(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

/// What the library says of these addresses, one after the other.
int look_up_all(const std::vector<std::string>& addresses, const char* service,
                const addrinfo* hints, addrinfo** found, LookUp real) {
  addrinfo** last = found;
  for (const std::string& address : addresses) {
    if (real(address.c_str(), service, hints, last) != 0) continue;
    while (*last) last = &(*last)->ai_next;
  }
  return last == found ? EAI_NONAME : 0;
}

sockaddr_in address_of(const std::string& address, int port) {
  sockaddr_in socket_address{};
  socket_address.sin_family = AF_INET;
  socket_address.sin_port = htons(static_cast<in_port_t>(port));
  inet_pton(AF_INET, address.c_str(), &socket_address.sin_addr);
  return socket_address;
}

}  // namespace

KnownName::KnownName(std::string name, std::vector<std::string> addresses)
    : name_(std::move(name)) {
  const std::lock_guard lock(script().mutex);
  script().names[name_] = std::move(addresses);
}

KnownName::~KnownName() {
  const std::lock_guard lock(script().mutex);
  script().names.erase(name_);
}

HangingName::HangingName(std::string name) : name_(std::move(name)) {
  const std::lock_guard lock(script().mutex);
  script().hanging.insert(name_);
  script().asked.erase(name_);
}

HangingName::~HangingName() {
  const std::lock_guard lock(script().mutex);
  script().hanging.erase(name_);
  script().changed.notify_all();
}

bool HangingName::wait_until_asked() const {
  std::unique_lock lock(script().mutex);
  return script().changed.wait_for(lock, kGuard,
                                   [this] { return script().asked.count(name_) > 0; });
}

HeldConnection::HeldConnection() {
  const std::lock_guard lock(script().mutex);
  script().hold = true;
}

HeldConnection::~HeldConnection() { release(); }

bool HeldConnection::reached() const {
  const std::lock_guard lock(script().mutex);
  return script().held;
}

void HeldConnection::release() {
  const std::lock_guard lock(script().mutex);
  script().hold = false;
  script().changed.notify_all();
}

// A queue of none takes one connection, and answers no other.
BlackHole::BlackHole(const std::string& address, int port)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      last_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in place = address_of(address, port);
  const auto* const at = reinterpret_cast<const sockaddr*>(&place);
  if (bind(listener_, at, sizeof place) != 0 || listen(listener_, 0) != 0 ||
      connect(last_, at, sizeof place) != 0) {
    throw std::runtime_error("no black hole could be made");
  }
}

BlackHole::~BlackHole() {
  close(last_);
  close(listener_);
}

NoSockets::NoSockets() {
  const std::lock_guard lock(script().mutex);
  script().no_sockets = true;
}

NoSockets::~NoSockets() {
  const std::lock_guard lock(script().mutex);
  script().no_sockets = false;
}

std::pair<int, int> connections_to(int port) {
  int found = 0, inherited = 0;
  const CPtr<DIR, closedir> folder(opendir("/proc/self/fd"));
  while (const dirent* entry = readdir(folder.get())) {
    const int descriptor = std::atoi(entry->d_name);
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
    if (peer.sin_family != AF_INET || ntohs(peer.sin_port) != port) continue;
    ++found;
    if ((fcntl(descriptor, F_GETFD) & FD_CLOEXEC) == 0) ++inherited;
  }
  return {found, inherited};
}

void wait_for_the_end_of_connections_to(int port) {
  while (connections_to(port).first > 0) std::this_thread::yield();
}

}  // namespace mail_oauth::test

using namespace mail_oauth::test;

extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* name,
                                                                  const char* service,
                                                                  const addrinfo* hints,
                                                                  addrinfo** found) {
  static const auto real = of_the_library<LookUp>("getaddrinfo");
  const std::string asked = name ? name : "";
  std::unique_lock lock(script().mutex);
  script().asked.insert(asked);
  script().changed.notify_all();
  if (script().hanging.count(asked) > 0) {
    script().changed.wait(lock, [&] { return script().hanging.count(asked) == 0; });
    return EAI_AGAIN;
  }
  const auto known = script().names.find(asked);
  if (known == script().names.end()) {
    lock.unlock();
    return real(name, service, hints, found);
  }
  const auto addresses = known->second;
  lock.unlock();
  return look_up_all(addresses, service, hints, found, real);
}

extern "C" __attribute__((visibility("default"))) int socket(int family, int type,
                                                             int protocol) noexcept {
  static const auto real = of_the_library<MakeSocket>("socket");
  {
    const std::lock_guard lock(script().mutex);
    if (script().no_sockets) {
      errno = EMFILE;
      return -1;
    }
  }
  return real(family, type, protocol);
}

// The first thing that is done with a connection is to send small pieces at once.
extern "C" __attribute__((visibility("default"))) int setsockopt(int descriptor, int level,
                                                                 int option, const void* value,
                                                                 socklen_t size) noexcept {
  static const auto real = of_the_library<SetOption>("setsockopt");
  std::unique_lock lock(script().mutex);
  if (script().hold && level == IPPROTO_TCP && option == TCP_NODELAY) {
    script().held = true;
    script().changed.wait(lock, [] { return !script().hold; });
    script().held = false;
  }
  lock.unlock();
  return real(descriptor, level, option, value, size);
}
