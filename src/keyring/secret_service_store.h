// SPDX-License-Identifier: GPL-3.0-or-later
//
// The TokenStore in the desktop's keyring, over the Secret Service interface
// (https://specifications.freedesktop.org/secret-service-spec/latest/).
//
// Every failure is kStorage; `code` says which: "locked" (or the person dismissed the question, or
// did not answer it in time), "no-service", "no-bus", "no-collection", "slow", or "keyring" with
// the service's own words. Where two keyrings hold the same item, the one changed last counts. But
// kConfig for a key that is not text (oauth/key_text.h): libsecret would never answer. Any thread
// with a GMainContext; each answer comes in the context of its question.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "ports/token_store.h"

namespace mail_oauth {

/// Whether the keyring may ask the person to unlock it.
enum class Prompt { kAllowed, kNever };

/// How long a keyring is waited for, and who is told that it may be asking the person.
struct Patience {
  /// For the answer of a person; 0: no limit but the caller's. Then "locked", and the question is
  /// taken back.
  std::chrono::milliseconds person{0};
  /// For each step in which nobody is asked. D-Bus has a limit of its own for each message; this
  /// one is for a service or library that goes astray. Then "slow".
  std::chrono::milliseconds service{std::chrono::minutes(2)};
  /// When the service has not answered for a second, as it may be asking the person; once for each
  /// question of ours.
  std::function<void()> on_question;
};

/// Whether a question may share what the one before it opened, when it follows within a second: to
/// open takes longer than to look an item up. kMayShare: the store belongs to one thread.
enum class Opening { kEach, kMayShare };

namespace keyring {
struct KeptService;

struct Manner {
  Prompt prompt;
  std::shared_ptr<KeptService> kept;  ///< Null: each question opens its own.
  Patience patience;
};
}  // namespace keyring

class SecretServiceTokenStore : public TokenStore {
 public:
  explicit SecretServiceTokenStore(Prompt prompt = Prompt::kAllowed,
                                   Opening opening = Opening::kEach, Patience patience = {});

  Call prove_writable(Done<void> done) override;
  /// By writing the bytes that the grant's item holds back into it, the very thing that save()
  /// does: a service may create items and yet not change one. Where there is no item, a probe.
  Call prove_place_of(GrantKey key, Done<void> done) override;
  Call load(GrantKey key, Done<std::optional<Grant>> done) override;
  Call save(Grant grant, Done<void> done) override;
  /// Every item of the key, in whichever keyring. Nothing to erase is no failure.
  Call erase(GrantKey key, Done<void> done) override;
  /// Asks for no unlocking. "locked" where a keyring was not unlocked since it was started and so
  /// does not know the names (gnome-keyring).
  Call list(Done<std::vector<GrantKey>> done) override;
  /// As list(), and as dear with ten thousand sign-ins as with one.
  Call list_of(std::string identity, Done<std::vector<GrantKey>> done) override;
  Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) override;
  Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) override;

 private:
  keyring::Manner manner_;
};

}  // namespace mail_oauth
