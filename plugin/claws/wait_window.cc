// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/wait_window.h"

#include "base/guarded.h"

namespace mail_oauth::claws {

WaitWindow::~WaitWindow() {
  if (!dialog_) return;
  g_signal_handlers_disconnect_by_data(dialog_, this);
  gtk_widget_destroy(dialog_);
  g_object_unref(dialog_);
}

void WaitWindow::show() {
  if (dialog_) return;
  MainWindow* main_window = mainwindow_get_mainwindow();
  GtkWindow* parent = main_window ? GTK_WINDOW(main_window->window) : nullptr;
  dialog_ = GTK_WIDGET(g_object_ref_sink(
      gtk_message_dialog_new(parent, static_cast<GtkDialogFlags>(0), GTK_MESSAGE_INFO,
                             GTK_BUTTONS_CANCEL, "%s", text_.c_str())));
  gtk_window_set_title(GTK_WINDOW(dialog_), _("Sign in with OAuth"));
  gtk_window_set_focus_on_map(GTK_WINDOW(dialog_), FALSE);
  g_signal_connect(dialog_, "response", G_CALLBACK(on_response), this);
  // GTK would destroy it behind the close box, and the wait that it shows goes on.
  g_signal_connect(dialog_, "delete-event", G_CALLBACK(gtk_true), nullptr);
  gtk_widget_show(dialog_);
}

void WaitWindow::on_response(GtkDialog* dialog, int, gpointer self) {
  guarded("wait window", [&] {
    static_cast<WaitWindow*>(self)->cancelled_ = true;
    gtk_widget_hide(GTK_WIDGET(dialog));
  });
}

}  // namespace mail_oauth::claws
