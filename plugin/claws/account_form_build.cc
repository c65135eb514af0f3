// SPDX-License-Identifier: GPL-3.0-or-later
//
// AccountForm's widgets, made and laid out.
#include "claws/account_form.h"

namespace mail_oauth::claws {
namespace {

GtkGrid* new_grid() {
  auto* grid = GTK_GRID(gtk_grid_new());
  gtk_grid_set_row_spacing(grid, 6);
  gtk_grid_set_column_spacing(grid, 12);
  return grid;
}

GtkWidget* user_choice() {
  GtkWidget* combo = gtk_combo_box_text_new();
  gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(combo), "mailbox", _("the mailbox's address"));
  gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(combo), "identity", _("who signed in"));
  return combo;
}

}  // namespace

GtkWidget* AccountForm::add_row(GtkGrid* grid, int row, const char* label, GtkWidget* field) {
  GtkWidget* name = left_label(label);
  gtk_widget_set_hexpand(field, TRUE);
  if (GTK_IS_ENTRY(field) || GTK_IS_COMBO_BOX(field)) let_shrink(field);
  gtk_grid_attach(grid, name, 0, row, 1, 1);
  gtk_grid_attach(grid, field, 1, row, 1, 1);
  gtk_label_set_mnemonic_widget(GTK_LABEL(name), field);
  name_for_readers(field, without_mnemonic(label).c_str());
  return field;
}

GtkWidget* AccountForm::add_entry(GtkGrid* grid, int row, const char* label,
                                  const char* placeholder) {
  GtkWidget* entry = add_row(grid, row, label, gtk_entry_new());
  gtk_entry_set_placeholder_text(GTK_ENTRY(entry), placeholder);
  g_signal_connect(entry, "changed", G_CALLBACK(on_edited), this);
  return entry;
}

void AccountForm::build_toggle() {
  toggle_ = gtk_check_button_new_with_mnemonic(_("Si_gn in with OAuth"));
  pack(box_, toggle_);
  g_signal_connect(toggle_, "toggled", G_CALLBACK(on_edited), this);
  off_ = text_label();
  set_off_words(_("Off: this account logs in as before."));
  pack(box_, off_);
}

void AccountForm::build_fields(const std::vector<Provider>& providers) {
  missing_ = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  missing_words_ = text_label();
  missing_link_ = gtk_link_button_new_with_label("https://localhost/", _("How to get one"));
  gtk_widget_set_valign(missing_link_, GTK_ALIGN_START);
  pack(missing_, missing_words_, true);
  pack(missing_, missing_link_);
  pack(content_, missing_);

  auto* grid = new_grid();
  fields_ = GTK_WIDGET(grid);
  provider_ = add_row(grid, 0, _("P_rovider"), gtk_combo_box_text_new());
  for (const auto& provider : providers) {
    gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(provider_), provider.id.c_str(),
                              provider.name.c_str());
  }
  gtk_widget_set_tooltip_text(provider_, _("Who runs your mail account: there you sign in."));
  g_signal_connect(provider_, "changed", G_CALLBACK(on_edited), this);
  build_identity(grid, 1);
  build_mailbox_rows(grid, 3);
  pack(content_, fields_);
}

void AccountForm::build_identity(GtkGrid* grid, int row) {
  identity_ = gtk_combo_box_text_new_with_entry();
  GtkWidget* name = left_label(_("Sign _in as"));
  gtk_widget_set_hexpand(identity_, TRUE);
  let_shrink(identity_);
  gtk_grid_attach(grid, name, 0, row, 1, 1);
  gtk_grid_attach(grid, identity_, 1, row, 1, 1);
  gtk_label_set_mnemonic_widget(GTK_LABEL(name), identity_entry());
  name_for_readers(identity_, _("People who are signed in"));
  name_for_readers(identity_entry(), _("Sign in as"));
  gtk_entry_set_placeholder_text(GTK_ENTRY(identity_entry()), _("you@example.org"));
  g_signal_connect(identity_, "changed", G_CALLBACK(on_edited), this);
  gtk_grid_attach(grid, complaint_.widget(), 1, row + 1, 1, 1);
}

void AccountForm::build_mailbox_rows(GtkGrid* grid, int row) {
  GtkWidget* line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  own_ = gtk_radio_button_new_with_mnemonic(nullptr, _("My o_wn"));
  shared_ = gtk_radio_button_new_with_mnemonic_from_widget(GTK_RADIO_BUTTON(own_), _("_Shared:"));
  mailbox_ = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(mailbox_), _("team@example.org"));
  let_shrink(mailbox_);
  name_for_readers(mailbox_, _("Shared mailbox"));
  pack(line, own_);
  pack(line, shared_);
  pack(line, mailbox_, true);
  gtk_grid_attach(grid, left_label(_("Mailbox")), 0, row, 1, 1);
  gtk_grid_attach(grid, line, 1, row, 1, 1);
  g_signal_connect(own_, "toggled", G_CALLBACK(on_edited), this);
  g_signal_connect(mailbox_, "changed", G_CALLBACK(on_edited), this);
}

void AccountForm::build_sign_in() {
  GtkWidget* line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  button_ = gtk_button_new_with_mnemonic(_("Sign in with _browser"));
  gtk_style_context_add_class(gtk_widget_get_style_context(button_),
                              GTK_STYLE_CLASS_SUGGESTED_ACTION);
  code_ = gtk_button_new_with_mnemonic(_("Sign in with a co_de on another device"));
  gtk_button_set_relief(GTK_BUTTON(code_), GTK_RELIEF_NONE);
  g_signal_connect(button_, "clicked", G_CALLBACK(on_sign_in), this);
  g_signal_connect(code_, "clicked", G_CALLBACK(on_code), this);
  for (GtkWidget* button : {button_, code_}) pack(line, button);
  spinner_ = gtk_spinner_new();
  pack(line, spinner_);
  pack(content_, line);
  GtkWidget* standing = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  sign_out_ = gtk_button_new_with_mnemonic(_("Sign o_ut..."));
  gtk_widget_set_valign(sign_out_, GTK_ALIGN_START);
  g_signal_connect(sign_out_, "clicked", G_CALLBACK(on_sign_out), this);
  pack(standing, state_.widget(), true);
  pack(standing, sign_out_);
  pack(content_, standing);
  take_over_ = gtk_check_button_new_with_mnemonic(_("Use the sign-in that Claws Mail _has"));
  gtk_widget_set_tooltip_text(
      take_over_, _("Claws Mail is signed in to this account by itself. Its client ID and its "
                    "sign-in are used, and given back when this page is turned off."));
  set_on(take_over_, true);
  g_signal_connect(take_over_, "toggled", G_CALLBACK(on_edited), this);
  pack(content_, take_over_);
}

void AccountForm::build_servers() {
  sends_ = gtk_check_button_new_with_mnemonic(_("Sign in to the SMT_P server, too"));
  sends_words_ = text_label();
  gtk_widget_set_margin_start(sends_words_, 24);
  g_signal_connect(sends_, "toggled", G_CALLBACK(on_edited), this);
  pack(content_, sends_);
  pack(content_, sends_words_);
  servers_ = gtk_check_button_new_with_mnemonic(_("Use the pro_vider's servers"));
  servers_line_ = text_label();
  gtk_widget_set_margin_start(servers_line_, 24);
  g_signal_connect(servers_, "toggled", G_CALLBACK(on_edited), this);
  pack(content_, servers_);
  pack(content_, servers_line_);
}

void AccountForm::build_advanced() {
  advanced_ = gtk_expander_new_with_mnemonic(_("Adva_nced"));
  auto* grid = new_grid();
  advanced_grid_ = GTK_WIDGET(grid);
  gtk_widget_set_margin_top(advanced_grid_, 6);
  gtk_widget_set_margin_start(advanced_grid_, 12);
  client_ = add_entry(grid, 0, _("C_lient ID"), _("of the application that you registered"));
  tenant_ = add_entry(grid, 1, _("_Tenant"), _("only if your organisation says so"));
  gtk_widget_set_tooltip_text(client_,
                              _("The name under which your provider knows this program. Your "
                                "administrator has it, or you register the program yourself."));
  gtk_widget_set_tooltip_text(tenant_, _("Your organisation's name or number at the provider."));
  secret_ = add_row(grid, 2, _("Client s_ecret"), gtk_entry_new());
  gtk_entry_set_visibility(GTK_ENTRY(secret_), FALSE);
  gtk_entry_set_input_purpose(GTK_ENTRY(secret_), GTK_INPUT_PURPOSE_PASSWORD);
  receive_as_ = add_row(grid, 3, _("User na_me for receiving"), user_choice());
  send_as_ = add_row(grid, 4, _("User name _for sending"), user_choice());
  for (GtkWidget* combo : {receive_as_, send_as_}) {
    g_signal_connect(combo, "changed", G_CALLBACK(on_edited), this);
  }
  store_ = std::make_unique<StoreChoice>([this] {
    if (!filling_) reactions_.edited();
  });
  add_row(grid, 5, _("_Keep the sign-in"), store_->widget());
  gtk_label_set_mnemonic_widget(GTK_LABEL(gtk_grid_get_child_at(grid, 0, 5)), store_->combo());
  name_for_readers(store_->combo(), _("Keep the sign-in"));
  gtk_container_add(GTK_CONTAINER(advanced_), advanced_grid_);
  pack(content_, advanced_);
}

}  // namespace mail_oauth::claws
