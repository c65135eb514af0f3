// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_form.h"

#include <libintl.h>

#include <utility>

#include "base/guarded.h"
#include "signin/device_code_flow.h"

namespace mail_oauth::claws {
namespace {

bool chose(GtkWidget* combo, const char* id) {
  return g_strcmp0(gtk_combo_box_get_active_id(GTK_COMBO_BOX(combo)), id) == 0;
}

}  // namespace

AccountForm::AccountForm(const std::vector<Provider>& providers, Reactions reactions)
    : reactions_(std::move(reactions)) {
  box_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  g_object_ref_sink(box_);
  gtk_container_set_border_width(GTK_CONTAINER(box_), 12);
  build_toggle();
  content_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
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
  reveal_when_opened(advanced_, advanced_grid_);
  set_complaint({});
  offer_take_over(false);
  set_missing({}, {});
  set_servers({});
  set_sends(true, {});
}

AccountForm::~AccountForm() {
  for (GtkWidget* widget :
       {toggle_, provider_, identity_, own_, mailbox_, client_, tenant_, receive_as_, send_as_,
        button_, code_, sign_out_, take_over_, sends_, servers_}) {
    g_signal_handlers_disconnect_by_data(widget, this);
  }
  g_object_unref(box_);
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
  form.sends = is_on(sends_);
  return form;
}

void AccountForm::choose_provider(const Provider& provider, bool send_as_mailbox) {
  filling_ = true;
  if (text_in(client_).empty() || text_in(client_) == proposed_client_) {
    set_text(client_, provider.client_id);
  }
  proposed_client_ = provider.client_id;
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

void AccountForm::set_complaint(const std::string& words, const std::string& field) {
  complaint_.say(words, true);
  gtk_widget_set_visible(complaint_.widget(), !words.empty());
  const std::pair<const char*, GtkWidget*> fields[] = {{kProviderField, provider_},
                                                       {kClientField, client_},
                                                       {kTenantField, tenant_},
                                                       {kIdentityField, identity_entry()},
                                                       {kMailboxField, mailbox_}};
  for (const auto& [name, widget] : fields) {
    describe_for_readers(widget, field == name ? words : std::string());
  }
}

void AccountForm::set_state(const std::string& line, bool good) { state_.say(line, !good); }

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
  const std::string why = _(
      "Many providers take no passwords from mail programs any more. With this on, you sign in in "
      "your browser instead.");
  const std::string other = format(
      _("The page \"{}\" is the sign-in that Claws Mail has built in. You need only one of them."),
      {dgettext("claws-mail", "OAuth2")});
  gtk_label_set_text(GTK_LABEL(off_), (words + "\n" + why + "\n" + other).c_str());
}

void AccountForm::offer_take_over(bool offered) { gtk_widget_set_visible(take_over_, offered); }

bool AccountForm::wants_take_over() const {
  return gtk_widget_get_visible(take_over_) && is_on(take_over_);
}

void AccountForm::set_sends(bool sends, const std::string& words) {
  filling_ = true;
  set_on(sends_, sends);
  filling_ = false;
  gtk_label_set_text(GTK_LABEL(sends_words_), words.c_str());
  gtk_widget_set_visible(sends_words_, !words.empty());
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
