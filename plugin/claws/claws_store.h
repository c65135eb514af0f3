// SPDX-License-Identifier: GPL-3.0-or-later
//
// A TokenStore in the host's own store of passwords, for those who choose it.
//
// The host's store works on its main thread only: each question goes there and its answer back, so
// that nobody waits and the broker's worker goes on. An entry is read once and kept, since nobody
// else writes that file while the host runs, and is written at each change: to disk at once, and
// looked for there, for the host reports no failure. Names hold the whole key of the grant, never
// an account's number, which the host gives to other accounts. Without a primary passphrase the
// host encrypts with a key that everybody knows: that only hides. Any thread; answers as any
// TokenStore. Client secrets are not its matter.
#pragma once

#include <memory>

#include "claws/main_thread.h"
#include "keyring/secret_service_store.h"
#include "ports/token_store.h"

namespace mail_oauth::claws {

/// What was read; main thread only.
class ClawsItems;

class ClawsTokenStore : public TokenStore {
 public:
  ClawsTokenStore(std::shared_ptr<MainThread> main_thread, std::shared_ptr<ClawsItems> items,
                  Prompt prompt);

  /// kStorage "locked": the primary passphrase is not given, and may not be asked for or was not
  /// entered. kStorage "not-written": the file could not be written. So for save and erase.
  Call prove_writable(Done<void> done) override;
  Call load(GrantKey key, Done<std::optional<Grant>> done) override;
  /// Goes on when its Call is dropped, as erase.
  Call save(Grant grant, Done<void> done) override;
  Call erase(GrantKey key, Done<void> done) override;
  Call list(Done<std::vector<GrantKey>> done) override;
  Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) override;
  Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) override;

 private:
  template <class T>
  Call on_main(Done<T> done, std::function<Result<T>(ClawsItems&)> act);

  std::shared_ptr<MainThread> main_thread_;
  std::shared_ptr<ClawsItems> items_;
  Prompt prompt_;
};

std::shared_ptr<ClawsItems> claws_items();

}  // namespace mail_oauth::claws
