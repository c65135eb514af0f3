// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/device_login.h"
#include "cli/login_talk.h"
#include "cli/provider_choice.h"
#include "cli/quiet_browser.h"
#include "cli/session.h"
#include "cli/sign_in_wait.h"
#include "cli/store_choice.h"
#include "desktop/gio_browser.h"
#include "desktop/loopback_listener.h"
#include "signin/client_choice.h"

namespace mail_oauth::cli {

namespace {

// With --paste the browser is on another machine.
class NoBrowser : public Browser {
 public:
  Result<void> open(const std::string&) override { return {}; }
};

Result<void> check_address(const std::string& address) {
  const bool clean = std::all_of(address.begin(), address.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
  });
  const auto at = address.find('@');
  if (clean && at != std::string::npos && at > 0 && at + 1 < address.size()) return {};
  return make_error(Error::Kind::kConfig, format(_("\"{}\" is no mail address."), {address}));
}

Result<std::vector<Protocol>> wanted_protocols(const std::string& words, const Provider& provider) {
  std::vector<Protocol> protocols;
  if (words.empty()) {
    for (const auto& scopes : provider.scopes.mail) protocols.push_back(scopes.first);
    return protocols;
  }
  for (std::size_t from = 0; from <= words.size();) {
    const std::string word = words.substr(from, words.find(',', from) - from);
    from += word.size() + 1;
    const auto protocol = protocol_from_word(word);
    if (!protocol) {
      return make_error(Error::Kind::kConfig,
                        format(_("\"{}\" is no protocol: use imap, pop or smtp."), {word}));
    }
    if (std::find(protocols.begin(), protocols.end(), *protocol) == protocols.end()) {
      protocols.push_back(*protocol);
    }
  }
  return protocols;
}

Result<signin::SignInRequest> request_of(const Invocation& invocation) {
  const std::string& address = invocation.arguments.operands[0];
  if (const auto good = check_address(address); !good) return good.error();
  auto provider = chosen_provider(invocation, address);
  if (!provider) return provider.error();
  auto protocols = wanted_protocols(invocation.arguments.value("--protocols"), *provider);
  if (!protocols) return protocols.error();
  auto client = signin::chosen_client(*provider, invocation.arguments.value("--client"),
                                      invocation.arguments.value("--tenant"));
  if (!client) return client.error();
  signin::SignInRequest request;
  request.provider = *std::move(provider);
  request.client = *std::move(client);
  request.address = address;
  request.protocols = *std::move(protocols);
  request.metadata_folder = signin::metadata_folder();
  return request;
}

Result<signin::SignedIn> sign_in(const signin::Ports& ports, signin::SignInRequest request,
                                 LoginTalk& talk) {
  SignInWait wait(_("Waiting for the keyring and the provider. Ctrl-C ends."));
  signin::SignInTalk hooks = talk.talk();
  hooks.authorization_url = [&wait, show = hooks.authorization_url](const std::string& url) {
    wait.calm();
    show(url);
  };
  signin::AuthorizationCodeFlow flow(ports, std::move(request), std::move(hooks));
  talk.connect([&flow](std::string_view line) { return flow.paste(line); },
               [&wait](const Error& error) { wait.end(error); });
  flow.start([&wait](Result<signin::SignedIn> answer) { wait.end(std::move(answer)); });
  return wait.run(flow, [&talk] { talk.show_storing(); });
}

Result<signin::SignedIn> sign_in_with_browser(Session& session, Broker& broker,
                                              signin::SignInRequest request, bool paste,
                                              LoginTalk& talk) {
  LoopbackListenerFactory listeners;
  GioBrowser gio_browser;
  QuietBrowser quiet_browser(gio_browser);
  NoBrowser no_browser;
  Browser& browser = paste ? static_cast<Browser&>(no_browser) : quiet_browser;
  return sign_in({session.store(), broker, session.http(), listeners, browser, session.clock()},
                 std::move(request), talk);
}

/// `writing`: it was on its way into the store, which may have it yet.
Error given_up(const std::string& address, bool writing) {
  const char* const words =
      writing ? _("You did not wait until the sign-in was stored, so it may be lost. mail-oauth "
                  "status {1} shows whether it is there; if not, sign in again: mail-oauth login "
                  "{1}")
              : _("The sign-in was not stored. Sign in again: mail-oauth login {1}");
  return make_error(Error::Kind::kCancelled, format(words, {address}));
}

/// Nothing without --device.
Result<std::optional<DeviceShow>> device_options(const Arguments& arguments) {
  const bool device = arguments.has("--device");
  if (device && arguments.has("--paste")) {
    return make_error(Error::Kind::kConfig, _("--device and --paste exclude each other."));
  }
  if (!device && arguments.has("--qr")) {
    return make_error(Error::Kind::kConfig, _("--qr goes with --device."));
  }
  if (!device) return std::optional<DeviceShow>();
  const auto show = device_show(arguments.value("--qr"));
  if (!show) return show.error();
  return std::optional<DeviceShow>(*show);
}

Result<void> run_login(const Invocation& invocation) {
  const auto device = device_options(invocation.arguments);
  if (!device) return device.error();
  auto request = request_of(invocation);
  if (!request) return request.error();
  const bool paste = invocation.arguments.has("--paste");
  Session session(invocation.providers);
  const GrantKey before = grant_key(request->client, request->address);
  if (const auto chosen = choose_store(invocation.arguments, before, session); !chosen) {
    return chosen.error();
  }
  const auto broker = session.broker();
  if (!broker) return broker.error();
  if (const auto proved = session.prove_lock(before); !proved) return proved.error();
  // Where only the registered address will do, the browser never comes back to us.
  const bool registered = request->provider.redirect.kind == RedirectKind::kRegistered;
  LoginTalk talk(invocation.output, paste || registered);
  const auto signed_in =
      *device ? sign_in_by_code({session.store(), **broker, session.http(), session.clock()},
                                *std::move(request), **device, invocation.output, talk)
              : sign_in_with_browser(session, **broker, *std::move(request), paste, talk);
  if (!signed_in && signed_in.error().code == kGivenUp) {
    return given_up(invocation.arguments.operands[0], (*broker)->writing());
  }
  const auto closed = session.close();
  if (!signed_in) return signed_in.error();
  if (!closed) return closed.error();
  talk.print(*signed_in);
  return {};
}

}  // namespace

Command login_command() {
  Grammar grammar{"login",
                  N_("ADDRESS"),
                  N_("Signs in with the browser and keeps the tokens."),
                  narrowing_options(),
                  1,
                  1};
  grammar.options.push_back(
      {"--protocols", N_("LIST"),
       N_("what to ask for: imap,pop,smtp (else all that the provider has)")});
  grammar.options.push_back(
      {"--paste", nullptr,
       N_("open no browser; read the address on which it ended from standard input")});
  grammar.options.push_back(
      {"--device", nullptr, N_("sign in with a code, in a browser on any other device")});
  grammar.options.push_back(
      {"--qr", N_("HOW"),
       N_("with --device: light or dark, utf-8 or ascii (light,ascii), or none")});
  grammar.options.push_back({"--verbose", nullptr, N_("say how the provider was found")});
  for (const Option& option : store_options()) grammar.options.push_back(option);
  return {grammar, run_login, true};
}

}  // namespace mail_oauth::cli
