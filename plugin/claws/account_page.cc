// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_page.h"

#include <libintl.h>

#include "base/cptr.h"
#include "base/guarded.h"
#include "claws/account_page_open.h"
#include "claws/accounts.h"
#include "claws/complaint.h"
#include "claws/notices.h"
#include "claws/page_words.h"
#include "claws/shared_mailbox_adder.h"
#include "claws/typed_fields.h"

namespace mail_oauth::claws {
namespace {

std::optional<Provider> known(const Result<Provider>& provider) {
  return provider ? std::optional(*provider) : std::nullopt;
}

}  // namespace

AccountPage::AccountPage(Engine& engine, FieldFollower& follower, SignInDesk& desk,
                         SharedAccounts& shared_accounts, TakeOverDesk& take_overs)
    : engine_(engine),
      follower_(follower),
      desk_(desk),
      shared_accounts_(shared_accounts),
      take_overs_(take_overs),
      sign_outs_(engine) {
  plugins_ = dgettext("claws-mail", "Plugins");
  static std::string name;
  name = _("Sign in with OAuth");
  path_[0] = plugins_.data();
  path_[1] = name.data();
  host_.owner = this;
  host_.page.path = path_;
  host_.page.weight = 30.0F;
  host_.page.create_widget = on_create;
  host_.page.destroy_widget = on_destroy;
  host_.page.save_page = on_save;
  prefs_account_register_page(&host_.page);
}

AccountPage::~AccountPage() {
  prefs_account_unregister_page(&host_.page);
  destroy();
}

AccountPage& AccountPage::owner_of(PrefsPage* page) {
  return *reinterpret_cast<HostPage*>(page)->owner;
}

void AccountPage::on_create(PrefsPage* page, GtkWindow* window, gpointer account) {
  page->widget = nullptr;
  guarded("account page", [&] {
    owner_of(page).create(window, static_cast<PrefsAccount*>(account));
    page->widget = owner_of(page).open_->form->widget();
  });
  if (!page->widget) page->widget = gtk_label_new("");
}

void AccountPage::on_destroy(PrefsPage* page) {
  guarded("account page", [&] { owner_of(page).destroy(); });
}

void AccountPage::on_save(PrefsPage* page) {
  guarded("account page", [&] { owner_of(page).save(); });
}

void AccountPage::create(GtkWindow* window, PrefsAccount* account) {
  destroy();
  follower_.window_opened(account);
  open_ = std::make_unique<Open>();
  open_->window = window;
  open_->account = account;
  open_->view = view_of(account);
  open_->signs = signs_of(*account);
  open_->name = open_->view.name;
  open_->catalog = engine_.catalog();
  read_intent();
  const bool ours = open_->stored && open_->stored->saved;
  if (!ours) open_->built_in = built_in_of(*account, open_->catalog);

  AccountForm::Reactions reactions;
  reactions.sign_in = [this](SignInWay way) { sign_in(way); };
  reactions.sign_out = [this] { sign_out(); };
  reactions.edited = [this] { edited(); };
  open_->form = std::make_unique<AccountForm>(open_->catalog.providers(), std::move(reactions));
  open_->proposed = defaults_for(open_->signs, open_->catalog, open_->built_in);
  FormValues values = form_of(open_->trouble ? std::nullopt : open_->stored, open_->proposed);
  const auto provider = open_->catalog.find(values.provider);
  if (!open_->stored && provider) values.send_as_mailbox = sends_as_mailbox(*provider);
  if (values.client.empty() && provider) values.client = provider->client_id;
  open_->provider = values.provider;
  open_->form->show(values);
  if (can_be_taken_over(open_->built_in)) {
    open_->form->set_off_words(
        _("Off: Claws Mail signs in to this account by itself. Turned on, this page can use that "
          "sign-in, without a new one."));
  }
  if (open_->trouble) {
    open_->form->set_off_words(*open_->trouble + " " +
                               _("They stay as they are while this is off; turned on, it is set "
                                 "anew."));
  }
  if (provider) open_->form->choose_provider(*provider, values.send_as_mailbox);
  open_->untouched = open_->form->values();
  show_sending(true);
  g_signal_connect(open_->form->widget(), "map", G_CALLBACK(on_map), this);
  g_signal_connect(window, "key-press-event", G_CALLBACK(on_key), this);
  create_adder();
  list_identities();
  show_servers();
  desk_.watch({[this](const std::optional<std::string>& identity) { sign_in_changed(identity); },
               window, account->account_id});
  if (desk_.busy() && desk_.account_id() == account->account_id) {
    sign_in_changed(std::nullopt);
  } else {
    open_->form->set_busy(false);
    show_state();
  }
}

void AccountPage::read_intent() {
  auto stored = stored_intent(open_->account);
  if (!stored) return;
  if (*stored) {
    open_->stored = std::move(**stored);
    return;
  }
  open_->trouble = stored->error().what;
  open_->stored.emplace().saved = salvaged_fields(open_->account);
}

/// The host takes Return for its OK wherever the keyboard is, and closes the window: so nobody
/// could press one of our buttons with it. It looks at keys after us.
gboolean AccountPage::on_key(GtkWidget* window, GdkEventKey* key, gpointer self) {
  return guarded("account page", FALSE, [&]() -> gboolean {
    if (key->keyval != GDK_KEY_Return && key->keyval != GDK_KEY_KP_Enter) return FALSE;
    const auto& open = static_cast<AccountPage*>(self)->open_;
    GtkWidget* focus = gtk_window_get_focus(GTK_WINDOW(window));
    if (!open || !focus || !gtk_widget_is_ancestor(focus, open->form->widget())) return FALSE;
    const bool pressed = GTK_IS_BUTTON(focus) && !GTK_IS_CHECK_BUTTON(focus);
    if (!pressed && !GTK_IS_EXPANDER(focus)) return FALSE;
    gtk_widget_activate(focus);
    return TRUE;
  });
}

void AccountPage::create_adder() {
  SharedMailboxAdder::Questions questions;
  questions.source = [this] { return wanted(); };
  questions.trouble = [this](const Error& error) { open_->form->set_state(error.what, false); };
  open_->adder =
      std::make_unique<SharedMailboxAdder>(open_->window, open_->name, std::move(questions));
  open_->form->add_below(open_->adder->widget());
  refresh_adder();
}

void AccountPage::refresh_adder() {
  open_->adder->set_sensitive(open_->form->values().enabled && !desk_.busy());
}

void AccountPage::destroy() {
  if (!open_) return;
  desk_.unwatch();
  g_signal_handlers_disconnect_by_data(open_->window, this);
  open_.reset();
  follower_.window_closed();
}

/// Where its mail comes and goes once the window is saved.
MailRoute AccountPage::route() const {
  const bool receives = open_->view.imap || open_->view.pop;
  MailRoute route{receives ? open_->signs.receive_server : std::string(), open_->signs.send_server};
  const auto provider = open_->catalog.find(open_->form->values().provider);
  if (!provider || !open_->form->wants_servers()) return route;
  const auto smtp = provider->servers.find(Protocol::kSmtp);
  if (smtp != provider->servers.end()) route.sends_at = smtp->second.host;
  return route;
}

/// With the box off, that is what "as before" means.
bool AccountPage::sends_with_own_oauth() const {
  const auto& stored = open_->stored;
  const bool ours = stored && stored->saved && stored->saved->smtp_auth_method != SMTPAUTH_OAUTH2;
  return !ours && open_->view.smtp && open_->view.smtp->speaks_oauth;
}

/// Nothing also where the account is off.
std::optional<bool> AccountPage::said_of_sending(const std::string& server) const {
  if (!open_->stored || !open_->stored->enabled) return std::nullopt;
  return claws::said_of_sending(*open_->stored, server);
}

/// The box as it was decided, or by default; and what is to be known of a foreign server.
void AccountPage::show_sending(bool anew) {
  const auto provider = open_->catalog.find(open_->form->values().provider);
  const MailRoute way = route();
  const bool usual = sends_by_default(way, known(provider));
  bool sends = open_->form->values().sends;
  if (anew) sends = said_of_sending(way.sends_at).value_or(usual);
  std::string words;
  if (!sends && sends_with_own_oauth()) {
    words = own_oauth_words(way.sends_at);
  } else if (!usual && !way.sends_at.empty()) {
    words = sending_words(way.sends_at, known(provider), sends);
  }
  open_->form->set_sends(sends, words);
  if (anew) open_->untouched.sends = sends;
  open_->form->set_warnings(warnings_for(open_->view, open_->catalog, known(provider), sends,
                                         open_->form->wants_servers()));
}

/// As the form says. Its client is left out where it is the provider's own: stored, it would keep
/// the account there when an administrator registers another.
Result<AccountIntent> AccountPage::wanted() const {
  auto intent = intent_of(open_->form->values(), open_->stored);
  if (!intent) return intent;
  const auto provider = open_->catalog.find(intent->provider);
  if (provider && intent->client == provider->client_id) intent->client.clear();
  const bool sends = open_->form->values().sends;
  const MailRoute way = route();
  intent->send.reset();
  if (sends != sends_by_default(way, known(provider))) intent->send = sends;
  intent->send_server = intent->send == true ? way.sends_at : std::string();
  return intent;
}

void AccountPage::save() {
  if (!open_) return;
  // It may have been taken over, or have followed, since the window opened.
  if (auto stored = stored_intent(open_->account); stored && *stored) open_->stored = **stored;
  const FormValues values = open_->form->values();
  follower_.schedule();
  // Never touched, or nobody can tell what it says: stays as it is.
  if ((!open_->stored || open_->trouble) && !values.enabled) return;
  auto intent = wanted();
  if (intent && intent->enabled) {
    const auto key = engine_.grant(*intent);
    if (!key) intent = key.error();
  }
  if (!intent) {
    // Who presses OK on another page cannot mend it; logins say what is wrong.
    if (values == open_->untouched) return;
    open_->form->set_complaint(intent.error().what, intent.error().code);
    complain(open_->window,
             format(_("The page \"Sign in with OAuth\" was not saved. {}"), {intent.error().what}));
    return;
  }
  if (const auto words = about_old_names(values); !words.empty()) tell(words);
  store_intent(open_->account, *intent);
  save_more(*intent);
  open_->stored = std::move(*intent);
  open_->trouble.reset();
}

/// What is not part of the intent. A wish that was applied before may not be one any more.
void AccountPage::save_more(const AccountIntent& intent) {
  const int id = open_->account->account_id;
  const auto provider = open_->catalog.find(intent.provider);
  const bool servers = intent.enabled && provider && open_->form->wants_servers();
  follower_.use_servers(id, servers ? provider->servers : std::map<Protocol, MailServer>());
  take_overs_.want(id, intent.enabled && open_->form->wants_take_over());
  if (!intent.enabled) return;
  keep_secret(intent, [] {});
  shared_accounts_.add(id, open_->adder->take());
}

/// What was typed as the client's secret; `then` in any case.
void AccountPage::keep_secret(const AccountIntent& intent, std::function<void()> then) {
  ClientSecret secret = open_->form->take_secret();
  const auto key = engine_.grant(intent);
  if (secret.empty() || !key) return then();
  saving_secret_ = engine_.save_client_secret(
      key->client, std::move(secret), [name = open_->name, then](const Result<void>& saved) {
        if (!saved) tell(name, saved.error());
        then();
      });
}

void AccountPage::sign_out() {
  const auto intent = wanted();
  if (!intent || sign_outs_.busy()) return;
  sign_outs_.start(open_->window, open_->account->account_id, *intent,
                   [this, id = open_->account->account_id](const std::string& words, bool good) {
                     if (!open_ || open_->account->account_id != id) return;
                     open_->form->set_state(words, good);
                     open_->form->set_signed_in(false);
                     list_identities();
                   });
}

void AccountPage::list_identities() {
  open_->list = engine_.grants([this](const Result<std::vector<GrantKey>>& grants) {
    if (!grants || !open_) return;
    std::vector<std::string> identities;
    const std::string provider = open_->form->values().provider;
    for (const GrantKey& key : *grants) {
      if (key.client.provider == provider) identities.push_back(key.identity);
    }
    open_->form->set_identities(identities);
  });
}

/// When the page comes to the front: the others may have been typed in meanwhile.
void AccountPage::on_map(GtkWidget*, gpointer self) {
  guarded("account page", [&] {
    if (static_cast<AccountPage*>(self)->open_) static_cast<AccountPage*>(self)->follow_host();
  });
}

void AccountPage::follow_host() {
  const TypedFields typed = typed_fields(open_->window);
  open_->view = with_typed(std::move(open_->view), typed);
  const AccountSigns before = std::exchange(open_->signs, with_typed(open_->signs, typed));
  if (!open_->stored) propose();
  show_servers();
  // While it is on with what somebody decided, only they change it. Without a decision the default
  // goes by the servers, and a box left as it was would be stored as one.
  const bool decided = said_of_sending(route().sends_at).has_value();
  const bool moved = before.receive_server != open_->signs.receive_server ||
                     before.send_server != open_->signs.send_server;
  show_sending(open_->stored ? moved && !decided : !(before == open_->signs));
}

/// What nobody has changed on the page.
void AccountPage::propose() {
  const FormDefaults last =
      std::exchange(open_->proposed, defaults_for(open_->signs, open_->catalog, open_->built_in));
  FormValues values = open_->form->values();
  if (values.identity == last.address) values.identity = open_->proposed.address;
  if (values.provider == last.provider) values.provider = open_->proposed.provider;
  if (values == open_->form->values()) return;
  open_->form->show(values);
  edited();
}

void AccountPage::show_servers() {
  const auto provider = open_->catalog.find(open_->form->values().provider);
  open_->form->set_servers(provider ? servers_line(open_->view, *provider) : std::string());
}

void AccountPage::sign_in(SignInWay way) {
  const auto intent = wanted();
  if (!intent) return open_->form->set_state(intent.error().what, false);
  open_->state = Call();
  keep_secret(*intent, [this, id = open_->account->account_id, name = open_->name, intent = *intent,
                        way] { desk_.start(id, name, intent, way); });
}

void AccountPage::edited() {
  const FormValues values = open_->form->values();
  const bool other_provider = values.provider != open_->provider;
  if (other_provider) {
    open_->provider = values.provider;
    const auto provider = open_->catalog.find(values.provider);
    if (provider) open_->form->choose_provider(*provider, sends_as_mailbox(*provider));
    list_identities();
    show_servers();
  }
  show_sending(other_provider || open_->form->wants_servers() != open_->servers);
  open_->servers = open_->form->wants_servers();
  refresh_adder();
  if (!desk_.busy()) show_state();
}

void AccountPage::sign_in_changed(const std::optional<std::string>& identity) {
  if (identity) open_->form->set_identity(*identity);
  open_->form->set_busy(desk_.busy());
  std::string line = desk_.line();
  const auto now = wanted();
  const auto& before = open_->stored;
  const bool used = before && before->enabled && now && share_a_grant(*now, *before);
  if (desk_.ended_well() && !used) line += std::string(" ") + _("Press OK to use it.");
  open_->form->set_state(line, desk_.good());
  refresh_adder();
}

}  // namespace mail_oauth::claws
