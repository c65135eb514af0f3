// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes the host's account fields follow the intent, and keeps passwords out of the host's reach.
//
// Runs at load and after every account window, in a turn of the gate (account_gate.h): what is
// written to the fields while the window is open is overwritten by the host's edited copy, and what
// is written while the host connects is read by it after it is freed. On the way in, passwords move
// before the fields say OAuth; on the way out, the fields are restored before passwords come back:
// killed at any point, no password stands where it would be sent as a token. What a person has
// edited on the host's pages is not overwritten (login_fields.h). Main thread only.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "claws/account_gate.h"
#include "claws/account_intent.h"
#include "claws/host.h"
#include "claws/imap_connections.h"
#include "claws/login_fields.h"
#include "oauth/provider.h"

namespace mail_oauth::claws {

/// Of every account that is turned on, and of every one that says OAuth while its intent cannot be
/// read: whatever the host, a person or another plugin has stored since.
void put_managed_passwords_away();

class FieldFollower {
 public:
  /// `gate` has to outlive it.
  explicit FieldFollower(AccountGate& gate) : gate_(gate) {}
  ~FieldFollower();
  FieldFollower(const FieldFollower&) = delete;
  FieldFollower& operator=(const FieldFollower&) = delete;

  /// Called before the accounts are gone through, and before an account window changes anything.
  void when_about_to(std::function<void()> about_to) { about_to_ = std::move(about_to); }

  /// Called whenever the accounts have been gone through.
  void when_followed(std::function<void()> followed) { followed_ = std::move(followed); }

  /// Called when an account's fields and entries are the host's again, with the intent as it was.
  using TurnedOff = std::function<void(int account_id, const AccountIntent& intent)>;
  void when_turned_off(TurnedOff turned_off) { turned_off_ = std::move(turned_off); }

  /// Whose servers are whose; nothing when a manifest cannot be used just now.
  using ProviderOf = std::function<std::optional<Provider>(const std::string& id)>;
  void know_providers(ProviderOf provider_of) { provider_of_ = std::move(provider_of); }

  /// All accounts, now. REQUIRES: a turn of the gate, or that it is free.
  void follow_all();

  /// All accounts, in the next turn; what an open window has stored of passwords moves before.
  void schedule();
  /// The provider's servers for an account, when it follows next; empty: its own after all.
  void use_servers(int account_id, std::map<Protocol, MailServer> servers);

  /// What is known of an account that is gone: its id may come again.
  void forget(int account_id);

  /// As the gate's.
  void window_opened(PrefsAccount* account);
  void window_closed();

 private:
  static gboolean on_idle(gpointer self);
  struct Outcome {
    bool write = false;    ///< The account has to be written.
    bool follows = false;  ///< The fields are as the intent wants them.
  };
  Outcome follow(PrefsAccount* account);
  Outcome turn_on(PrefsAccount* account, AccountIntent intent);
  bool turn_off(PrefsAccount* account, AccountIntent intent);
  OurLogin ours_in(const PrefsAccount& account) const;
  bool signs_in_to_send(const PrefsAccount& account, const AccountIntent& intent, bool first) const;
  void leave_the_rest(PrefsAccount* account, const PasswordOwner& owner, bool sends, bool lends);
  /// An edit of the login for sending that does not stay.
  void tell_if_put_back(const PrefsAccount& account, const SavedFields& edited,
                        const SavedFields& wanted) const;

  AccountGate& gate_;
  std::function<void()> about_to_;
  std::function<void()> followed_;
  TurnedOff turned_off_;
  ProviderOf provider_of_;
  bool asked_ = false;
  /// By account id, from before a window opened in which a person edits them.
  std::map<int, SavedFields> before_;
  std::map<int, std::map<Protocol, MailServer>> servers_;
  std::map<int, bool> signs_in_to_send_;  ///< As last decided, by account id.
  ImapConnections connections_;
  guint idle_ = 0;
};

}  // namespace mail_oauth::claws
