// SPDX-License-Identifier: GPL-3.0-or-later
//
// The offers to sign in, in the host's main window: one bar for each account. Decides nothing. Main
// thread only.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "claws/host.h"

namespace mail_oauth::claws {

class OfferBar {
 public:
  struct Offer {
    int account_id = 0;
    std::string headline;
    std::string reason;
    bool can_sign_in = false;  ///< Else only the other answer is there.
  };
  struct Reactions {
    std::function<void(int account_id)> sign_in;
    std::function<void(int account_id)> decline;
  };

  explicit OfferBar(Reactions reactions) : reactions_(std::move(reactions)) {}
  ~OfferBar();
  OfferBar(const OfferBar&) = delete;
  OfferBar& operator=(const OfferBar&) = delete;

  /// These and no others. What did not change keeps its widgets, and so the focus.
  void show(const std::vector<Offer>& offers);

 private:
  struct Row {
    std::string text;
    GtkWidget* bar = nullptr;
  };

  void add_row(const Offer& offer);
  static void on_response(GtkInfoBar* bar, int response, gpointer self);
  static void on_destroy(GtkWidget* box, gpointer self);

  Reactions reactions_;
  GtkWidget* box_ = nullptr;
  std::map<int, Row> rows_;  ///< By account id.
};

}  // namespace mail_oauth::claws
