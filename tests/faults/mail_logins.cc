// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logins of one host program at many mail servers at once, with the broker, the store and the web
// of a program that stays, and a thread for each server.
//
//   mail_logins PROVIDER CLIENT IDENTITY CA-FILE PROTOCOL:TLS:PORT:SECONDS...
//
// SECONDS is the host's patience with that server when it is silent; TLS is "tls" or "starttls".
// Each thread signs in twice, the second time over a new connection and with a minute's patience,
// and tells a line for each: number of the server, try, milliseconds, outcome, code and words
// between tabs. The outcome is "in", the number
// of an error's kind, or "connect" where libetpan itself did not come so far that a login could
// begin. A token never leaves the process but to the servers.
#include <libetpan/libetpan.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "assembly/broker_home.h"
#include "base/cptr.h"
#include "broker/lock_file.h"
#include "broker/threaded_broker.h"
#include "crypto/certificate.h"
#include "etpan/login.h"
#include "etpan/start_tls.h"
#include "manifest/folders.h"

namespace {

using namespace mail_oauth;
using Clock = std::chrono::steady_clock;

struct Host {
  GrantKey key;
  const crypto::TrustAnchors& anchors;
  ThreadedBroker& broker;
};

struct Server {
  std::string protocol;
  bool starttls;
  int port;
  std::chrono::seconds patience;
};

struct Imap {
  static constexpr Protocol kProtocol = Protocol::kImap;
  static constexpr int kConnected = MAILIMAP_NO_ERROR_NON_AUTHENTICATED;
  static constexpr auto kSetTimeout = mailimap_set_timeout;
  static constexpr auto kConnect = mailimap_socket_connect;
  static constexpr auto kConnectTls = mailimap_ssl_connect;
  CPtr<mailimap, mailimap_free> session{mailimap_new(0, nullptr)};
};

struct Pop {
  static constexpr Protocol kProtocol = Protocol::kPop;
  static constexpr int kConnected = MAILPOP3_NO_ERROR;
  static constexpr auto kSetTimeout = mailpop3_set_timeout;
  static constexpr auto kConnect = mailpop3_socket_connect;
  static constexpr auto kConnectTls = mailpop3_ssl_connect;
  CPtr<mailpop3, mailpop3_free> session{mailpop3_new(0, nullptr)};
};

struct Smtp {
  static constexpr Protocol kProtocol = Protocol::kSmtp;
  static constexpr int kConnected = MAILSMTP_NO_ERROR;
  static constexpr auto kSetTimeout = mailsmtp_set_timeout;
  static constexpr auto kConnect = mailsmtp_socket_connect;
  static constexpr auto kConnectTls = mailsmtp_ssl_connect;
  CPtr<mailsmtp, mailsmtp_free> session{mailsmtp_new(0, nullptr)};
};

std::string told(const Error& error) {
  std::string words = error.what;
  for (char& byte : words) byte = byte == '\n' || byte == '\t' ? ' ' : byte;
  return std::to_string(static_cast<int>(error.kind)) + "\t" + error.code + "\t" + words;
}

template <class Kind>
std::string attempt(const Host& host, const Server& server) {
  const Kind one;
  auto* session = one.session.get();
  Kind::kSetTimeout(session, server.patience.count());
  const auto connect = server.starttls ? Kind::kConnect : Kind::kConnectTls;
  const int connected = connect(session, "localhost", static_cast<uint16_t>(server.port));
  if (connected != Kind::kConnected) return "connect\t\t";
  if (server.starttls) {
    const auto begun = etpan::start_tls(session, "localhost", server.patience);
    if (!begun) return told(begun.error());
  }
  etpan::Login login;
  login.user = host.key.identity;
  login.peer = {"localhost", server.port, &host.anchors, false};
  login.tokens = etpan::tokens_of(host.broker, host.key, Kind::kProtocol);
  login.patience = server.patience;
  const auto done = etpan::login(session, login);
  return done ? "in\t\t" : told(done.error());
}

std::string attempt_any(const Host& host, const Server& server) {
  if (server.protocol == "imap") return attempt<Imap>(host, server);
  if (server.protocol == "pop") return attempt<Pop>(host, server);
  return attempt<Smtp>(host, server);
}

void sign_in_twice(const Host& host, Server server, std::size_t number) {
  static std::mutex telling;
  for (int round = 1; round <= 2; ++round) {
    const auto began = Clock::now();
    const std::string outcome = attempt_any(host, server);
    server.patience = std::chrono::minutes(1);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
    const std::lock_guard<std::mutex> lock(telling);
    std::cout << number << "\t" << round << "\t" << took.count() << "\t" << outcome << std::endl;
  }
}

Server server_of(const std::string& words) {
  std::istringstream fields(words);
  std::string protocol, tls, port, seconds;
  for (std::string* field : {&protocol, &tls, &port, &seconds}) std::getline(fields, *field, ':');
  return {protocol, tls == "starttls", std::atoi(port.c_str()),
          std::chrono::seconds(std::atoi(seconds.c_str()))};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  signal(SIGPIPE, SIG_IGN);  // libetpan says goodbye to those who are gone
  const auto locks = lock_folder_path();
  const auto anchors = crypto::TrustAnchors::of_system(argv[4]);
  if (!locks || !anchors) return 2;
  ThreadedBroker broker([&](BrokerObserver told) {
    return make_broker({manifest::standard_folders(), *locks, Prompt::kNever}, std::move(told));
  });
  const Host host{grant_key({argv[1], argv[2], ""}, argv[3]), *anchors, broker};
  std::vector<std::thread> threads;
  for (int at = 5; at < argc; ++at) {
    threads.emplace_back([&host, server = server_of(argv[at]), at] {
      sign_in_twice(host, server, static_cast<std::size_t>(at - 5));
    });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}
