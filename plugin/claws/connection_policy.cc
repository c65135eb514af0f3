// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/connection_policy.h"

#include "base/i18n.h"

namespace mail_oauth::claws {

Result<void> may_carry_token(Protocol protocol, const ConnectionFacts& connection) {
  const auto title = protocol_title(protocol);
  if (connection.through_command) {
    return make_error(
        Error::Kind::kRefused,
        format(
            _("No token is sent over {}: the account connects through a command, and then nobody "
              "checks who receives it. Switch the command off on the account's Advanced page."),
            {title}));
  }
  if (!connection.encrypted) {
    return make_error(
        Error::Kind::kRefused,
        format(
            _("No token is sent over {}: the connection is not encrypted. Choose TLS or STARTTLS "
              "on the account's TLS page."),
            {title}));
  }
  if (!connection.certificates_checked) {
    return make_error(
        Error::Kind::kRefused,
        format(_("No token is sent over {}: certificate checks are off. Remove skip_ssl_cert_check "
                 "and unsafe_ssl_certs from Claws Mail's clawsrc."),
               {title}));
  }
  return {};
}

std::optional<std::string> connection_warning(const ConnectionFacts& connection) {
  if (!connection.accepts_certificates) return std::nullopt;
  return _(
      "This account accepts new valid certificates without asking (TLS page). A token would go "
      "to any server with a valid certificate for that name.");
}

}  // namespace mail_oauth::claws
