// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/known_grant.h"

#include <utility>

namespace mail_oauth {

KnownGrant KnownGrant::duplicate() const {
  KnownGrant copy;
  if (grant) copy.grant = grant->duplicate();
  copy.outdated = outdated;
  copy.unsaved = unsaved;
  copy.in_store = in_store;
  return copy;
}

Stands KnownGrant::beside(const std::optional<Grant>& item, WallTime now) {
  if (!item) return unsaved && !in_store ? Stands::kNothing : Stands::kSignedOut;
  if (item->sign_in == grant->sign_in) in_store = true;
  if (grant->refresh_token.equals(item->refresh_token.reveal())) return Stands::kSame;
  return outdated.has(*grant, *item, now) ? Stands::kOlder : Stands::kNewer;
}

std::vector<Grant> KnownGrant::live_with(std::optional<Grant> item, WallTime now) {
  const auto stands = grant ? beside(item, now) : item ? Stands::kNewer : Stands::kSignedOut;
  const bool two = grant && item && item->sign_in != grant->sign_in;
  const bool newer = stands == Stands::kNothing || stands == Stands::kOlder;
  std::vector<Grant> live;
  if (newer) live.push_back(grant->duplicate());
  if (item && (!newer || two)) live.push_back(std::move(*item));
  if (stands == Stands::kNewer && two && !grant->ended()) live.push_back(grant->duplicate());
  return live;
}

void KnownGrant::take(Grant newer) {
  if (grant && grant->sign_in != newer.sign_in) outdated.add(grant->sign_in);
  outdated.remove(newer.sign_in);
  grant = std::move(newer);
  unsaved.reset();
  in_store = false;
}

void KnownGrant::take_stored(Grant item) {
  take(std::move(item));
  set_stored();
}

void KnownGrant::set_stored() {
  stop_saving();
  in_store = true;
}

void KnownGrant::set_unsaved(Error why) {
  if (!unsaved) unsaved.emplace();
  unsaved->why = std::move(why);
}

void KnownGrant::stop_saving() {
  outdated.grant_stored();
  unsaved.reset();
}

void KnownGrant::forget() {
  stop_saving();
  grant.reset();
  in_store = false;
}

}  // namespace mail_oauth
