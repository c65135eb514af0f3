// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sign_in_desk.h"

#include <utility>

#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/form_widgets.h"
#include "claws/notices.h"
#include "claws/sign_in_words.h"

namespace mail_oauth::claws {
namespace {

GrantPlace place_for(const AccountIntent& intent) {
  return place_of_word(intent.store).value_or(GrantPlace::kKeyring);
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

void SignInDesk::start(int account_id, const std::string& account_name, const AccountIntent& intent,
                       SignInWay way, SignedIn then) {
  end_flows();
  window_.reset();
  account_id_ = account_id;
  account_name_ = account_name;
  intent_ = intent;
  way_ = way;
  then_ = std::move(then);
  address_.clear();
  ended_well_ = false;
  open_window();

  const auto request = engine_.sign_in_request(intent);
  if (!request) return fail(request.error());
  const auto ports = engine_.sign_in_ports(place_for(intent));
  if (!ports) return fail(ports.error());
  if (way == SignInWay::kBrowser) {
    begin(*request, *ports);
  } else {
    begin_with_code(*request, *ports);
  }
}

void SignInDesk::open_window() {
  SignInWindow::Reactions reactions;
  reactions.closed = [this] { window_closed(); };
  reactions.open_again = [this] { open_browser_again(); };
  reactions.pasted = [this](const Secret& text) { paste(text); };
  reactions.again = [this] {
    start(account_id_, std::string(account_name_), AccountIntent(intent_), way_, SignedIn(then_));
  };
  window_ = std::make_unique<SignInWindow>(watcher_.window, account_name_, std::move(reactions));
}

void SignInDesk::begin(const signin::SignInRequest& request, const signin::Ports& ports) {
  signin::SignInTalk talk;
  talk.authorization_url = [this](const std::string& url) {
    address_ = url;
    window_->show_browser(url);
    say(_("Waiting for you to sign in with the browser ..."), true);
  };
  talk.no_browser = [this](const Error& why) {
    window_->say(plain_words(why));
    say(in_words(why), false);
  };
  talk.confirm_identity = [this](const std::string& asked, const std::string& found,
                                 std::function<void(bool)> decide) {
    ask_about(asked, found, std::move(decide));
  };
  browser_flow_ = std::make_unique<signin::AuthorizationCodeFlow>(ports, request, std::move(talk));
  say(_("Preparing the sign-in ..."), true);
  browser_flow_->start([this](Result<signin::SignedIn> result) { finished(std::move(result)); });
}

void SignInDesk::begin_with_code(const signin::SignInRequest& request, const signin::Ports& ports) {
  signin::DeviceTalk talk;
  talk.prompt = [this](const signin::DevicePrompt& prompt) {
    window_->show_code(prompt);
    say(_("Waiting for you to enter the code ..."), true);
  };
  talk.time_left = [this](std::chrono::seconds left) { window_->show_time_left(left); };
  talk.trouble = [this](const Error& why) {
    window_->say(format(_("{} It is tried again."), {why.what}));
  };
  talk.confirm_identity = [this](const std::string& asked, const std::string& found,
                                 std::function<void(bool)> decide) {
    ask_about(asked, found, std::move(decide));
  };
  const signin::DevicePorts needed{ports.store, ports.keeper, ports.http, ports.clock};
  code_flow_ = std::make_unique<signin::DeviceCodeFlow>(needed, request, std::move(talk));
  say(_("Preparing the sign-in ..."), true);
  code_flow_->start([this](Result<signin::SignedIn> result) { finished(std::move(result)); });
}

bool SignInDesk::cancel() {
  if (browser_flow_) return browser_flow_->cancel();
  return code_flow_ && code_flow_->cancel();
}

bool SignInDesk::present(int account_id, const std::string& account_name, SignInWay way) {
  if (!busy() || !window_) return false;
  if (account_id == account_id_ && way != way_) return false;
  if (account_id != account_id_) {
    window_->remark(
        format(_("This is the sign-in for the account \"{1}\". Finish or cancel it first, "
                 "then sign in for \"{2}\"."),
               {account_name_, account_name}));
  }
  gtk_window_present(window_->window());
  return true;
}

void SignInDesk::unwatch() {
  watcher_ = {};
  // How it ended was told on the page that goes.
  if (!busy()) window_.reset();
}

/// A sign-in that is being stored goes on without its window, and is told when it has ended.
void SignInDesk::window_closed() {
  if (!cancel()) window_.reset();
}

void SignInDesk::open_browser_again() {
  const auto ports = engine_.sign_in_ports(place_for(intent_));
  if (!ports || address_.empty()) return;
  const auto opened = ports->browser.open(address_);
  if (!opened) window_->say(plain_words(opened.error()));
}

void SignInDesk::paste(const Secret& text) {
  if (!browser_flow_) return;
  const auto taken = browser_flow_->paste(text.reveal());
  if (!taken) window_->say(plain_words(taken.error()));
}

void SignInDesk::ask_about(const std::string& asked, const std::string& found,
                           std::function<void(bool)> decide) {
  close_question();
  decide_ = std::move(decide);
  const std::string text =
      format(_("You asked to sign in as {}, but {} signed in. Is that the right person? "
               "In many organisations the sign-in name differs from the mail address."),
             {asked, found});
  question_ = GTK_WIDGET(
      g_object_ref(gtk_message_dialog_new(window_->window(), GTK_DIALOG_MODAL, GTK_MESSAGE_QUESTION,
                                          GTK_BUTTONS_NONE, "%s", text.c_str())));
  gtk_window_set_title(GTK_WINDOW(question_), _("Another sign-in name"));
  gtk_dialog_add_button(GTK_DIALOG(question_), _("_Cancel"), GTK_RESPONSE_CANCEL);
  gtk_dialog_add_button(GTK_DIALOG(question_), format(_("Use {}"), {without_keys(found)}).c_str(),
                        GTK_RESPONSE_ACCEPT);
  gtk_dialog_set_default_response(GTK_DIALOG(question_), GTK_RESPONSE_CANCEL);
  g_signal_connect(question_, "response", G_CALLBACK(on_answer), this);
  keep_when_closed(question_);
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

void SignInDesk::end_flows() {
  close_question();
  browser_flow_.reset();
  code_flow_.reset();
}

void SignInDesk::fail(const Error& error) {
  if (window_) window_->show_failure(error);
  if (!watched()) tell(account_name_, error);
  say(in_words(error), false);
}

void SignInDesk::finished(Result<signin::SignedIn> result) {
  end_flows();
  address_.clear();
  if (result) return signed_in(*result);
  if (result.error().kind != Error::Kind::kCancelled) return fail(result.error());
  window_.reset();
  say(_("The sign-in was cancelled."), true);
}

void SignInDesk::signed_in(const signin::SignedIn& result) {
  const std::string& who = result.key.identity;
  line_ = format(_("Signed in as {}."), {who});
  if (!result.missing.empty()) {
    line_ += " " + format(_("The provider did not permit {}."), {missing_words(result.missing)});
  }
  good_ = result.missing.empty();
  ended_well_ = true;
  if (const SignedIn then = std::exchange(then_, nullptr)) then(who);
  const bool other = g_ascii_strcasecmp(who.c_str(), intent_.identity.c_str()) != 0;
  if (watched()) {
    window_.reset();  // the page says it
    return watcher_.changed(other ? std::optional<std::string>(who) : std::nullopt);
  }
  if (window_) window_->show_success(line_);
  if (other) rename_identity(account_id_, intent_.identity, who);
  tell(account_name_ + ": " + line_);
  follower_.schedule();
}

void SignInDesk::say(std::string line, bool good) {
  line_ = std::move(line);
  good_ = good;
  if (watched()) watcher_.changed(std::nullopt);
}

}  // namespace mail_oauth::claws
