// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/lazy_mail_probe.h"

#include "base/i18n.h"
#include "base/module.h"
#include "etpan/mail_probe_module.h"

namespace mail_oauth {

Result<std::unique_ptr<MailProbe>> open_mail_probe(const MailProbeTarget& target) {
  void* entry = module_entry(MAIL_OAUTH_ETPAN_MODULE, MAIL_OAUTH_MAIL_PROBE_ENTRY);
  MailProbe* probe = entry ? reinterpret_cast<MailOauthMailProbeOpen>(entry)(&target) : nullptr;
  if (probe) return std::unique_ptr<MailProbe>(probe);
  return make_error(Error::Kind::kInternal,
                    format(_("The part that speaks with mail servers ({}) is missing or does not "
                             "fit. Restart the program; if that does not help, install "
                             "mail-oauth again."),
                           {MAIL_OAUTH_ETPAN_MODULE}),
                    "etpan_module");
}

}  // namespace mail_oauth
