// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the host keeps the server of each protocol: the one table of these fields.
//
// Who reads a host's name or writes does so when the gate says (account_gate.h).
#pragma once

#include "claws/host.h"
#include "oauth/protocol.h"

namespace mail_oauth::claws {

struct ServerFields {
  char* PrefsAccount::*host;
  gboolean PrefsAccount::*set_port;
  gushort PrefsAccount::*port;
  SSLType PrefsAccount::*tls;
  int tls_port;  ///< The usual ones, which the host takes where none is set.
  int plain_port;

  int usual_port(SSLType now) const { return now == SSL_TUNNEL ? tls_port : plain_port; }
};

inline const ServerFields& server_fields(Protocol protocol) {
  using A = PrefsAccount;
  static constexpr ServerFields kImap = {
      &A::recv_server, &A::set_imapport, &A::imapport, &A::ssl_imap, 993, 143};
  static constexpr ServerFields kPop = {
      &A::recv_server, &A::set_popport, &A::popport, &A::ssl_pop, 995, 110};
  static constexpr ServerFields kSmtp = {
      &A::smtp_server, &A::set_smtpport, &A::smtpport, &A::ssl_smtp, 465, 25};
  if (protocol == Protocol::kSmtp) return kSmtp;
  return protocol == Protocol::kPop ? kPop : kImap;
}

}  // namespace mail_oauth::claws
