// SPDX-License-Identifier: GPL-3.0-or-later
//
// Offers in the main window to end sign-ins that no account uses any more: never a dialog, since
// nobody asked for one. Knows nothing of accounts. Main thread only.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "claws/host.h"
#include "oauth/grant.h"

namespace mail_oauth::claws {

class SignOutOffers {
 public:
  using SignOut = std::function<void(const GrantKey& key)>;

  explicit SignOutOffers(SignOut sign_out) : sign_out_(std::move(sign_out)) {}
  ~SignOutOffers();
  SignOutOffers(const SignOutOffers&) = delete;
  SignOutOffers& operator=(const SignOutOffers&) = delete;

  /// Until it is answered.
  void show(const GrantKey& key);
  /// Takes back what is of no use: an account has that sign-in again.
  void take_back(const std::set<GrantKey>& used);

 private:
  void answer(GtkWidget* bar, int response);
  static void on_response(GtkInfoBar* bar, int response, gpointer self);
  static void on_destroy(GtkWidget* bar, gpointer self);

  SignOut sign_out_;
  std::map<GtkWidget*, GrantKey> bars_;
};

}  // namespace mail_oauth::claws
