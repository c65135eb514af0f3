// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/notice_parts.h"

namespace mail_oauth::claws {
namespace {

GtkWidget* wrapped_label(const std::string& text) {
  GtkWidget* label = gtk_label_new(text.c_str());
  gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  return label;
}

}  // namespace

GtkWidget* new_notice_box() {
  MainWindow* window = mainwindow_get_mainwindow();
  if (!window || !window->vbox || !window->vbox_body) return nullptr;
  GtkWidget* box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_pack_start(GTK_BOX(window->vbox), box, FALSE, FALSE, 0);
  int at = 0;
  gtk_container_child_get(GTK_CONTAINER(window->vbox), window->vbox_body, "position", &at, nullptr);
  gtk_box_reorder_child(GTK_BOX(window->vbox), box, at);
  gtk_widget_show(box);
  return box;
}

GtkWidget* notice_words(const std::string& headline, const std::string& reason) {
  GtkWidget* box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget* first = wrapped_label(headline);
  PangoAttrList* bold = pango_attr_list_new();
  pango_attr_list_insert(bold, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes(GTK_LABEL(first), bold);
  pango_attr_list_unref(bold);
  gtk_box_pack_start(GTK_BOX(box), first, FALSE, FALSE, 0);
  gtk_box_pack_start(GTK_BOX(box), wrapped_label(reason), FALSE, FALSE, 0);
  return box;
}

}  // namespace mail_oauth::claws
