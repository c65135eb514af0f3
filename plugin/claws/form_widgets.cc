// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/form_widgets.h"

#include <algorithm>

namespace mail_oauth::claws {
namespace {

constexpr int kNarrow = 10;  ///< Letters.

}  // namespace

std::string text_in(GtkWidget* entry) { return gtk_entry_get_text(GTK_ENTRY(entry)); }

void set_text(GtkWidget* entry, const std::string& text) {
  gtk_entry_set_text(GTK_ENTRY(entry), text.c_str());
}

bool is_on(GtkWidget* button) { return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(button)); }

void set_on(GtkWidget* button, bool on) {
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), on);
}

GtkWidget* left_label(const char* text) {
  GtkWidget* label = gtk_label_new_with_mnemonic(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
  return label;
}

GtkWidget* text_label() {
  GtkWidget* label = gtk_label_new("");
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 60);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  gtk_widget_set_can_focus(label, FALSE);
  return label;
}

void mark_error(GtkWidget* label, bool error) {
  GtkStyleContext* style = gtk_widget_get_style_context(label);
  if (error) {
    gtk_style_context_add_class(style, GTK_STYLE_CLASS_ERROR);
  } else {
    gtk_style_context_remove_class(style, GTK_STYLE_CLASS_ERROR);
  }
}

void let_shrink(GtkWidget* widget) {
  if (GTK_IS_ENTRY(widget)) return gtk_entry_set_width_chars(GTK_ENTRY(widget), kNarrow);
  GtkWidget* child = gtk_bin_get_child(GTK_BIN(widget));
  if (GTK_IS_ENTRY(child)) return gtk_entry_set_width_chars(GTK_ENTRY(child), kNarrow);
  GList* cells = gtk_cell_layout_get_cells(GTK_CELL_LAYOUT(widget));
  for (GList* cell = cells; cell; cell = cell->next) {
    g_object_set(cell->data, "ellipsize", PANGO_ELLIPSIZE_END, "width-chars", kNarrow, nullptr);
  }
  g_list_free(cells);
}

void name_for_readers(GtkWidget* widget, const char* name) {
  atk_object_set_name(gtk_widget_get_accessible(widget), name);
}

std::string without_mnemonic(const char* label) {
  std::string text = label;
  text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
  return text;
}

}  // namespace mail_oauth::claws
