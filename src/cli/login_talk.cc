// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/login_talk.h"

#include <unistd.h>

#include "base/i18n.h"
#include "cli/grant_choice.h"
#include "cli/line_reader.h"

namespace mail_oauth::cli {

namespace {

bool means_yes(std::string_view line) {
  // The translated letter counts besides the English one.
  return line == "y" || line == "Y" || line == "yes" || line == _("yes");
}

}  // namespace

LoginTalk::LoginTalk(const Output& output, bool paste) : output_(output), paste_(paste) {}

signin::SignInTalk LoginTalk::talk() {
  signin::SignInTalk talk;
  talk.authorization_url = [this](const std::string& url) { show_address(url); };
  talk.no_browser = [this](const Error& why) { show_no_browser(why); };
  talk.confirm_identity = [this](const std::string& asked, const std::string& found,
                                 std::function<void(bool)> decide) {
    ask(asked, found, std::move(decide));
  };
  return talk;
}

void LoginTalk::connect(std::function<Result<void>(std::string_view)> paste,
                        std::function<void(Error)> on_failure) {
  pasted_ = std::move(paste);
  on_failure_ = std::move(on_failure);
}

void LoginTalk::event(const char* name, const std::function<void(Json&)>& fill) const {
  if (!output_.json()) return;
  Json object = json_object();
  object.set("event", Json::of(std::string_view(name)));
  fill(object);
  output_.object(object);
}

void LoginTalk::show_address(const std::string& url) {
  event("authorization_url", [&url](Json& object) { object.set("url", Json::of(url)); });
  if (!output_.json()) {
    output_.talk(_("Sign in with your browser at this address:"));
    output_.talk(url);
  }
  if (!paste_) {
    if (!output_.json()) output_.talk(_("Waiting for the browser... Ctrl-C ends."));
    return;
  }
  output_.talk(
      _("Then paste the address on which the browser ended (the page need not load) and press "
        "Enter:"));
  read_address();
}

void LoginTalk::read_address() {
  reading_ = read_line([this](Result<Secret> line) {
    // A program that has nothing more to say hears what was wrong with what it said.
    if (!line) return on_failure_(refused_ ? *refused_ : line.error());
    const auto taken = pasted_(line->reveal());
    if (taken) return;
    if (taken.error().kind != Error::Kind::kProtocol) return on_failure_(taken.error());
    show_refused(taken.error());
    read_address();
  });
}

void LoginTalk::show_refused(const Error& why) {
  refused_ = why;
  event("address_refused", [&why](Json& object) { object.set("message", Json::of(why.what)); });
  output_.talk(why.what);
}

void LoginTalk::show_no_browser(const Error& why) const {
  event("no_browser", [&why](Json& object) { object.set("message", Json::of(why.what)); });
  output_.talk(
      format(_("No browser could be started ({}). Open the address above yourself."), {why.what}));
}

void LoginTalk::ask(const std::string& asked, const std::string& found,
                    std::function<void(bool)> decide) {
  event("confirm_identity", [&](Json& object) {
    object.set("asked", Json::of(asked));
    object.set("found", Json::of(found));
  });
  output_.talk(
      format(_("You asked for {}, and {} signed in. The two often differ for one person. Is this "
               "you? Type \"{}\" to go on:"),
             {asked, found, _("yes")}));
  // A program that did not offer to talk with us is not waited for.
  if (!output_.json() && !paste_ && isatty(STDIN_FILENO) != 1) return decide(false);
  reading_ =
      read_line([decide](Result<Secret> line) { decide(line && means_yes(line->reveal())); });
}

void LoginTalk::show_storing() const {
  output_.talk(_("The sign-in is being stored. Press Ctrl-C again to give it up."));
}

void LoginTalk::print(const signin::SignedIn& signed_in) const {
  event("signed_in", [&signed_in](Json& object) {
    const Json key = json_of(signed_in.key);
    for (const std::string& name : key.keys()) object.set(name, *key.at(name));
    Json missing = Json::array();
    for (const Protocol protocol : signed_in.missing) {
      missing.append(Json::of(protocol_word(protocol)));
    }
    object.set("missing", std::move(missing));
  });
  output_.talk(format(_("Signed in: {}"), {described(signed_in.key)}));
  for (const Protocol protocol : signed_in.missing) {
    output_.talk(
        format(_("But not for {}: the provider did not grant it."), {protocol_title(protocol)}));
  }
}

}  // namespace mail_oauth::cli
