// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sign_out_offers.h"

#include <utility>
#include <vector>

#include "base/guarded.h"

namespace mail_oauth::claws {
namespace {

constexpr int kEnd = 1;
constexpr int kKeep = 2;

/// Above the part of the main window that changes with the layout. False: there is no window.
bool put_into_window(GtkWidget* bar) {
  MainWindow* window = mainwindow_get_mainwindow();
  if (!window || !window->vbox || !window->vbox_body) return false;
  gtk_box_pack_start(GTK_BOX(window->vbox), bar, FALSE, FALSE, 0);
  int at = 0;
  gtk_container_child_get(GTK_CONTAINER(window->vbox), window->vbox_body, "position", &at, nullptr);
  gtk_box_reorder_child(GTK_BOX(window->vbox), bar, at);
  gtk_widget_show_all(bar);
  return true;
}

}  // namespace

SignOutOffers::~SignOutOffers() {
  while (!bars_.empty()) gtk_widget_destroy(bars_.begin()->first);  // on_destroy forgets it
}

void SignOutOffers::show(const GrantKey& key) {
  for (const auto& bar : bars_) {
    if (bar.second == key) return;
  }
  GtkWidget* bar = gtk_info_bar_new();
  gtk_info_bar_set_message_type(GTK_INFO_BAR(bar), GTK_MESSAGE_QUESTION);
  const std::string words =
      format(_("{} is still signed in on this computer, and no account uses it any more."),
             {key.identity});
  GtkWidget* label = gtk_label_new(words.c_str());
  gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_box_pack_start(GTK_BOX(gtk_info_bar_get_content_area(GTK_INFO_BAR(bar))), label, TRUE, TRUE,
                     0);
  gtk_info_bar_add_button(GTK_INFO_BAR(bar), _("_Keep it"), kKeep);
  gtk_info_bar_add_button(GTK_INFO_BAR(bar), _("Sign o_ut"), kEnd);
  if (!put_into_window(bar)) {
    g_object_ref_sink(bar);
    gtk_widget_destroy(bar);
    return g_object_unref(bar);
  }
  g_signal_connect(bar, "response", G_CALLBACK(on_response), this);
  g_signal_connect(bar, "destroy", G_CALLBACK(on_destroy), this);
  bars_[bar] = key;
}

void SignOutOffers::take_back(const std::set<GrantKey>& used) {
  std::vector<GtkWidget*> needless;
  for (const auto& bar : bars_) {
    if (used.count(bar.second) != 0) needless.push_back(bar.first);
  }
  for (GtkWidget* bar : needless) gtk_widget_destroy(bar);
}

void SignOutOffers::answer(GtkWidget* bar, int response) {
  const auto found = bars_.find(bar);
  if (found == bars_.end()) return;
  const GrantKey key = found->second;
  gtk_widget_destroy(bar);
  if (response == kEnd) sign_out_(key);
}

void SignOutOffers::on_response(GtkInfoBar* bar, int response, gpointer self) {
  guarded("sign-out offer",
          [&] { static_cast<SignOutOffers*>(self)->answer(GTK_WIDGET(bar), response); });
}

/// Also with the window, when the host ends.
void SignOutOffers::on_destroy(GtkWidget* bar, gpointer self) {
  static_cast<SignOutOffers*>(self)->bars_.erase(bar);
}

}  // namespace mail_oauth::claws
