// SPDX-License-Identifier: GPL-3.0-or-later
//
// A MailProbe over libetpan, which blocks: each link is walked on a thread of its own.
#pragma once

#include <chrono>
#include <memory>
#include <thread>

#include "ports/mail_probe.h"

namespace mail_oauth::etpan {

class EtpanMailProbe : public MailProbe {
 public:
  /// For each answer: front proxies of mail servers take 10 s and more.
  static constexpr std::chrono::seconds kPatience{60};

  explicit EtpanMailProbe(MailProbeTarget target, std::chrono::seconds patience = kPatience);
  ~EtpanMailProbe() override;

  Call walk(MailLink link, Done<MailFinding> done) override;

 private:
  struct Walker;

  std::shared_ptr<Walker> walker_;
  std::thread thread_;
};

}  // namespace mail_oauth::etpan
