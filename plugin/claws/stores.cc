// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/stores.h"

#include "assembly/store.h"

namespace mail_oauth::claws {
namespace {

struct Parts {
  std::unique_ptr<TokenStore> keyring;
  ClawsTokenStore claws;
  std::shared_ptr<SessionTokenStore> session;
  std::shared_ptr<GrantPlaces> places;
};

/// The parts first: what stands on them is made after them, and destroyed before.
class OpenStore : private Parts, public PlacedTokenStore {
 public:
  explicit OpenStore(Parts parts)
      : Parts(std::move(parts)),
        PlacedTokenStore({*Parts::keyring, Parts::claws, *Parts::session}, *Parts::places) {}
};

}  // namespace

std::unique_ptr<PlacedTokenStore> Stores::open(Prompt prompt) const {
  Parts parts{open_store(prompt), ClawsTokenStore(main_thread_, items_, prompt), session_, places_};
  return std::make_unique<OpenStore>(std::move(parts));
}

}  // namespace mail_oauth::claws
