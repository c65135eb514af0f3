// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a test of this folder decides in place of the C library: what a name means, how long it
// takes to look up, and when a connection may be used. Everything else is the library's.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mail_oauth::test {

/// While one lives, `name` has these addresses, in this order.
class KnownName {
 public:
  KnownName(std::string name, std::vector<std::string> addresses);
  ~KnownName();
  KnownName(const KnownName&) = delete;
  KnownName& operator=(const KnownName&) = delete;

 private:
  const std::string name_;
};

/// While one lives, nobody who looks `name` up gets an answer.
class HangingName {
 public:
  explicit HangingName(std::string name);
  ~HangingName();
  HangingName(const HangingName&) = delete;
  HangingName& operator=(const HangingName&) = delete;

  /// Waits until somebody looks it up. False when nobody did within the guard.
  bool wait_until_asked() const;

 private:
  const std::string name_;
};

/// While one lives, a form that has its connection waits before it goes on.
class HeldConnection {
 public:
  HeldConnection();
  ~HeldConnection();
  HeldConnection(const HeldConnection&) = delete;
  HeldConnection& operator=(const HeldConnection&) = delete;

  bool reached() const;
  void release();
};

/// A port of an address that answers nothing at all, as behind a firewall.
class BlackHole {
 public:
  BlackHole(const std::string& address, int port);
  ~BlackHole();
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;

 private:
  int listener_;
  int last_;  ///< The connection that fills its queue.
};

/// While one lives, this process gets no socket, as without a free descriptor. (Really without one,
/// a sanitizer could not look at memory.)
class NoSockets {
 public:
  NoSockets();
  ~NoSockets();
  NoSockets(const NoSockets&) = delete;
  NoSockets& operator=(const NoSockets&) = delete;
};

/// Open connections of this process over IPv4 to that port: all, and those that a child would get.
std::pair<int, int> connections_to(int port);
/// Returns when there is none: a client that is gone closes its own a moment later.
void wait_for_the_end_of_connections_to(int port);

}  // namespace mail_oauth::test
