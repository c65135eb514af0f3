// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench_login imap|pop|smtp PORT USER CA-FILE: one login over TLS at localhost, with the token from
// standard input.
#include <libetpan/libetpan.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "base/cptr.h"
#include "etpan/login.h"

using namespace mail_oauth;

namespace {

template <class Session, class Connect>
int sign_in(Session* session, Connect connect, int port, const etpan::Login& login) {
  connect(session, "localhost", static_cast<uint16_t>(port));
  const auto done = etpan::login(session, login);
  if (!done) std::cerr << done.error().what << "\n";
  return done ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) return 2;
  const std::string protocol = words[1];
  const int port = std::atoi(words[2]);
  std::stringstream pem;
  pem << std::ifstream(words[4]).rdbuf();
  const auto anchors = crypto::TrustAnchors::of_pem(pem.str());
  if (!anchors) return 2;
  std::string token;
  std::getline(std::cin, token);

  etpan::Login login;
  login.user = words[3];
  login.peer.host = "localhost";
  login.peer.port = port;
  login.peer.anchors = &*anchors;
  login.probe = false;
  login.tokens.current = [&token]() -> Result<AccessToken> { return AccessToken(Secret(token)); };
  if (protocol == "imap") {
    const CPtr<mailimap, mailimap_free> session(mailimap_new(0, nullptr));
    return sign_in(session.get(), mailimap_ssl_connect, port, login);
  }
  if (protocol == "pop") {
    const CPtr<mailpop3, mailpop3_free> session(mailpop3_new(0, nullptr));
    return sign_in(session.get(), mailpop3_ssl_connect, port, login);
  }
  const CPtr<mailsmtp, mailsmtp_free> session(mailsmtp_new(0, nullptr));
  return sign_in(session.get(), mailsmtp_ssl_connect, port, login);
}
