// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/probe_session.h"

#include "base/i18n.h"
#include "base/peer_text.h"

namespace mail_oauth::etpan {

Result<std::string> ProbeSession::send_message(const MailProbeTarget&) {
  return make_error(Error::Kind::kInternal, _("Only SMTP sends messages."));
}

Error no_greeting(Protocol protocol, bool lost, const char* words) {
  const std::string said = peer_words(words ? words : "");
  if (lost || said.empty()) return connection_lost();
  return make_error(Error::Kind::kTransient,
                    format(_("The {1} server does not take the connection: {2}"),
                           {protocol_title(protocol), said}),
                    "greeting");
}

}  // namespace mail_oauth::etpan
