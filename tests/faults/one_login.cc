// SPDX-License-Identifier: GPL-3.0-or-later
#include "one_login.h"

#include <libetpan/libetpan.h>

#include <cstdlib>
#include <sstream>

#include "base/cptr.h"
#include "etpan/login.h"
#include "etpan/start_tls.h"

namespace mail_oauth::faults {

namespace {

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
  GrantKey key = host.key;
  if (!server.provider.empty()) key.client.provider = server.provider;
  etpan::Login login;
  login.user = host.key.identity;
  login.peer = {"localhost", server.port, &host.anchors, false};
  login.tokens = etpan::tokens_of(host.broker, key, Kind::kProtocol);
  login.patience = server.patience;
  const auto done = etpan::login(session, login);
  return done ? "in\t\t" : told(done.error());
}

}  // namespace

std::string sign_in(const Host& host, const Server& server) {
  if (server.protocol == "imap") return attempt<Imap>(host, server);
  if (server.protocol == "pop") return attempt<Pop>(host, server);
  return attempt<Smtp>(host, server);
}

Server server_of(const std::string& word) {
  std::istringstream fields(word);
  std::string protocol, tls, port, seconds, provider;
  for (std::string* field : {&protocol, &tls, &port, &seconds, &provider}) {
    std::getline(fields, *field, ':');
  }
  return {protocol, tls == "starttls", std::atoi(port.c_str()),
          std::chrono::seconds(std::atoi(seconds.c_str())), provider};
}

}  // namespace mail_oauth::faults
