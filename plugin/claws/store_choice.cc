// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/store_choice.h"

#include <utility>

#include "base/guarded.h"
#include "claws/grant_places.h"

namespace mail_oauth::claws {
namespace {

std::string sentence_about(GrantPlace place) {
  switch (place) {
    case GrantPlace::kKeyring:
      return _("In your desktop's keyring, which mail-oauth on the command line can use, too.");
    case GrantPlace::kClaws:
      if (primary_passphrase_is_set()) return _("Encrypted with your primary passphrase.");
      return _(
          "Without a primary passphrase this only hides it: whoever can read your files can "
          "read your mail.");
    case GrantPlace::kSession:
      return _("Kept nowhere: you sign in again each time Claws Mail starts.");
  }
  return {};
}

}  // namespace

StoreChoice::StoreChoice(std::function<void()> changed) : changed_(std::move(changed)) {
  box_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  g_object_ref_sink(box_);
  combo_ = gtk_combo_box_text_new();
  const auto offer = [this](GrantPlace place, const char* name) {
    gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(combo_), std::string(place_word(place)).c_str(),
                              name);
  };
  offer(GrantPlace::kKeyring, _("Keyring"));
  offer(GrantPlace::kClaws, _("Claws Mail's passwords"));
  offer(GrantPlace::kSession, _("For this session only"));
  sentence_ = gtk_label_new("");
  gtk_label_set_xalign(GTK_LABEL(sentence_), 0);
  gtk_label_set_line_wrap(GTK_LABEL(sentence_), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(sentence_), 60);
  gtk_box_pack_start(GTK_BOX(box_), combo_, FALSE, FALSE, 0);
  gtk_box_pack_start(GTK_BOX(box_), sentence_, FALSE, FALSE, 0);
  show(std::string(place_word(GrantPlace::kKeyring)));
  g_signal_connect(combo_, "changed", G_CALLBACK(on_changed), this);
}

StoreChoice::~StoreChoice() {
  g_signal_handlers_disconnect_by_data(combo_, this);
  g_object_unref(box_);
}

void StoreChoice::show(const std::string& store) {
  gtk_combo_box_set_active_id(GTK_COMBO_BOX(combo_), store.c_str());
  explain();
}

std::string StoreChoice::value() const {
  const char* store = gtk_combo_box_get_active_id(GTK_COMBO_BOX(combo_));
  return store ? store : std::string(place_word(GrantPlace::kKeyring));
}

void StoreChoice::explain() {
  const auto place = place_of_word(value());
  gtk_label_set_text(GTK_LABEL(sentence_), place ? sentence_about(*place).c_str() : "");
}

void StoreChoice::on_changed(GtkWidget*, gpointer data) {
  guarded("account page", [&] {
    auto* self = static_cast<StoreChoice*>(data);
    self->explain();
    if (self->changed_) self->changed_();
  });
}

}  // namespace mail_oauth::claws
