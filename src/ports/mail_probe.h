// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: one connection to a mail server, walked link by link, to see where it breaks.
//
// A probe reads and changes nothing in a mailbox; only kMessage sends something. As thread-bound as
// every asynchronous port (call.h).
#pragma once

#include <string>
#include <vector>

#include "oauth/grant.h"
#include "oauth/provider.h"
#include "ports/call.h"
#include "ports/token_source.h"

namespace mail_oauth {

/// What a connection is made of, in the order in which it is walked.
enum class MailLink {
  kConnect,
  kTls,          ///< From the start, or by STARTTLS.
  kCertificate,  ///< Nothing but kTls goes before it, so no token ever does.
  kGreeting,     ///< Comes before kTls where TLS is begun by STARTTLS.
  kCapabilities,
  kLogin,
  kMailbox,  ///< IMAP: open it for reading. POP3: STAT. SMTP: MAIL FROM and RSET.
  kMessage,  ///< SMTP: sends one.
};

struct MailProbeTarget {
  Provider provider;  ///< Has a server for `protocol`. Its `ca_file` is trusted, too.
  Protocol protocol = Protocol::kImap;
  std::string user;       ///< The SASL user.
  std::string sender;     ///< SMTP: who the message is from.
  std::string recipient;  ///< SMTP, kMessage only.
  /// Borrowed; asked from the context of walk(). Null where nobody is signed in: no kLogin then.
  TokenSource* tokens = nullptr;
  GrantKey grant;
};

/// What there is to say about a link that holds: for a person, and not shortened.
struct MailFinding {
  std::string words;
  std::vector<std::string> items;  ///< kCapabilities: all that the server listed.
};

class MailProbe {
 public:
  /// Hangs up; takes a few seconds at most.
  virtual ~MailProbe() = default;

  /// Walks one link. REQUIRES: those before it hold, and no other is being walked.
  ///
  /// kTransient: not reachable, no answer within a minute, a certificate that does not hold;
  /// kRefused with the server's words; kProtocol; for kLogin whatever `tokens` say. After an error,
  /// and after a dropped Call, the probe is of no more use.
  virtual Call walk(MailLink link, Done<MailFinding> done) = 0;
};

}  // namespace mail_oauth
