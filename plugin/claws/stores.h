// SPDX-License-Identifier: GPL-3.0-or-later
//
// The three stores of this host, put together; one set for the broker's thread and one for the main
// thread, over the same items. Main thread, but for open().
#pragma once

#include <memory>

#include "claws/claws_store.h"
#include "claws/placed_store.h"
#include "claws/session_store.h"

namespace mail_oauth::claws {

class Stores {
 public:
  /// Any thread. What it gives holds its parts.
  std::unique_ptr<PlacedTokenStore> open(Prompt prompt,
                                         GrantPlace new_ones = GrantPlace::kKeyring) const;

  GrantPlaces& places() const { return *places_; }
  MainThread& main_thread() const { return *main_thread_; }

 private:
  std::shared_ptr<GrantPlaces> places_ = std::make_shared<GrantPlaces>();
  std::shared_ptr<MainThread> main_thread_ = std::make_shared<MainThread>();
  std::shared_ptr<ClawsItems> items_ = claws_items();
  std::shared_ptr<SessionTokenStore> session_ = std::make_shared<SessionTokenStore>();
};

}  // namespace mail_oauth::claws
