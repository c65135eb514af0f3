// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/form_widgets.h"

#include <algorithm>

namespace mail_oauth::claws {
namespace {

constexpr int kNarrow = 10;  ///< Letters.

gboolean reveal(gpointer data) {
  auto* content = static_cast<GtkWidget*>(data);
  GtkWidget* scrolled = gtk_widget_get_ancestor(content, GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget* view = scrolled ? gtk_bin_get_child(GTK_BIN(scrolled)) : nullptr;
  int y = 0;
  if (!view || !gtk_widget_translate_coordinates(content, view, 0, 0, nullptr, &y)) {
    return G_SOURCE_REMOVE;
  }
  GtkAdjustment* place = gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(scrolled));
  const double top = gtk_adjustment_get_value(place) + y;
  gtk_adjustment_clamp_page(place, top, top + gtk_widget_get_allocated_height(content));
  return G_SOURCE_REMOVE;
}

/// Its place is known then; that of what is around it, when that is laid out, too.
void on_laid_out(GtkWidget* content, GtkAllocation*, gpointer) {
  g_signal_handlers_disconnect_by_func(content, reinterpret_cast<gpointer>(on_laid_out), nullptr);
  g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, reveal, g_object_ref(content), g_object_unref);
}

void on_expanded(GtkExpander* expander, GParamSpec*, gpointer content) {
  if (!gtk_expander_get_expanded(expander)) return;
  g_signal_connect(content, "size-allocate", G_CALLBACK(on_laid_out), nullptr);
}

}  // namespace

std::string text_in(GtkWidget* entry) { return gtk_entry_get_text(GTK_ENTRY(entry)); }

void set_text(GtkWidget* entry, const std::string& text) {
  gtk_entry_set_text(GTK_ENTRY(entry), text.c_str());
}

bool is_on(GtkWidget* button) { return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(button)); }

void set_on(GtkWidget* button, bool on) {
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), on);
}

void pack(GtkWidget* box, GtkWidget* child, bool grow) {
  gtk_box_pack_start(GTK_BOX(box), child, grow, grow, 0);
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

MarkedLine::MarkedLine()
    : box_(gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6)),
      sign_(gtk_image_new_from_icon_name("dialog-error-symbolic", GTK_ICON_SIZE_MENU)),
      label_(text_label()) {
  gtk_widget_set_valign(sign_, GTK_ALIGN_START);
  name_for_readers(sign_, _("Error"));
  pack(box_, sign_);
  pack(box_, label_, true);
  gtk_widget_show(label_);
  gtk_widget_set_no_show_all(sign_, TRUE);
}

void MarkedLine::say(const std::string& words, bool error) {
  gtk_label_set_text(GTK_LABEL(label_), words.c_str());
  mark_error(label_, error);
  gtk_widget_set_visible(sign_, error && !words.empty());
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

void reveal_when_opened(GtkWidget* expander, GtkWidget* content) {
  g_signal_connect(expander, "notify::expanded", G_CALLBACK(on_expanded), content);
}

void keep_when_closed(GtkWidget* dialog) {
  g_signal_connect(dialog, "delete-event", G_CALLBACK(gtk_true), nullptr);
}

void name_for_readers(GtkWidget* widget, const char* name) {
  atk_object_set_name(gtk_widget_get_accessible(widget), name);
}

void describe_for_readers(GtkWidget* widget, const std::string& words) {
  atk_object_set_description(gtk_widget_get_accessible(widget), words.c_str());
}

std::string without_mnemonic(const char* label) {
  std::string text = label;
  text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
  return text;
}

}  // namespace mail_oauth::claws
