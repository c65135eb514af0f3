// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/connector.h"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "base/blocked_signals.h"
#include "base/source.h"
#include "net/interleaved.h"

namespace mail_oauth::net {

namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

/// RFC 8305 section 8, "Connection Attempt Delay".
constexpr std::chrono::milliseconds kBetween{250};

std::vector<Tcp::endpoint> addresses_of(const std::string& host, int port, ErrorCode& error) {
  asio::io_context own;
  const auto found =
      Tcp::resolver(own).resolve(host, std::to_string(port), Tcp::resolver::numeric_service, error);
  std::vector<Tcp::endpoint> addresses;
  for (const auto& entry : found) addresses.push_back(entry.endpoint());
  return interleaved(std::move(addresses),
                     [](const Tcp::endpoint& one) { return one.protocol().family(); });
}

/// Asio's own sockets are inherited by children.
bool open_socket(Tcp::socket& socket, const Tcp& protocol) {
  const int descriptor = ::socket(protocol.family(), SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
  if (descriptor < 0) return false;
  ErrorCode error;
  socket.assign(protocol, descriptor, error);
  if (error) ::close(descriptor);
  return !error;
}

}  // namespace

Connector::Connector(Strand strand, Done done)
    : strand_(std::move(strand)), done_(std::move(done)), next_(strand_) {}

void Connector::start(const std::string& host, int port) {
  const BlockedSignals none_of_the_hosts;
  try {
    std::thread([weak = weak_from_this(), context = current_context(), host, port] {
      ErrorCode error;
      auto found = addresses_of(host, port, error);
      post(context.get(), [weak, error, found = std::move(found)] {
        const auto self = weak.lock();
        if (!self) return;
        asio::post(self->strand_, [self, error, found] { self->looked_up(error, found); });
      });
    }).detach();
  } catch (const std::system_error&) {
    asio::post(strand_, [self = shared_from_this()] { self->fail(End::kNoRoom); });
  }
}

void Connector::looked_up(const ErrorCode& error, std::vector<Tcp::endpoint> found) {
  if (error) return fail(End::kNoName);
  addresses_ = std::move(found);
  try_next();
}

void Connector::try_next() {
  while (done_ && begun_ < addresses_.size()) {
    const Tcp::endpoint& address = addresses_[begun_++];
    const auto socket = std::make_shared<Tcp::socket>(strand_);
    if (!open_socket(*socket, address.protocol())) {
      ++refused_;
      continue;
    }
    sockets_.push_back(socket);
    socket->async_connect(address,
                          [self = shared_from_this(), socket](const ErrorCode& connect_error) {
                            self->tried(*socket, connect_error);
                          });
    next_.expires_after(kBetween);
    next_.async_wait([self = shared_from_this()](const ErrorCode& sooner) {
      if (!sooner) self->try_next();
    });
    return;
  }
  if (refused_ == addresses_.size()) fail(End::kNoAnswer);
}

void Connector::tried(Tcp::socket& socket, const ErrorCode& error) {
  if (!done_) return;
  if (!error) return end(End::kConnected, std::move(socket));
  ++refused_;
  try_next();
}

void Connector::end(End how, Tcp::socket socket) {
  const Done done = std::exchange(done_, nullptr);
  cancel();
  if (done) done(how, std::move(socket));
}

void Connector::cancel() {
  done_ = nullptr;
  next_.cancel();
  for (const auto& socket : std::exchange(sockets_, {})) {
    ErrorCode closed_before;
    socket->close(closed_before);
  }
}

}  // namespace mail_oauth::net
