// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a grant took the place of. Who finds that in the store does not take it for news: to send
// its refresh token again ends the grant at a server with reuse detection, or undoes a sign-in.
//
// Within one sign-in the number of renewals tells what is newer. Of two sign-ins that one is older
// which the other found in the store, or in memory. Only where neither did, the clock has to tell.
// A value.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <string>

#include "oauth/grant.h"

namespace mail_oauth {

class Outdated {
 public:
  /// Whatever came, and comes, of this sign-in (Grant::sign_in).
  void add(const std::string& sign_in) {
    remove(sign_in);
    older_.push_back(sign_in);
    if (older_.size() > kMost) older_.pop_front();
  }
  /// It is the grant's own.
  void remove(const std::string& sign_in) {
    older_.erase(std::remove(older_.begin(), older_.end(), sign_in), older_.end());
  }

  /// Every other sign-in, until grant_stored(), but a later one: the grant is one that the store
  /// would not take.
  void add_everything(WallTime signed_in_at) { earlier_than_ = signed_in_at; }
  void grant_stored() { earlier_than_.reset(); }
  bool everything() const { return earlier_than_.has_value(); }

  /// What it replaced may be better.
  void grant_ended() {
    older_.clear();
    earlier_than_.reset();
  }

  /// `item` stands in the store, with another refresh token than `own`. A sign-in of later than
  /// `now` is none: the clock was ahead when it came. One and the same, renewed as often, was
  /// renewed by a version that does not count.
  bool has(const Grant& own, const Grant& item, WallTime now) const {
    if (item.sign_in == own.sign_in) return item.renewals < own.renewals;
    if (std::find(older_.begin(), older_.end(), item.sign_in) != older_.end()) return true;
    if (!earlier_than_) return false;
    return item.signed_in_at <= *earlier_than_ || item.signed_in_at > now;
  }

 private:
  /// More than anybody signs in while a program runs.
  static constexpr std::size_t kMost = 64;

  std::deque<std::string> older_;
  std::optional<WallTime> earlier_than_;
};

}  // namespace mail_oauth
