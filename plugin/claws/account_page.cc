// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_page.h"

#include <libintl.h>

#include "base/cptr.h"
#include "base/guarded.h"
#include "claws/account_defaults.h"
#include "claws/accounts.h"
#include "claws/notices.h"
#include "claws/shared_mailbox_adder.h"

namespace mail_oauth::claws {
namespace {

/// Does not hold up the host's OK, which closes the account window behind it.
void complain(const std::string& text) {
  MainWindow* main_window = mainwindow_get_mainwindow();
  GtkWidget* dialog = gtk_message_dialog_new(
      main_window ? GTK_WINDOW(main_window->window) : nullptr, GTK_DIALOG_DESTROY_WITH_PARENT,
      GTK_MESSAGE_ERROR, GTK_BUTTONS_OK, "%s", text.c_str());
  gtk_window_set_title(GTK_WINDOW(dialog), _("Sign in with OAuth"));
  g_signal_connect(dialog, "response", G_CALLBACK(gtk_widget_destroy), nullptr);
  gtk_widget_show(dialog);
}

/// "IMAP imap.example.org:993 (TLS), SMTP ..." as the account would have them; empty when it has.
std::string servers_line(const PrefsAccount& account, const Provider& provider) {
  const Protocol receives = account.protocol == A_POP3 ? Protocol::kPop : Protocol::kImap;
  const AccountView view = view_of(const_cast<PrefsAccount*>(&account));
  std::string line;
  bool differs = false;
  for (const Protocol protocol : {receives, Protocol::kSmtp}) {
    const auto server = provider.servers.find(protocol);
    if (server == provider.servers.end()) continue;
    const auto& has = view.service(protocol);
    const MailServer& wanted = server->second;
    differs = differs || !has || has->server != wanted.host || has->port != wanted.port;
    if (!line.empty()) line += ", ";
    line +=
        format("{} {}:{} ({})", {protocol_title(protocol), wanted.host, std::to_string(wanted.port),
                                 wanted.tls == TlsMode::kTls ? "TLS" : "STARTTLS"});
  }
  return differs ? line : std::string();
}

bool sends_as_mailbox(const Provider& provider) {
  const auto rule = provider.sasl_user.find(Protocol::kSmtp);
  return rule == provider.sasl_user.end() || rule->second == SaslUser::kMailbox;
}

std::string clock_time(WallTime time) {
  const CPtr<GDateTime, g_date_time_unref> local(
      g_date_time_new_from_unix_local(std::chrono::system_clock::to_time_t(time)));
  const GCharPtr text(local ? g_date_time_format(local.get(), "%H:%M") : nullptr);
  return text ? text.get() : "?";
}

/// Where the sign-in is kept, as a sentence.
std::string place_words(const std::string& store) {
  switch (place_of_word(store).value_or(GrantPlace::kKeyring)) {
    case GrantPlace::kKeyring:
      return _("Kept in the keyring.");
    case GrantPlace::kClaws:
      return _("Kept in Claws Mail's password store.");
    case GrantPlace::kSession:
      return _("Kept until Claws Mail ends.");
  }
  return {};
}

std::string standing_words(const GrantKey& key, const std::string& store,
                           const std::optional<WallTime>& until) {
  const std::string& who = key.identity;
  if (!until) {
    return format(_("{} is not signed in yet: press \"Sign in with browser\" or \"Sign in with a "
                    "code\"."),
                  {who});
  }
  const std::string first = format(_("{} is signed in."), {who}) + " " + place_words(store) + " ";
  if (*until <= std::chrono::system_clock::now()) {
    return first + _("The token is renewed at its next use.");
  }
  return first +
         format(_("The token is good until {} and is renewed by itself."), {clock_time(*until)});
}

std::string take_over_words(const GrantKey& key) {
  return format(_("Claws Mail is signed in as {} by itself. That sign-in is used from \"OK\" on."),
                {key.identity});
}

void add_warning(std::vector<std::string>& warnings, const std::string& warning) {
  for (const auto& there : warnings) {
    if (there == warning) return;
  }
  warnings.push_back(warning);
}

/// What would keep tokens from going, as the account is now.
std::vector<std::string> warnings_for(PrefsAccount* account, const manifest::Catalog& catalog) {
  std::vector<std::string> warnings;
  const AccountView view = view_of(account);
  for (const auto protocol : kProtocols) {
    const auto& service = view.service(protocol);
    if (!service) continue;
    const auto allowed = may_carry_token(protocol, service->connection);
    if (!allowed) add_warning(warnings, allowed.error().what);
    if (const auto warning = connection_warning(service->connection)) {
      add_warning(warnings, *warning);
    }
  }
  if (view.pop && carrying_limit(running_host(), Protocol::kPop) < 1000) {
    add_warning(warnings,
                _("This version of Claws Mail cuts long tokens over POP3. Most providers' "
                  "tokens are too long for it: use IMAP, or Claws Mail 4.2 or newer."));
  }
  if (view.trouble) add_warning(warnings, in_words(*view.trouble));
  for (const auto& broken : catalog.broken()) add_warning(warnings, broken.error.what);
  return warnings;
}

}  // namespace

/// Everything about the window that is open.
struct AccountPage::Open {
  GtkWindow* window;
  PrefsAccount* account;
  std::string
      name;  ///< Of the account, before the window freed it: FieldFollower::window_opened().
  manifest::Catalog catalog;
  std::optional<AccountIntent> stored;
  BuiltInSignIn built_in;
  std::string provider;  ///< As last seen in the form.
  std::unique_ptr<AccountForm> form;
  std::unique_ptr<SharedMailboxAdder> adder;
  Call state;
  Call list;
};

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
  follower_.window_opened();
  open_ = std::make_unique<Open>();
  open_->window = window;
  open_->account = account;
  open_->name = text_of(account->account_name);
  open_->catalog = engine_.catalog();
  if (auto stored = stored_intent(account); stored && *stored) open_->stored = std::move(**stored);
  const bool ours = open_->stored && open_->stored->saved;
  if (!ours) open_->built_in = built_in_of(*account, open_->catalog);

  AccountForm::Reactions reactions;
  reactions.sign_in = [this](SignInWay way) { sign_in(way); };
  reactions.sign_out = [this] { sign_out(); };
  reactions.edited = [this] { edited(); };
  open_->form = std::make_unique<AccountForm>(open_->catalog.providers(), std::move(reactions));
  FormValues values =
      form_of(open_->stored, defaults_for(*account, open_->catalog, open_->built_in));
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
  if (provider) open_->form->choose_provider(*provider, values.send_as_mailbox);
  open_->form->set_warnings(warnings_for(account, open_->catalog));
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

void AccountPage::create_adder() {
  SharedMailboxAdder::Questions questions;
  questions.source = [this] { return intent_of(open_->form->values(), open_->stored); };
  questions.trouble = [this](const Error& error) { open_->form->set_state(error.what, false); };
  open_->adder = std::make_unique<SharedMailboxAdder>(
      open_->window, text_of(open_->account->account_name), std::move(questions));
  open_->form->add_below(open_->adder->widget());
  refresh_adder();
}

void AccountPage::refresh_adder() {
  open_->adder->set_sensitive(open_->form->values().enabled && !desk_.busy());
}

void AccountPage::destroy() {
  if (!open_) return;
  desk_.unwatch();
  open_.reset();
  follower_.window_closed();
}

void AccountPage::save() {
  if (!open_) return;
  const FormValues values = open_->form->values();
  follower_.schedule();
  if (!open_->stored && !values.enabled) return;  // Never touched: leaves no trace.
  auto intent = intent_of(values, open_->stored);
  if (intent && intent->enabled) {
    const auto key = engine_.grant(*intent);
    if (!key) intent = key.error();
  }
  if (!intent) {
    open_->form->set_complaint(intent.error().what);
    complain(format(_("The page \"Sign in with OAuth\" was not saved. {}"), {intent.error().what}));
    return;
  }
  if (const auto words = about_old_names(values); !words.empty()) tell(words);
  store_intent(open_->account, *intent);
  if (intent->enabled) save_more(*intent);
  if (intent->enabled) shared_accounts_.add(open_->account->account_id, open_->adder->take());
  open_->stored = std::move(*intent);
}

/// What is not part of the intent.
void AccountPage::save_more(const AccountIntent& intent) {
  const auto provider = open_->catalog.find(intent.provider);
  if (provider && open_->form->wants_servers()) {
    follower_.use_servers(open_->account->account_id, provider->servers);
  }
  if (open_->form->wants_take_over()) take_overs_.want(open_->account->account_id);
  keep_secret(intent, [] {});
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
  const auto intent = intent_of(open_->form->values(), open_->stored);
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

void AccountPage::show_servers() {
  const auto provider = open_->catalog.find(open_->form->values().provider);
  open_->form->set_servers(provider ? servers_line(*open_->account, *provider) : std::string());
}

void AccountPage::sign_in(SignInWay way) {
  const auto intent = intent_of(open_->form->values(), open_->stored);
  if (!intent) return open_->form->set_state(intent.error().what, false);
  open_->state = Call();
  keep_secret(*intent, [this, id = open_->account->account_id, name = open_->name, intent = *intent,
                        way] { desk_.start(id, name, intent, way); });
}

void AccountPage::edited() {
  const FormValues values = open_->form->values();
  if (values.provider != open_->provider) {
    open_->provider = values.provider;
    const auto provider = open_->catalog.find(values.provider);
    if (provider) open_->form->choose_provider(*provider, sends_as_mailbox(*provider));
    list_identities();
    show_servers();
  }
  refresh_adder();
  if (!desk_.busy()) show_state();
}

void AccountPage::sign_in_changed(const std::optional<std::string>& identity) {
  if (identity) open_->form->set_identity(*identity);
  open_->form->set_busy(desk_.busy());
  open_->form->set_state(desk_.line(), desk_.good());
  refresh_adder();
}

void AccountPage::show_state() {
  const FormValues values = open_->form->values();
  open_->form->set_missing({}, {});
  open_->form->set_complaint({});
  open_->form->set_signed_in(false);
  open_->form->offer_take_over(false);
  if (!values.enabled) {
    open_->state = Call();
    return open_->form->set_state({}, true);
  }
  const auto intent = intent_of(values, open_->stored);
  if (!intent) {
    open_->form->set_complaint(intent.error().what);
    return open_->form->set_state({}, true);
  }
  const auto key = engine_.grant(*intent);
  if (!key) return show_missing(*intent, key.error());
  std::string first = about_old_names(values);
  if (!first.empty()) first += "\n";
  open_->state = engine_.good_until(*key, [this, key = *key, store = intent->store,
                                           first](const Result<std::optional<WallTime>>& until) {
    if (!until) return open_->form->set_state(in_words(until.error()), false);
    open_->form->set_signed_in(until->has_value());
    const bool ours = until->has_value();
    open_->form->offer_take_over(!ours && fits_built_in(open_->built_in, open_->form->values()));
    const std::string words =
        open_->form->wants_take_over() ? take_over_words(key) : standing_words(key, store, *until);
    open_->form->set_state(first + words, true);
  });
}

void AccountPage::show_missing(const AccountIntent& intent, const Error& error) {
  const auto provider = open_->catalog.find(intent.provider);
  if (!provider) return open_->form->set_state(in_words(error), false);
  open_->form->set_missing(in_words(error) + "\n" + _("Or enter it below, under \"Advanced\"."),
                           provider->registration_page);
  open_->form->set_state({}, true);
}

}  // namespace mail_oauth::claws
