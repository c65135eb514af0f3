// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/etpan_mail_probe.h"

#include <signal.h>

#include <atomic>
#include <utility>

#include "base/guarded.h"
#include "base/i18n.h"
#include "etpan/probe_walk.h"
#include "ports/pending.h"

namespace mail_oauth::etpan {

namespace {

/// Signals are for the main thread; libetpan writes to connections that are gone.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

struct EtpanMailProbe::Walker {
  Walker(MailProbeTarget target, std::chrono::seconds patience)
      : walk(std::move(target), patience) {}

  Result<MailFinding> run(MailLink link) {
    const Result<MailFinding> bug =
        make_error(Error::Kind::kInternal, _("Something went wrong inside."));
    auto result =
        guarded("mail probe", bug, [&]() -> Result<MailFinding> { return walk.run(link); });
    // After a refusal the server is still there to be said goodbye to.
    if (!result && result.error().kind != Error::Kind::kRefused) usable = false;
    return result;
  }

  ProbeWalk walk;
  std::atomic<bool> usable = true;
};

EtpanMailProbe::EtpanMailProbe(MailProbeTarget target, std::chrono::seconds patience)
    : walker_(std::make_shared<Walker>(std::move(target), patience)) {}

EtpanMailProbe::~EtpanMailProbe() {
  if (!walker_->usable) walker_->walk.interrupt();
  if (thread_.joinable()) thread_.join();
  std::thread([walker = walker_.get()] {
    block_signals();
    guarded("mail probe", [walker] { walker->walk.hang_up(walker->usable); });
  }).join();
}

Call EtpanMailProbe::walk(MailLink link, Done<MailFinding> done) {
  if (thread_.joinable()) thread_.join();
  const auto open = Pending<MailFinding>::of(std::move(done));
  thread_ = std::thread([walker = walker_, link, open] {
    block_signals();
    open->answer(walker->run(link));
  });
  return Call([walker = walker_, open] {
    if (!open->waiting()) return;
    open->cancel();
    walker->usable = false;
    walker->walk.interrupt();
  });
}

}  // namespace mail_oauth::etpan
