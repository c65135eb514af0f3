// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signing out: asks first, names the accounts that lose the sign-in, and says how it ended. Goes on
// when the account window is closed meanwhile. Main thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "claws/engine.h"
#include "claws/sign_out_words.h"
#include "signin/sign_out.h"

namespace mail_oauth::claws {

class SignOutDesk {
 public:
  using Ended = std::function<void(const std::string& words, bool good)>;

  explicit SignOutDesk(Engine& engine) : engine_(engine) {}

  /// `ended` is not called when the person thinks better of it.
  void start(GtkWindow* parent, int account_id, const AccountIntent& intent, Ended ended);
  bool busy() const { return sign_out_ != nullptr; }

 private:
  void finished(const std::string& identity, const Result<signin::SignedOut>& result);

  Engine& engine_;
  std::unique_ptr<signin::SignOut> sign_out_;
  Ended ended_;
};

}  // namespace mail_oauth::claws
