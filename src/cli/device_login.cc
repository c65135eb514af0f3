// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/device_login.h"

#include <glib.h>

#include <utility>

#include "base/i18n.h"
#include "cli/sign_in_wait.h"
#include "cli/status_line.h"

namespace mail_oauth::cli {

namespace {

void print_event(const Output& output, const signin::DevicePrompt& prompt) {
  Json object = json_object();
  object.set("event", Json::of("device_code"));
  object.set("user_code", Json::of(prompt.user_code));
  object.set("verification_uri", Json::of(prompt.verification_uri));
  if (!prompt.verification_uri_complete.empty()) {
    object.set("verification_uri_complete", Json::of(prompt.verification_uri_complete));
  }
  object.set("expires_in", Json::of(std::int64_t{prompt.expires_in.count()}));
  output.object(object);
}

void draw(const Output& output, const signin::DevicePrompt& prompt, const QrChoice& choice) {
  const auto matrix = qr::encode(prompt.link());
  if (!choice.drawn || !matrix) return;
  const int columns = terminal_columns();
  if (columns > 0 && columns < qr::columns_of(*matrix, choice.characters)) {
    return output.talk(_("(The terminal is too narrow for a QR code.)"));
  }
  std::string picture = qr::drawn(*matrix, choice.ground, choice.characters);
  picture.pop_back();
  output.talk(prompt.verification_uri_complete.empty()
                  ? _("This QR code holds the address:")
                  : _("This QR code holds the address and the code. Go on only if the page shows "
                      "the same code as above:"));
  output.talk(picture);
}

// RFC 8628 section 3.3: address and code always, whatever else is offered.
void print_prompt(const Output& output, const signin::DevicePrompt& prompt,
                  const DeviceShow& show) {
  if (output.json()) return print_event(output, prompt);
  output.talk(_("Open this address in a browser, on any device:"));
  output.talk("\n    " + prompt.verification_uri + "\n");
  output.talk(_("and enter this code there:"));
  output.talk("\n    " + prompt.user_code + "\n");
  draw(output, prompt, show.qr);
  if (show.terminal) return;
  output.talk(format(_("Waiting for the sign-in; the code is good for {} (minutes:seconds). Ctrl-C "
                       "ends."),
                     {clock_text(static_cast<long>(prompt.expires_in.count()))}));
}

}  // namespace

Result<DeviceShow> device_show(const std::string& words) {
  const char* const colours = g_getenv("COLORFGBG");
  const auto choice = qr_choice(words, g_get_charset(nullptr) != FALSE, colours ? colours : "");
  if (!choice) return choice.error();
  DeviceShow show{*choice, somebody_watches()};
  if (words.empty() && !show.terminal) show.qr.drawn = false;
  return show;
}

Result<signin::SignedIn> sign_in_by_code(const signin::DevicePorts& ports,
                                         signin::SignInRequest request, const DeviceShow& show,
                                         const Output& output, LoginTalk& talk) {
  SignInWait wait(_("Waiting for the keyring and the provider. Ctrl-C ends."));
  StatusLine line;
  signin::DeviceTalk hooks;
  hooks.prompt = [&](const signin::DevicePrompt& prompt) {
    wait.calm();
    print_prompt(output, prompt, show);
  };
  if (show.terminal && !output.json()) {
    hooks.time_left = [&](std::chrono::seconds left) {
      line.update(format(_("Waiting for the sign-in. Time left: {}. Ctrl-C ends."),
                         {clock_text(static_cast<long>(left.count()))}));
    };
  }
  hooks.trouble = [&](const Error& why) {
    line.end();
    output.talk(format(_("{} It is tried again."), {why.what}));
  };
  hooks.confirm_identity = [&](const std::string& asked, const std::string& found,
                               std::function<void(bool)> decide) {
    line.end();
    talk.talk().confirm_identity(asked, found, std::move(decide));
  };
  signin::DeviceCodeFlow flow(ports, std::move(request), std::move(hooks));
  flow.start([&wait](Result<signin::SignedIn> answer) { wait.end(std::move(answer)); });
  return wait.run(flow, [&] {
    line.end();
    talk.show_storing();
  });
}

}  // namespace mail_oauth::cli
