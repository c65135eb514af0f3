// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection over TCP, to whichever address of a name answers first (RFC 8305).
//
// A running getaddrinfo() cannot be ended, and Asio has one thread for all of them, so each look-up
// has a thread of its own here, which nobody waits for: one that hangs keeps nobody else waiting.
// Addresses are tried in the order of the system, families in turn, 250 ms apart or as soon as one
// refuses. What is under way when one has connected is closed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mail_oauth::net {

class Connector : public std::enable_shared_from_this<Connector> {
 public:
  using Tcp = boost::asio::ip::tcp;
  using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;
  /// kNoRoom: the system gives no thread for the look-up.
  enum class End { kConnected, kNoName, kNoAnswer, kNoRoom };
  /// Called once, in a turn of the strand, unless cancelled before. The socket is connected, and no
  /// child inherits it; else it is closed.
  using Done = std::function<void(End, Tcp::socket)>;

  Connector(Strand strand, Done done);

  /// From a thread that has a GMainContext, which brings what was found: at the end of a process
  /// Asio's own may be gone while a look-up still runs.
  void start(const std::string& host, int port);
  /// In a turn of the strand. Nothing is called any more.
  void cancel();

 private:
  using ErrorCode = boost::system::error_code;

  void looked_up(const ErrorCode& error, std::vector<Tcp::endpoint> found);
  void try_next();
  void tried(Tcp::socket& socket, const ErrorCode& error);
  void end(End how, Tcp::socket socket);
  void fail(End how) { end(how, Tcp::socket(strand_)); }

  const Strand strand_;
  Done done_;  ///< Empty: ended.
  boost::asio::steady_timer next_;
  std::vector<Tcp::endpoint> addresses_;
  std::size_t begun_ = 0;
  std::size_t refused_ = 0;
  std::vector<std::shared_ptr<Tcp::socket>> sockets_;
};

}  // namespace mail_oauth::net
