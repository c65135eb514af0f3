// SPDX-License-Identifier: GPL-3.0-or-later
//
// The page "Sign in with OAuth" of the host's account window.
//
// The host has one page object for all accounts and all windows: everything about a window lives in
// `open_`, from create_widget to destroy_widget. Saving writes the intent only; the host's fields
// follow later (field_follower.h). Closing is never refused: the host would corrupt the account.
// Main thread only.
#pragma once

#include <functional>
#include <memory>

#include "claws/account_form.h"
#include "claws/sending.h"
#include "claws/shared_accounts.h"
#include "claws/sign_in_desk.h"
#include "claws/sign_out_desk.h"
#include "claws/take_over_desk.h"

namespace mail_oauth::claws {

class AccountPage {
 public:
  /// All have to outlive it.
  AccountPage(Engine& engine, FieldFollower& follower, SignInDesk& desk,
              SharedAccounts& shared_accounts, TakeOverDesk& take_overs);
  ~AccountPage();
  AccountPage(const AccountPage&) = delete;
  AccountPage& operator=(const AccountPage&) = delete;

 private:
  /// What the host knows, and the way from it back to us.
  struct HostPage {
    PrefsPage page{};
    AccountPage* owner = nullptr;
  };
  struct Open;

  static void on_create(PrefsPage* page, GtkWindow* window, gpointer account);
  static void on_destroy(PrefsPage* page);
  static void on_save(PrefsPage* page);
  static void on_map(GtkWidget*, gpointer self);
  static gboolean on_key(GtkWidget* window, GdkEventKey* key, gpointer self);
  static AccountPage& owner_of(PrefsPage* page);

  void create(GtkWindow* window, PrefsAccount* account);
  void read_intent();
  void create_adder();
  void destroy();
  Result<AccountIntent> wanted() const;
  MailRoute route() const;
  void show_sending(bool anew);
  bool sends_with_own_oauth() const;
  std::optional<bool> said_of_sending(const std::string& server) const;
  void save();
  void save_more(const AccountIntent& intent);
  void keep_secret(const AccountIntent& intent, std::function<void()> then);
  void sign_in(SignInWay way);
  void sign_out();
  void list_identities();
  void follow_host();
  void propose();
  void show_servers();
  void edited();
  void sign_in_changed(const std::optional<std::string>& identity);
  void show_state();
  void show_standing();
  static gboolean on_rest(gpointer self);
  void show_missing(const AccountIntent& intent, const Error& error);
  void refresh_adder();

  Engine& engine_;
  FieldFollower& follower_;
  SignInDesk& desk_;
  SharedAccounts& shared_accounts_;
  TakeOverDesk& take_overs_;
  HostPage host_;
  std::string plugins_;  ///< The host's own word for the group of pages.
  char* path_[3] = {nullptr, nullptr, nullptr};
  std::unique_ptr<Open> open_;
  SignOutDesk sign_outs_;
  Call saving_secret_;
};

}  // namespace mail_oauth::claws
