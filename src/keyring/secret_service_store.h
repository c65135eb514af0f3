// SPDX-License-Identifier: GPL-3.0-or-later
//
// The TokenStore in the desktop's keyring, over the Secret Service interface
// (https://specifications.freedesktop.org/secret-service-spec/latest/).
//
// Every failure is kStorage; `code` says which: "locked" (or the person dismissed the question),
// "no-service", "no-bus", "no-collection", or "keyring" with the service's own words. Where two
// keyrings hold the same item, the one changed last counts.
// Any thread with a GMainContext; each answer comes in the context of its question.
#pragma once

#include <memory>

#include "ports/token_store.h"

namespace mail_oauth {

/// Whether the keyring may ask the person to unlock it. Such a question has no time limit but the
/// caller's.
enum class Prompt { kAllowed, kNever };

/// Whether a question may share what the one before it opened, when it follows within a second: to
/// open takes longer than to look an item up. kMayShare: the store belongs to one thread.
enum class Opening { kEach, kMayShare };

namespace keyring {
struct KeptService;

struct Manner {
  Prompt prompt;
  std::shared_ptr<KeptService> kept;  ///< Null: each question opens its own.
};
}  // namespace keyring

class SecretServiceTokenStore : public TokenStore {
 public:
  explicit SecretServiceTokenStore(Prompt prompt = Prompt::kAllowed,
                                   Opening opening = Opening::kEach);

  Call prove_writable(Done<void> done) override;
  Call load(GrantKey key, Done<std::optional<Grant>> done) override;
  Call save(Grant grant, Done<void> done) override;
  /// Every item of the key, in whichever keyring. Nothing to erase is no failure.
  Call erase(GrantKey key, Done<void> done) override;
  /// Asks for no unlocking. "locked" where a keyring was not unlocked since it was started and so
  /// does not know the names (gnome-keyring).
  Call list(Done<std::vector<GrantKey>> done) override;
  Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) override;
  Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) override;

 private:
  keyring::Manner manner_;
};

}  // namespace mail_oauth
