// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/mail_probe_module.h"

#include "base/guarded.h"
#include "base/module.h"
#include "etpan/etpan_mail_probe.h"

extern "C" __attribute__((visibility("default"))) const char* mail_oauth_module_stamp() {
  return mail_oauth::module_stamp();
}

extern "C" __attribute__((visibility("default"))) mail_oauth::MailProbe* mail_oauth_mail_probe_open(
    const mail_oauth::MailProbeTarget* target) {
  using mail_oauth::MailProbe;
  return mail_oauth::guarded("etpan module", static_cast<MailProbe*>(nullptr), [&]() -> MailProbe* {
    return new mail_oauth::etpan::EtpanMailProbe(*target);
  });
}
