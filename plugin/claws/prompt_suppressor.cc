// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/prompt_suppressor.h"

#include "base/guarded.h"

namespace mail_oauth::claws {
namespace {

struct Contents {
  bool hidden_entry = false;
  std::string text;  ///< All labels, one per line.
};

void collect(GtkWidget* widget, gpointer data) {
  guarded("password prompt", [&] {
    auto* contents = static_cast<Contents*>(data);
    if (GTK_IS_ENTRY(widget)) {
      if (!gtk_entry_get_visibility(GTK_ENTRY(widget))) contents->hidden_entry = true;
    } else if (GTK_IS_LABEL(widget)) {
      contents->text += gtk_label_get_text(GTK_LABEL(widget));
      contents->text += '\n';
    } else if (GTK_IS_CONTAINER(widget)) {
      gtk_container_forall(GTK_CONTAINER(widget), collect, contents);
    }
  });
}

/// A cancel from within "show" would be lost: the host resets its flags behind it.
gboolean cancel_dialog(gpointer dialog) {
  guarded("password prompt", [&] {
    GdkWindow* window = gtk_widget_get_window(static_cast<GtkWidget*>(dialog));
    if (!window) return;  // The host closed it meanwhile.
    gboolean handled = FALSE;
    GdkEvent* event = gdk_event_new(GDK_DELETE);
    event->any.window = GDK_WINDOW(g_object_ref(window));
    g_signal_emit_by_name(dialog, "delete-event", event, &handled);
    gdk_event_free(event);
  });
  return G_SOURCE_REMOVE;
}

}  // namespace

PromptSuppressor::PromptSuppressor() {
  // The class has to exist before its signals can be looked up.
  auto* widget_class = g_type_class_ref(GTK_TYPE_WIDGET);
  realize_ = g_signal_lookup("realize", GTK_TYPE_WIDGET);
  realize_hook_ = g_signal_add_emission_hook(realize_, 0, on_realize, this, nullptr);
  show_ = g_signal_lookup("show", GTK_TYPE_WIDGET);
  show_hook_ = g_signal_add_emission_hook(show_, 0, on_show, this, nullptr);
  g_type_class_unref(widget_class);
}

PromptSuppressor::~PromptSuppressor() {
  g_signal_remove_emission_hook(realize_, realize_hook_);
  g_signal_remove_emission_hook(show_, show_hook_);
  if (idle_) g_source_remove(idle_);
}

void PromptSuppressor::let(const PromptArms::Login& login) {
  arms_.let(login);
  if (!idle_) idle_ = g_idle_add_full(G_PRIORITY_HIGH, on_idle, this, nullptr);
}

gboolean PromptSuppressor::on_idle(gpointer self) {
  auto* suppressor = static_cast<PromptSuppressor*>(self);
  suppressor->idle_ = 0;
  suppressor->arms_.let_nobody();
  return G_SOURCE_REMOVE;
}

/// Before it is on the display: it must not be seen, not even for a moment.
gboolean PromptSuppressor::on_realize(GSignalInvocationHint*, guint, const GValue* values,
                                      gpointer self) {
  return guarded("password prompt", TRUE, [&] {
    auto* widget = GTK_WIDGET(g_value_get_object(values));
    if (static_cast<PromptSuppressor*>(self)->is_ours(widget)) gtk_widget_set_opacity(widget, 0);
    return TRUE;
  });
}

gboolean PromptSuppressor::on_show(GSignalInvocationHint*, guint, const GValue* values,
                                   gpointer self) {
  return guarded("password prompt", TRUE, [&] {
    auto* widget = GTK_WIDGET(g_value_get_object(values));
    if (!static_cast<PromptSuppressor*>(self)->is_ours(widget)) return TRUE;
    // To the host it stays visible, or it would open a second one over it.
    gtk_widget_set_opacity(widget, 0);
    if (GdkWindow* window = gtk_widget_get_window(widget)) gdk_window_hide(window);
    g_idle_add_full(G_PRIORITY_HIGH, cancel_dialog, g_object_ref(widget), g_object_unref);
    return TRUE;
  });
}

bool PromptSuppressor::is_ours(GtkWidget* dialog) const {
  if (!GTK_IS_DIALOG(dialog)) return false;
  Contents contents;
  gtk_container_forall(GTK_CONTAINER(dialog), collect, &contents);
  return contents.hidden_entry && arms_.keep_away(contents.text);
}

}  // namespace mail_oauth::claws
