// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/quiet_browser.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

namespace mail_oauth::cli {

namespace {

// Standard output is /dev/null while it lives; children keep that.
class MutedOutput {
 public:
  MutedOutput() : before_(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)) {
    std::fflush(stdout);
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (before_ >= 0 && null >= 0) dup2(null, STDOUT_FILENO);
    if (null >= 0) close(null);
  }
  ~MutedOutput() {
    if (before_ < 0) return;
    dup2(before_, STDOUT_FILENO);
    close(before_);
  }
  MutedOutput(const MutedOutput&) = delete;
  MutedOutput& operator=(const MutedOutput&) = delete;

 private:
  int before_;
};

}  // namespace

Result<void> QuietBrowser::open(const std::string& url) {
  const MutedOutput muted;
  return browser_.open(url);
}

}  // namespace mail_oauth::cli
