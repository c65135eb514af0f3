// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_form.h"

#include "base/guarded.h"
#include "claws/form_widgets.h"
#include "signin/device_code_flow.h"

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

bool chose(GtkWidget* combo, const char* id) {
  return g_strcmp0(gtk_combo_box_get_active_id(GTK_COMBO_BOX(combo)), id) == 0;
}

void pack(GtkWidget* box, GtkWidget* child, bool grow = false) {
  gtk_box_pack_start(GTK_BOX(box), child, grow, grow, 0);
}

}  // namespace

AccountForm::AccountForm(const std::vector<Provider>& providers, Reactions reactions)
    : reactions_(std::move(reactions)) {
  box_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
  g_object_ref_sink(box_);
  gtk_container_set_border_width(GTK_CONTAINER(box_), 12);
  build_toggle();
  content_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
  pack(box_, content_);
  build_fields(providers);
  build_sign_in();
  build_servers();
  build_advanced();
  warnings_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  pack(box_, warnings_);
  gtk_widget_show_all(box_);
  // GTK's Tab key goes into an expander that is closed, where nobody sees it.
  g_object_bind_property(advanced_, "expanded", advanced_grid_, "visible", G_BINDING_SYNC_CREATE);
  gtk_widget_hide(complaint_);
  offer_take_over(false);
  set_missing({}, {});
  set_servers({});
}

AccountForm::~AccountForm() {
  for (GtkWidget* widget : {toggle_, provider_, identity_, own_, mailbox_, client_, tenant_,
                            receive_as_, send_as_, button_, code_, sign_out_, take_over_}) {
    g_signal_handlers_disconnect_by_data(widget, this);
  }
  g_object_unref(box_);
}

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
  g_signal_connect(provider_, "changed", G_CALLBACK(on_edited), this);
  build_identity(grid, 1);
  build_mailbox_rows(grid, 3);
  pack(content_, fields_);
}

void AccountForm::build_identity(GtkGrid* grid, int row) {
  identity_ = gtk_combo_box_text_new_with_entry();
  GtkWidget* name = left_label(_("Signed _in as"));
  gtk_widget_set_hexpand(identity_, TRUE);
  let_shrink(identity_);
  gtk_grid_attach(grid, name, 0, row, 1, 1);
  gtk_grid_attach(grid, identity_, 1, row, 1, 1);
  gtk_label_set_mnemonic_widget(GTK_LABEL(name), identity_entry());
  name_for_readers(identity_, _("People who are signed in"));
  name_for_readers(identity_entry(), _("Signed in as"));
  gtk_entry_set_placeholder_text(GTK_ENTRY(identity_entry()), _("you@example.org"));
  g_signal_connect(identity_, "changed", G_CALLBACK(on_edited), this);
  complaint_ = text_label();
  mark_error(complaint_, true);
  gtk_grid_attach(grid, complaint_, 1, row + 1, 1, 1);
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
  code_ = gtk_button_new_with_mnemonic(_("Sign in with a co_de"));
  g_signal_connect(button_, "clicked", G_CALLBACK(on_sign_in), this);
  g_signal_connect(code_, "clicked", G_CALLBACK(on_code), this);
  for (GtkWidget* button : {button_, code_}) pack(line, button);
  spinner_ = gtk_spinner_new();
  pack(line, spinner_);
  pack(content_, line);
  GtkWidget* standing = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  state_ = text_label();
  sign_out_ = gtk_button_new_with_mnemonic(_("Sign o_ut..."));
  gtk_widget_set_valign(sign_out_, GTK_ALIGN_START);
  g_signal_connect(sign_out_, "clicked", G_CALLBACK(on_sign_out), this);
  pack(standing, state_, true);
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
  servers_ = gtk_check_button_new_with_mnemonic(_("Use the pro_vider's servers"));
  servers_line_ = text_label();
  gtk_widget_set_margin_start(servers_line_, 24);
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

void AccountForm::add_below(GtkWidget* widget) { pack(content_, widget); }

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
  set_text(identity_entry(), form.identity);
  set_on(form.shared ? shared_ : own_, true);
  set_text(mailbox_, form.mailbox);
  store_->show(form.store);
  gtk_combo_box_set_active_id(GTK_COMBO_BOX(receive_as_),
                              form.receive_as_identity ? "identity" : "mailbox");
  gtk_combo_box_set_active_id(GTK_COMBO_BOX(send_as_),
                              form.send_as_mailbox ? "mailbox" : "identity");
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
  form.identity = text_in(identity_entry());
  form.shared = is_on(shared_);
  form.mailbox = text_in(mailbox_);
  form.receive_as_identity = chose(receive_as_, "identity");
  form.send_as_mailbox = chose(send_as_, "mailbox");
  form.store = store_->value();
  return form;
}

void AccountForm::choose_provider(const Provider& provider, bool send_as_mailbox) {
  filling_ = true;
  if (text_in(client_).empty()) set_text(client_, provider.client_id);
  gtk_combo_box_set_active_id(GTK_COMBO_BOX(send_as_), send_as_mailbox ? "mailbox" : "identity");
  secrets_ = provider.client_secret != Presence::kForbidden;
  gtk_entry_set_placeholder_text(GTK_ENTRY(secret_),
                                 secrets_ ? _("only a new one; it is kept in the keyring")
                                          : _("none: this provider's clients have no secret"));
  codes_ = signin::device_flow_offered(provider).has_value();
  gtk_widget_set_tooltip_text(code_,
                              codes_ ? nullptr : _("This provider has no codes that serve mail."));
  filling_ = false;
  refresh();
}

void AccountForm::set_identity(const std::string& identity) {
  filling_ = true;
  set_text(identity_entry(), identity);
  filling_ = false;
}

void AccountForm::set_identities(const std::vector<std::string>& identities) {
  filling_ = true;
  const std::string typed = text_in(identity_entry());
  gtk_combo_box_text_remove_all(GTK_COMBO_BOX_TEXT(identity_));
  for (const auto& identity : identities) {
    gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(identity_), identity.c_str());
  }
  set_text(identity_entry(), typed);
  filling_ = false;
}

void AccountForm::set_missing(const std::string& words, const std::string& page) {
  gtk_label_set_text(GTK_LABEL(missing_words_), words.c_str());
  gtk_widget_set_visible(missing_, !words.empty());
  gtk_widget_set_visible(missing_link_, !page.empty());
  if (!page.empty()) gtk_link_button_set_uri(GTK_LINK_BUTTON(missing_link_), page.c_str());
  if (!words.empty()) gtk_expander_set_expanded(GTK_EXPANDER(advanced_), TRUE);
}

void AccountForm::set_complaint(const std::string& words) {
  gtk_label_set_text(GTK_LABEL(complaint_), words.c_str());
  gtk_widget_set_visible(complaint_, !words.empty());
}

void AccountForm::set_state(const std::string& line, bool good) {
  gtk_label_set_text(GTK_LABEL(state_), line.c_str());
  mark_error(state_, !good);
}

void AccountForm::set_signed_in(bool signed_in) {
  signed_in_ = signed_in;
  refresh();
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
    pack(line, icon);
    pack(line, label, true);
    gtk_widget_show_all(line);
    pack(warnings_, line);
  }
}

void AccountForm::set_off_words(const std::string& words) {
  gtk_label_set_text(GTK_LABEL(off_), words.c_str());
}

void AccountForm::offer_take_over(bool offered) { gtk_widget_set_visible(take_over_, offered); }

bool AccountForm::wants_take_over() const {
  return gtk_widget_get_visible(take_over_) && is_on(take_over_);
}

void AccountForm::set_servers(const std::string& line) {
  gtk_label_set_text(GTK_LABEL(servers_line_), line.c_str());
  gtk_widget_set_visible(servers_, !line.empty());
  gtk_widget_set_visible(servers_line_, !line.empty());
  if (line.empty()) set_on(servers_, false);
}

bool AccountForm::wants_servers() const { return is_on(servers_); }

ClientSecret AccountForm::take_secret() {
  ClientSecret secret{Secret(gtk_entry_get_text(GTK_ENTRY(secret_)))};
  gtk_entry_set_text(GTK_ENTRY(secret_), "");
  return secret;
}

void AccountForm::set_busy(bool busy) {
  busy_ = busy;
  gtk_widget_set_visible(spinner_, busy);
  g_object_set(spinner_, "active", busy, nullptr);
  refresh();
}

void AccountForm::refresh() {
  gtk_widget_set_visible(content_, is_on(toggle_));
  gtk_widget_set_visible(off_, !is_on(toggle_));
  gtk_widget_set_sensitive(fields_, !busy_);
  gtk_widget_set_sensitive(advanced_grid_, !busy_);
  gtk_widget_set_sensitive(secret_, secrets_);
  gtk_widget_set_sensitive(button_, !busy_);
  gtk_widget_set_sensitive(code_, !busy_ && codes_);
  gtk_widget_set_sensitive(sign_out_, !busy_ && signed_in_);
  for (GtkWidget* widget : {mailbox_, receive_as_, send_as_}) {
    gtk_widget_set_sensitive(widget, is_on(shared_));
  }
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

void AccountForm::on_sign_out(GtkButton*, gpointer data) {
  guarded("account page", [&] { static_cast<AccountForm*>(data)->reactions_.sign_out(); });
}

}  // namespace mail_oauth::claws
