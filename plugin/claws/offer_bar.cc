// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/offer_bar.h"

#include <algorithm>

#include "base/guarded.h"
#include "claws/notice_parts.h"

namespace mail_oauth::claws {
namespace {

constexpr int kSignIn = 1;
constexpr int kDecline = 2;

std::string text_of_offer(const OfferBar::Offer& offer) {
  return offer.headline + "\n" + offer.reason;
}

}  // namespace

OfferBar::~OfferBar() {
  if (box_) gtk_widget_destroy(box_);  // on_destroy forgets the rest
}

void OfferBar::show(const std::vector<Offer>& offers) {
  for (auto row = rows_.begin(); row != rows_.end();) {
    const bool stays = std::any_of(offers.begin(), offers.end(), [&](const Offer& offer) {
      return offer.account_id == row->first && text_of_offer(offer) == row->second.text;
    });
    GtkWidget* bar = row->second.bar;
    row = stays ? std::next(row) : rows_.erase(row);
    if (!stays) gtk_widget_destroy(bar);
  }
  for (const auto& offer : offers) add_row(offer);
  if (rows_.empty() && box_) gtk_widget_destroy(box_);
}

void OfferBar::add_row(const Offer& offer) {
  if (rows_.count(offer.account_id) != 0) return;
  if (!box_) {
    box_ = new_notice_box();
    if (!box_) return;
    g_signal_connect(box_, "destroy", G_CALLBACK(on_destroy), this);
  }
  GtkWidget* bar = gtk_info_bar_new();
  gtk_info_bar_set_message_type(GTK_INFO_BAR(bar), GTK_MESSAGE_QUESTION);
  gtk_box_pack_start(GTK_BOX(gtk_info_bar_get_content_area(GTK_INFO_BAR(bar))),
                     notice_words(offer.headline, offer.reason), TRUE, TRUE, 0);
  gtk_info_bar_add_button(GTK_INFO_BAR(bar), _("_Not for this account"), kDecline);
  if (offer.can_sign_in) {
    gtk_info_bar_add_button(GTK_INFO_BAR(bar), _("Sign in with _browser"), kSignIn);
  }
  g_signal_connect(bar, "response", G_CALLBACK(on_response), this);
  gtk_box_pack_start(GTK_BOX(box_), bar, FALSE, FALSE, 0);
  gtk_widget_show_all(bar);
  rows_[offer.account_id] = {text_of_offer(offer), bar};
}

void OfferBar::on_response(GtkInfoBar* bar, int response, gpointer data) {
  guarded("offer", [&] {
    auto* self = static_cast<OfferBar*>(data);
    const auto row = std::find_if(self->rows_.begin(), self->rows_.end(), [&](const auto& one) {
      return one.second.bar == GTK_WIDGET(bar);
    });
    if (row == self->rows_.end()) return;
    const int account_id = row->first;  // the reaction may take the row away
    if (response == kSignIn) self->reactions_.sign_in(account_id);
    if (response == kDecline) self->reactions_.decline(account_id);
  });
}

/// With the window, when the host ends.
void OfferBar::on_destroy(GtkWidget*, gpointer data) {
  auto* self = static_cast<OfferBar*>(data);
  self->box_ = nullptr;
  self->rows_.clear();
}

}  // namespace mail_oauth::claws
