// SPDX-License-Identifier: GPL-3.0-or-later
//
// The widgets of the account page. Shows and reads values; decides nothing. Main thread only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "claws/form_values.h"
#include "claws/host.h"
#include "claws/sign_in_way.h"
#include "oauth/provider.h"

namespace mail_oauth::claws {

class AccountForm {
 public:
  struct Reactions {
    std::function<void(SignInWay)> sign_in;
    std::function<void()> edited;  ///< Anything that decides which grant is meant.
  };

  AccountForm(const std::vector<Provider>& providers, Reactions reactions);
  ~AccountForm();
  AccountForm(const AccountForm&) = delete;
  AccountForm& operator=(const AccountForm&) = delete;

  /// Owned by whoever packs it.
  GtkWidget* widget() const { return box_; }

  /// Below the form, above the warnings.
  void add_below(GtkWidget* widget);

  void show(const FormValues& form);
  FormValues values() const;
  /// What goes with another provider: its own client, where nothing was typed, and its way to send.
  void choose_provider(const Provider& provider, bool send_as_mailbox);
  void set_identity(const std::string& identity);

  void set_state(const std::string& line, bool good);
  void set_warnings(const std::vector<std::string>& warnings);

  /// While a sign-in runs, which has a window of its own.
  void set_busy(bool busy);

 private:
  GtkWidget* add_row(GtkGrid* grid, int row, const char* label, GtkWidget* field);
  GtkWidget* add_entry(GtkGrid* grid, int row, const char* label, const char* placeholder);
  void build_fields(const std::vector<Provider>& providers);
  void build_mailbox_rows(GtkGrid* grid, int row);
  void build_sign_in();
  void refresh();

  static void on_edited(GtkWidget*, gpointer self);
  static void on_sign_in(GtkButton*, gpointer self);
  static void on_code(GtkButton*, gpointer self);

  Reactions reactions_;
  bool filling_ = false;
  bool busy_ = false;
  GtkWidget* box_ = nullptr;
  GtkWidget* toggle_ = nullptr;
  GtkWidget* fields_ = nullptr;
  GtkWidget* client_ = nullptr;
  GtkWidget* provider_ = nullptr;
  GtkWidget* tenant_ = nullptr;
  GtkWidget* identity_ = nullptr;
  GtkWidget* own_ = nullptr;
  GtkWidget* shared_ = nullptr;
  GtkWidget* mailbox_ = nullptr;
  GtkWidget* send_as_mailbox_ = nullptr;
  GtkWidget* button_ = nullptr;
  GtkWidget* code_ = nullptr;
  GtkWidget* spinner_ = nullptr;
  GtkWidget* state_ = nullptr;
  GtkWidget* warnings_ = nullptr;
};

}  // namespace mail_oauth::claws
