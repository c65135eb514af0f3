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
  OpenStore(Parts parts, GrantPlace new_ones)
      : Parts(std::move(parts)),
        PlacedTokenStore({*Parts::keyring, Parts::claws, *Parts::session}, *Parts::places,
                         new_ones) {}
};

}  // namespace

std::unique_ptr<PlacedTokenStore> Stores::open(Prompt prompt, GrantPlace new_ones) const {
  Parts parts{open_store(prompt), ClawsTokenStore(main_thread_, items_, prompt), session_, places_};
  return std::make_unique<OpenStore>(std::move(parts), new_ones);
}

}  // namespace mail_oauth::claws
