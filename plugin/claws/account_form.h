// SPDX-License-Identifier: GPL-3.0-or-later
//
// The widgets of the account page. Shows and reads values; decides nothing. Main thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/secret.h"
#include "claws/form_values.h"
#include "claws/form_widgets.h"
#include "claws/host.h"
#include "claws/sign_in_way.h"
#include "claws/store_choice.h"
#include "oauth/provider.h"

namespace mail_oauth::claws {

class AccountForm {
 public:
  struct Reactions {
    std::function<void(SignInWay)> sign_in;
    std::function<void()> sign_out;
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
  /// What goes with another provider: its own client, where nothing was typed, its way to send, and
  /// whether it has codes.
  void choose_provider(const Provider& provider, bool send_as_mailbox);
  void set_identity(const std::string& identity);
  /// Those who are signed in already, to choose from.
  void set_identities(const std::vector<std::string>& identities);
  /// What is missing, in words, and where to get it; no words: nothing.
  void set_missing(const std::string& words, const std::string& page);
  /// What intent_of() complains of, and which field a reader says it with; no words: nothing.
  void set_complaint(const std::string& words, const std::string& field = {});

  void set_state(const std::string& line, bool good);
  void set_signed_in(bool signed_in);
  void set_warnings(const std::vector<std::string>& warnings);

  /// What is said while it is off.
  void set_off_words(const std::string& words);
  /// Whether the sign-in that the host has by itself can be used.
  void offer_take_over(bool offered);
  bool wants_take_over() const;

  /// Whether it signs in for sending, too, and what is said of that; no words: nothing.
  void set_sends(bool sends, const std::string& words);

  /// The provider's servers, as a line; empty: it names none, or they are set already.
  void set_servers(const std::string& line);
  bool wants_servers() const;

  /// What was typed as the client's secret. It is wiped from the page.
  ClientSecret take_secret();

  /// While a sign-in runs, which has a window of its own.
  void set_busy(bool busy);

 private:
  GtkWidget* add_row(GtkGrid* grid, int row, const char* label, GtkWidget* field);
  GtkWidget* add_entry(GtkGrid* grid, int row, const char* label, const char* placeholder);
  void build_toggle();
  void build_fields(const std::vector<Provider>& providers);
  void build_identity(GtkGrid* grid, int row);
  void build_mailbox_rows(GtkGrid* grid, int row);
  void build_sign_in();
  void build_servers();
  void build_advanced();
  void refresh();
  GtkWidget* identity_entry() const { return gtk_bin_get_child(GTK_BIN(identity_)); }

  static void on_edited(GtkWidget*, gpointer self);
  static void on_sign_in(GtkButton*, gpointer self);
  static void on_code(GtkButton*, gpointer self);
  static void on_sign_out(GtkButton*, gpointer self);

  Reactions reactions_;
  std::unique_ptr<StoreChoice> store_;
  std::string proposed_client_;  ///< The provider's own: another provider does not know it.
  bool filling_ = false;
  bool busy_ = false;
  bool codes_ = true;    ///< Of the provider.
  bool secrets_ = true;  ///< Of the provider's clients.
  bool signed_in_ = false;
  GtkWidget* box_ = nullptr;
  GtkWidget* toggle_ = nullptr;
  GtkWidget* off_ = nullptr;
  GtkWidget* content_ = nullptr;  ///< All that is shown while it is on.
  GtkWidget* missing_ = nullptr;
  GtkWidget* missing_words_ = nullptr;
  GtkWidget* missing_link_ = nullptr;
  GtkWidget* fields_ = nullptr;
  GtkWidget* provider_ = nullptr;
  GtkWidget* identity_ = nullptr;
  MarkedLine complaint_;
  GtkWidget* own_ = nullptr;
  GtkWidget* shared_ = nullptr;
  GtkWidget* mailbox_ = nullptr;
  GtkWidget* button_ = nullptr;
  GtkWidget* code_ = nullptr;
  GtkWidget* sign_out_ = nullptr;
  GtkWidget* spinner_ = nullptr;
  MarkedLine state_;
  GtkWidget* take_over_ = nullptr;
  GtkWidget* sends_ = nullptr;
  GtkWidget* sends_words_ = nullptr;
  GtkWidget* servers_ = nullptr;
  GtkWidget* servers_line_ = nullptr;
  GtkWidget* advanced_ = nullptr;
  GtkWidget* advanced_grid_ = nullptr;
  GtkWidget* client_ = nullptr;
  GtkWidget* tenant_ = nullptr;
  GtkWidget* secret_ = nullptr;
  GtkWidget* receive_as_ = nullptr;
  GtkWidget* send_as_ = nullptr;
  GtkWidget* warnings_ = nullptr;
};

}  // namespace mail_oauth::claws
