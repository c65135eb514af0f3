// SPDX-License-Identifier: GPL-3.0-or-later
//
// Says of each new grant where it is to be kept, whoever turns out to have signed in. There is one
// for each place, so that a sign-in keeps its place while another one is under way. Threads as
// those of the keeper that it borrows.
#pragma once

#include <utility>
#include <vector>

#include "claws/grant_places.h"
#include "ports/grant_keeper.h"

namespace mail_oauth::claws {

class PlacingKeeper : public GrantKeeper {
 public:
  PlacingKeeper(GrantPlaces& places, GrantKeeper& keeper, GrantPlace place)
      : places_(places), keeper_(keeper), place_(place) {}

  Call adopt(Grant grant, Done<void> done) override {
    places_.choose(grant.key, place_);
    return keeper_.adopt(std::move(grant), std::move(done));
  }
  Call give_up(GrantKey key, Done<std::vector<Grant>> done) override {
    return keeper_.give_up(std::move(key), std::move(done));
  }

 private:
  GrantPlaces& places_;
  GrantKeeper& keeper_;
  const GrantPlace place_;
};

}  // namespace mail_oauth::claws
