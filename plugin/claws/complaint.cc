// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/complaint.h"

namespace mail_oauth::claws {
namespace {

/// The window that people can work in once `closing` is gone: the host's list of accounts is modal.
GtkWindow* window_behind(GtkWindow* closing) {
  MainWindow* main_window = mainwindow_get_mainwindow();
  GtkWindow* behind = main_window ? GTK_WINDOW(main_window->window) : nullptr;
  GList* windows = gtk_window_list_toplevels();
  for (GList* item = windows; item; item = item->next) {
    auto* window = GTK_WINDOW(item->data);
    if (window != closing && gtk_window_get_modal(window) &&
        gtk_widget_get_visible(GTK_WIDGET(window)))
      behind = window;
  }
  g_list_free(windows);
  return behind;
}

}  // namespace

void complain(GtkWindow* closing, const std::string& text) {
  GtkWidget* dialog = gtk_message_dialog_new(
      window_behind(closing),
      static_cast<GtkDialogFlags>(GTK_DIALOG_DESTROY_WITH_PARENT | GTK_DIALOG_MODAL),
      GTK_MESSAGE_ERROR, GTK_BUTTONS_OK, "%s", text.c_str());
  gtk_window_set_title(GTK_WINDOW(dialog), _("Sign in with OAuth"));
  g_signal_connect(dialog, "response", G_CALLBACK(gtk_widget_destroy), nullptr);
  gtk_widget_show(dialog);
}

}  // namespace mail_oauth::claws
