// SPDX-License-Identifier: GPL-3.0-or-later
//
// The choice on the account page where a sign-in is kept, with a sentence about the one chosen.
// Main thread only.
#pragma once

#include <functional>
#include <string>

#include "claws/host.h"

namespace mail_oauth::claws {

class StoreChoice {
 public:
  explicit StoreChoice(std::function<void()> changed);
  ~StoreChoice();
  StoreChoice(const StoreChoice&) = delete;
  StoreChoice& operator=(const StoreChoice&) = delete;

  /// Combo and sentence; owned by whoever packs it. `combo` is what a label names.
  GtkWidget* widget() const { return box_; }
  GtkWidget* combo() const { return combo_; }

  void show(const std::string& store);
  /// A word of grant_places.h.
  std::string value() const;

 private:
  static void on_changed(GtkWidget*, gpointer self);
  void explain();

  std::function<void()> changed_;
  GtkWidget* box_ = nullptr;
  GtkWidget* combo_ = nullptr;
  GtkWidget* sentence_ = nullptr;
};

}  // namespace mail_oauth::claws
