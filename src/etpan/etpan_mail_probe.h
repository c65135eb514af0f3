// SPDX-License-Identifier: GPL-3.0-or-later
//
// A MailProbe over libetpan, which blocks: each link is walked on a thread of its own.
#pragma once

#include <memory>
#include <thread>

#include "ports/mail_probe.h"

namespace mail_oauth::etpan {

class EtpanMailProbe : public MailProbe {
 public:
  explicit EtpanMailProbe(MailProbeTarget target);
  ~EtpanMailProbe() override;

  Call walk(MailLink link, Done<MailFinding> done) override;

 private:
  struct Walker;

  std::shared_ptr<Walker> walker_;
  std::thread thread_;
};

}  // namespace mail_oauth::etpan
