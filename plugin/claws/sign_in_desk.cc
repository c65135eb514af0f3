// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sign_in_desk.h"

#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/notices.h"
#include "signin/client_choice.h"
#include "signin/metadata_fetcher.h"

namespace mail_oauth::claws {
namespace {

/// One grant serves all of a person's accounts, whatever they receive with.
std::vector<Protocol> protocols_of(const Provider& provider) {
  std::vector<Protocol> protocols;
  for (const auto& entry : provider.scopes.mail) protocols.push_back(entry.first);
  return protocols;
}

std::string missing_words(const std::vector<Protocol>& missing) {
  std::string names;
  for (const auto protocol : missing) {
    if (!names.empty()) names += ", ";
    names += protocol_title(protocol);
  }
  return names;
}

/// The window was closed while somebody else's name came back: the account learns it here.
void rename_identity(int account_id, const std::string& asked, const std::string& found) {
  PrefsAccount* account = account_find_from_id(account_id);
  if (!account) return;
  auto intent = stored_intent(account);
  if (!intent || !*intent || (*intent)->identity != asked) return;
  (*intent)->identity = found;
  store_intent(account, **intent);
}

}  // namespace

SignInDesk::~SignInDesk() { close_question(); }

void SignInDesk::start(int account_id, const std::string& account_name,
                       const AccountIntent& intent) {
  close_question();
  flow_.reset();
  account_id_ = account_id;
  account_name_ = account_name;
  intent_ = intent;
  address_.clear();

  auto provider = engine_.catalog().find(intent.provider);
  if (!provider) return say(in_words(provider.error()), false);
  auto client = signin::chosen_client(*provider, intent.client, intent.tenant);
  if (!client) return say(in_words(client.error()), false);
  const auto ports = engine_.sign_in_ports();
  if (!ports) return say(in_words(ports.error()), false);

  signin::SignInRequest request{*provider, *client, intent.identity, protocols_of(*provider),
                                signin::metadata_folder()};
  flow_ = std::make_unique<signin::AuthorizationCodeFlow>(*ports, std::move(request), talk());
  say(_("Preparing the sign-in ..."), true);
  flow_->start([this](Result<signin::SignedIn> result) { finished(std::move(result)); });
}

void SignInDesk::cancel() {
  if (flow_) flow_->cancel();
}

void SignInDesk::paste(const std::string& text) {
  if (!flow_) return;
  const auto taken = flow_->paste(text);
  if (!taken) say(in_words(taken.error()), false);
}

signin::SignInTalk SignInDesk::talk() {
  signin::SignInTalk talk;
  talk.authorization_url = [this](const std::string& url) {
    address_ = url;
    say(_("Waiting for you to sign in with the browser ..."), true);
  };
  talk.no_browser = [this](const Error& why) { say(in_words(why), false); };
  talk.confirm_identity = [this](const std::string& asked, const std::string& found,
                                 std::function<void(bool)> decide) {
    ask_about(asked, found, std::move(decide));
  };
  return talk;
}

void SignInDesk::ask_about(const std::string& asked, const std::string& found,
                           std::function<void(bool)> decide) {
  close_question();
  decide_ = std::move(decide);
  GtkWindow* parent = watcher_.window;
  if (!parent && mainwindow_get_mainwindow()) {
    parent = GTK_WINDOW(mainwindow_get_mainwindow()->window);
  }
  const std::string text = format(
      _("You asked to sign in as {}, but the browser signed in {}. Is that the right person? "
        "In many organisations the sign-in name differs from the mail address."),
      {asked, found});
  question_ = GTK_WIDGET(g_object_ref(gtk_message_dialog_new(
      parent, GTK_DIALOG_MODAL, GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", text.c_str())));
  gtk_window_set_title(GTK_WINDOW(question_), _("Another sign-in name"));
  gtk_dialog_add_button(GTK_DIALOG(question_), _("_Cancel"), GTK_RESPONSE_CANCEL);
  gtk_dialog_add_button(GTK_DIALOG(question_), format(_("Use {}"), {found}).c_str(),
                        GTK_RESPONSE_ACCEPT);
  gtk_dialog_set_default_response(GTK_DIALOG(question_), GTK_RESPONSE_CANCEL);
  g_signal_connect(question_, "response", G_CALLBACK(on_answer), this);
  gtk_window_present(GTK_WINDOW(question_));
}

void SignInDesk::on_answer(GtkDialog*, int response, gpointer data) {
  guarded("sign-in question", [&] {
    auto* self = static_cast<SignInDesk*>(data);
    auto decide = std::move(self->decide_);
    self->close_question();
    if (decide) decide(response == GTK_RESPONSE_ACCEPT);
  });
}

void SignInDesk::close_question() {
  decide_ = nullptr;
  if (!question_) return;
  g_signal_handlers_disconnect_by_data(question_, this);
  gtk_widget_destroy(question_);
  g_object_unref(question_);
  question_ = nullptr;
}

void SignInDesk::finished(Result<signin::SignedIn> result) {
  close_question();
  flow_.reset();
  address_.clear();
  if (!result) {
    const bool asked_for = result.error().kind == Error::Kind::kCancelled;
    if (!watcher_.changed) tell(account_name_, result.error());
    return say(asked_for ? _("The sign-in was cancelled.") : in_words(result.error()), asked_for);
  }
  const std::string& who = result->key.identity;
  std::string line = format(_("Signed in as {}."), {who});
  if (!result->missing.empty()) {
    line += " " + format(_("The provider did not permit {}."), {missing_words(result->missing)});
  }
  line_ = line;
  good_ = result->missing.empty();
  const bool other = g_ascii_strcasecmp(who.c_str(), intent_.identity.c_str()) != 0;
  if (watcher_.changed) {
    watcher_.changed(other ? std::optional<std::string>(who) : std::nullopt);
  } else {
    if (other) rename_identity(account_id_, intent_.identity, who);
    tell(account_name_ + ": " + line);
    follower_.schedule();
  }
}

void SignInDesk::say(std::string line, bool good) {
  line_ = std::move(line);
  good_ = good;
  if (watcher_.changed) watcher_.changed(std::nullopt);
}

}  // namespace mail_oauth::claws
