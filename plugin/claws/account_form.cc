// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_form.h"

#include "base/guarded.h"

namespace mail_oauth::claws {
namespace {

std::string text_in(GtkWidget* entry) { return gtk_entry_get_text(GTK_ENTRY(entry)); }

void set_text(GtkWidget* entry, const std::string& text) {
  gtk_entry_set_text(GTK_ENTRY(entry), text.c_str());
}

bool is_on(GtkWidget* button) { return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(button)); }

void set_on(GtkWidget* button, bool on) {
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), on);
}

GtkWidget* left_label(const char* text) {
  GtkWidget* label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  return label;
}

GtkWidget* text_label() {
  GtkWidget* label = left_label("");
  gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 60);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  gtk_widget_set_can_focus(label, FALSE);
  return label;
}

void name_for_readers(GtkWidget* widget, const char* name) {
  atk_object_set_name(gtk_widget_get_accessible(widget), name);
}

}  // namespace

AccountForm::AccountForm(const std::vector<Provider>& providers, Reactions reactions)
    : reactions_(std::move(reactions)) {
  box_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  g_object_ref_sink(box_);
  gtk_container_set_border_width(GTK_CONTAINER(box_), 12);
  toggle_ = gtk_check_button_new_with_label(_("Sign in with OAuth"));
  gtk_box_pack_start(GTK_BOX(box_), toggle_, FALSE, FALSE, 0);
  g_signal_connect(toggle_, "toggled", G_CALLBACK(on_edited), this);
  build_fields(providers);
  build_sign_in();
  warnings_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_pack_start(GTK_BOX(box_), warnings_, FALSE, FALSE, 0);
  gtk_widget_show_all(box_);
}

AccountForm::~AccountForm() {
  for (GtkWidget* widget :
       {toggle_, client_, provider_, tenant_, identity_, own_, mailbox_, button_, code_}) {
    g_signal_handlers_disconnect_by_data(widget, this);
  }
  g_object_unref(box_);
}

GtkWidget* AccountForm::add_row(GtkGrid* grid, int row, const char* label, GtkWidget* field) {
  GtkWidget* name = left_label(label);
  gtk_widget_set_hexpand(field, TRUE);
  gtk_grid_attach(grid, name, 0, row, 1, 1);
  gtk_grid_attach(grid, field, 1, row, 1, 1);
  gtk_label_set_mnemonic_widget(GTK_LABEL(name), field);
  name_for_readers(field, label);
  return field;
}

GtkWidget* AccountForm::add_entry(GtkGrid* grid, int row, const char* label,
                                  const char* placeholder) {
  GtkWidget* entry = add_row(grid, row, label, gtk_entry_new());
  gtk_entry_set_placeholder_text(GTK_ENTRY(entry), placeholder);
  g_signal_connect(entry, "changed", G_CALLBACK(on_edited), this);
  return entry;
}

void AccountForm::build_fields(const std::vector<Provider>& providers) {
  fields_ = gtk_grid_new();
  auto* grid = GTK_GRID(fields_);
  gtk_grid_set_row_spacing(grid, 6);
  gtk_grid_set_column_spacing(grid, 12);
  client_ = add_entry(grid, 0, _("Client ID"), _("of the application that you registered"));
  provider_ = add_row(grid, 1, _("Provider"), gtk_combo_box_text_new());
  for (const auto& provider : providers) {
    gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(provider_), provider.id.c_str(),
                              provider.name.c_str());
  }
  g_signal_connect(provider_, "changed", G_CALLBACK(on_edited), this);
  tenant_ = add_entry(grid, 2, _("Tenant"), _("only if your organisation says so"));
  identity_ = add_entry(grid, 3, _("Sign in as"), _("you@example.org"));
  build_mailbox_rows(grid, 4);
  gtk_box_pack_start(GTK_BOX(box_), fields_, FALSE, FALSE, 0);
}

void AccountForm::build_mailbox_rows(GtkGrid* grid, int row) {
  own_ = gtk_radio_button_new_with_label(nullptr, _("My own"));
  add_row(grid, row, _("Mailbox"), own_);
  GtkWidget* line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  shared_ = gtk_radio_button_new_with_label_from_widget(GTK_RADIO_BUTTON(own_), _("Shared:"));
  mailbox_ = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(mailbox_), _("team@example.org"));
  name_for_readers(mailbox_, _("Shared mailbox"));
  gtk_box_pack_start(GTK_BOX(line), shared_, FALSE, FALSE, 0);
  gtk_box_pack_start(GTK_BOX(line), mailbox_, TRUE, TRUE, 0);
  gtk_grid_attach(grid, line, 1, row + 1, 1, 1);
  send_as_mailbox_ =
      gtk_check_button_new_with_label(_("Log in as the shared mailbox to send, too"));
  gtk_widget_set_margin_start(send_as_mailbox_, 24);
  gtk_grid_attach(grid, send_as_mailbox_, 1, row + 2, 1, 1);
  g_signal_connect(own_, "toggled", G_CALLBACK(on_edited), this);
  g_signal_connect(mailbox_, "changed", G_CALLBACK(on_edited), this);
}

void AccountForm::build_sign_in() {
  GtkWidget* line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  button_ = gtk_button_new_with_mnemonic(_("Sign in with _browser"));
  code_ = gtk_button_new_with_mnemonic(_("Sign in with a co_de"));
  spinner_ = gtk_spinner_new();
  state_ = text_label();
  g_signal_connect(button_, "clicked", G_CALLBACK(on_sign_in), this);
  g_signal_connect(code_, "clicked", G_CALLBACK(on_code), this);
  for (GtkWidget* button : {button_, code_}) {
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_box_pack_start(GTK_BOX(line), button, FALSE, FALSE, 0);
  }
  gtk_box_pack_start(GTK_BOX(line), spinner_, FALSE, FALSE, 0);
  gtk_box_pack_start(GTK_BOX(line), state_, TRUE, TRUE, 0);
  gtk_box_pack_start(GTK_BOX(box_), line, FALSE, FALSE, 0);
}

void AccountForm::add_below(GtkWidget* widget) {
  gtk_box_pack_start(GTK_BOX(box_), widget, FALSE, FALSE, 0);
  gtk_box_reorder_child(GTK_BOX(box_), warnings_, -1);
}

void AccountForm::show(const FormValues& form) {
  filling_ = true;
  set_on(toggle_, form.enabled);
  set_text(client_, form.client);
  gtk_combo_box_set_active_id(GTK_COMBO_BOX(provider_), form.provider.c_str());
  if (!form.provider.empty() && gtk_combo_box_get_active(GTK_COMBO_BOX(provider_)) < 0) {
    // Its manifest is gone or broken: the account's own word is shown and kept.
    gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(provider_), form.provider.c_str(),
                              form.provider.c_str());
    gtk_combo_box_set_active_id(GTK_COMBO_BOX(provider_), form.provider.c_str());
  }
  set_text(tenant_, form.tenant);
  set_text(identity_, form.identity);
  set_on(form.shared ? shared_ : own_, true);
  set_text(mailbox_, form.mailbox);
  set_on(send_as_mailbox_, form.send_as_mailbox);
  filling_ = false;
  refresh();
}

FormValues AccountForm::values() const {
  FormValues form;
  form.enabled = is_on(toggle_);
  form.client = text_in(client_);
  const char* provider = gtk_combo_box_get_active_id(GTK_COMBO_BOX(provider_));
  form.provider = provider ? provider : "";
  form.tenant = text_in(tenant_);
  form.identity = text_in(identity_);
  form.shared = is_on(shared_);
  form.mailbox = text_in(mailbox_);
  form.send_as_mailbox = is_on(send_as_mailbox_);
  return form;
}

void AccountForm::choose_provider(const Provider& provider, bool send_as_mailbox) {
  filling_ = true;
  if (text_in(client_).empty()) set_text(client_, provider.client_id);
  set_on(send_as_mailbox_, send_as_mailbox);
  filling_ = false;
}

void AccountForm::set_identity(const std::string& identity) {
  filling_ = true;
  set_text(identity_, identity);
  filling_ = false;
}

void AccountForm::set_state(const std::string& line, bool good) {
  gtk_label_set_text(GTK_LABEL(state_), line.c_str());
  GtkStyleContext* style = gtk_widget_get_style_context(state_);
  if (good) {
    gtk_style_context_remove_class(style, GTK_STYLE_CLASS_ERROR);
  } else {
    gtk_style_context_add_class(style, GTK_STYLE_CLASS_ERROR);
  }
}

void AccountForm::set_warnings(const std::vector<std::string>& warnings) {
  gtk_container_foreach(
      GTK_CONTAINER(warnings_), [](GtkWidget* child, gpointer) { gtk_widget_destroy(child); },
      nullptr);
  for (const auto& warning : warnings) {
    GtkWidget* line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget* icon = gtk_image_new_from_icon_name("dialog-warning-symbolic", GTK_ICON_SIZE_MENU);
    gtk_widget_set_valign(icon, GTK_ALIGN_START);
    GtkWidget* label = text_label();
    gtk_label_set_text(GTK_LABEL(label), warning.c_str());
    gtk_box_pack_start(GTK_BOX(line), icon, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), label, TRUE, TRUE, 0);
    gtk_widget_show_all(line);
    gtk_box_pack_start(GTK_BOX(warnings_), line, FALSE, FALSE, 0);
  }
}

void AccountForm::set_busy(bool busy) {
  busy_ = busy;
  gtk_widget_set_visible(spinner_, busy);
  g_object_set(spinner_, "active", busy, nullptr);
  refresh();
}

void AccountForm::refresh() {
  const bool on = is_on(toggle_);
  gtk_widget_set_sensitive(fields_, on && !busy_);
  gtk_widget_set_sensitive(button_, on && !busy_);
  gtk_widget_set_sensitive(code_, on && !busy_);
  gtk_widget_set_sensitive(mailbox_, is_on(shared_));
  gtk_widget_set_sensitive(send_as_mailbox_, is_on(shared_));
}

void AccountForm::on_edited(GtkWidget*, gpointer data) {
  guarded("account page", [&] {
    auto* self = static_cast<AccountForm*>(data);
    if (self->filling_) return;
    self->refresh();
    self->reactions_.edited();
  });
}

void AccountForm::on_sign_in(GtkButton*, gpointer data) {
  guarded("account page",
          [&] { static_cast<AccountForm*>(data)->reactions_.sign_in(SignInWay::kBrowser); });
}

void AccountForm::on_code(GtkButton*, gpointer data) {
  guarded("account page",
          [&] { static_cast<AccountForm*>(data)->reactions_.sign_in(SignInWay::kCode); });
}

}  // namespace mail_oauth::claws
