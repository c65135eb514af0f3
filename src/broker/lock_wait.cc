// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/lock_wait.h"

#include <memory>
#include <utility>

#include "base/i18n.h"

namespace mail_oauth {
namespace {

class LockWait {
 public:
  LockWait(Clock& clock, std::string folder, GrantKey key, std::chrono::seconds limit,
           Done<LockFile> done)
      : clock_(clock),
        folder_(std::move(folder)),
        key_(std::move(key)),
        limit_(limit),
        done_(std::move(done)) {}

  void try_after(std::chrono::milliseconds pause) {
    timer_ = clock_.after(pause, [this] { try_now(); });
  }

 private:
  void try_now() {
    auto lock = LockFile::try_take(folder_, key_);
    if (!lock) return finish(lock.error());
    if (*lock) return finish(std::move(**lock));
    if (waited_ >= limit_) {
      return finish(
          make_error(Error::Kind::kTransient,
                     format(_("Another program has been renewing the sign-in of {} for too long."),
                            {key_.identity}),
                     "lock-held"));
    }
    waited_ += kLockPause;
    try_after(kLockPause);
  }

  /// The last statement of whoever calls it: the callback may destroy this.
  void finish(Result<LockFile> result) {
    const auto done = std::exchange(done_, nullptr);
    done(std::move(result));
  }

  Clock& clock_;
  std::string folder_;
  GrantKey key_;
  std::chrono::seconds limit_;
  Done<LockFile> done_;
  Call timer_;
  std::chrono::milliseconds waited_{0};
};

}  // namespace

Call take_lock(Clock& clock, std::string folder, GrantKey key, std::chrono::seconds limit,
               Done<LockFile> done) {
  auto wait =
      std::make_shared<LockWait>(clock, std::move(folder), std::move(key), limit, std::move(done));
  wait->try_after(std::chrono::milliseconds(0));
  return Call([wait]() mutable { wait.reset(); });
}

}  // namespace mail_oauth
