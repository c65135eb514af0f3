// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/notices.h"

#include "base/log.h"
#include "claws/host.h"
#include "explain/explanation.h"

namespace mail_oauth::claws {

std::string in_words(const Error& error) {
  std::string words = error.what;
  for (const std::string& line : explain::lines(explain::explain(error))) words += " " + line;
  if (error.kind == Error::Kind::kReauthorize) {
    words += " ";
    words += error.code == "no-grant"
                 ? _("Sign in on the account's page \"Sign in with OAuth\".")
                 : _("Sign in again on the account's page \"Sign in with OAuth\".");
  }
  if (error.kind == Error::Kind::kInternal) {
    words += " ";
    words += format(_("Please report this (mail-oauth {})."), {MAIL_OAUTH_VERSION});
  }
  if (!error.code.empty()) words += " [" + error.code + "]";
  if (!error.correlation_id.empty()) {
    words += " " + format(_("(correlation id {})"), {error.correlation_id});
  }
  return words;
}

void tell(const std::string& account, const Error& error) {
  if (error.kind == Error::Kind::kCancelled) return;
  const std::string line = account + ": " + in_words(error);
  if (error.kind == Error::Kind::kTransient) {
    log_warning(LOG_PROTOCOL, "%s\n", line.c_str());
  } else {
    log_error(LOG_PROTOCOL, "%s\n", line.c_str());
  }
  statusbar_print_all("%s: %s", account.c_str(), error.what.c_str());
}

void tell(const std::string& line) { log_message(LOG_PROTOCOL, "%s\n", line.c_str()); }

}  // namespace mail_oauth::claws
