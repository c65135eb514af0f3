// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/page_words.h"

#include "claws/accounts.h"
#include "claws/grant_places.h"
#include "claws/notices.h"
#include "claws/sending.h"

namespace mail_oauth::claws {
namespace {

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

void add_warning(std::vector<std::string>& warnings, const std::string& warning) {
  for (const auto& there : warnings) {
    if (there == warning) return;
  }
  warnings.push_back(warning);
}

void warn_of_stranger(std::vector<std::string>& warnings, const Service& service,
                      const std::optional<Provider>& provider) {
  if (!provider || service.server.empty() || is_the_providers(service.server, *provider)) return;
  if (provider->servers.empty() && provider->server_names.empty()) return;
  add_warning(warnings, format(_("{1} is not known as a server of {2}, and it gets a token of your "
                                 "sign-in. Make sure that it is theirs."),
                               {service.server, provider->name}));
}

}  // namespace

std::string servers_line(const AccountView& account, const Provider& provider) {
  std::vector<Protocol> protocols;
  if (account.imap) protocols.push_back(Protocol::kImap);
  if (account.pop) protocols.push_back(Protocol::kPop);
  protocols.push_back(Protocol::kSmtp);
  std::string line;
  bool differs = false;
  for (const Protocol protocol : protocols) {
    const auto server = provider.servers.find(protocol);
    if (server == provider.servers.end()) continue;
    const auto& has = account.service(protocol);
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

std::string standing_words(const GrantKey& key, const std::string& store,
                           const std::optional<Engine::Standing>& standing) {
  const std::string& who = key.identity;
  if (standing && standing->ended) {
    return format(_("The provider ended the sign-in of {}: press \"Sign in with browser\" or "
                    "\"Sign in with a code\"."),
                  {who});
  }
  if (!standing) {
    return format(_("{} is not signed in yet: press \"Sign in with browser\" or \"Sign in with a "
                    "code\"."),
                  {who});
  }
  const std::string first = format(_("{} is signed in."), {who}) + " " + place_words(store) + " ";
  if (standing->good_until <= std::chrono::system_clock::now()) {
    return first + _("The token is renewed at its next use.");
  }
  return first + format(_("The token is good until {} and is renewed by itself."),
                        {clock_time(standing->good_until)});
}

std::string take_over_words(const GrantKey& key) {
  return format(_("Claws Mail is signed in as {} by itself. That sign-in is used from \"OK\" on."),
                {key.identity});
}

std::string sending_words(const std::string& server, const std::optional<Provider>& provider,
                          bool sends) {
  const std::string whose = provider ? provider->name : std::string("?");
  return sends
             ? format(_("{1} is not known as a server of {2}, and it gets a token of your sign-in "
                        "whenever you send. Turn this off unless it is theirs."),
                      {server, whose})
             : format(_("{1} is not known as a server of {2}: it gets no token. Mail is sent with "
                        "the login of the account's page for sending, as before."),
                      {server, whose});
}

std::vector<std::string> warnings_for(const AccountView& account, const manifest::Catalog& catalog,
                                      const std::optional<Provider>& provider, bool sends,
                                      bool takes_servers) {
  std::vector<std::string> warnings;
  for (const auto protocol : kProtocols) {
    const auto& service = account.service(protocol);
    if (!service || (protocol == Protocol::kSmtp && !sends)) continue;
    const bool replaced = takes_servers && provider && provider->servers.count(protocol) != 0;
    const auto allowed = may_carry_token(protocol, service->connection);
    if (!allowed && !replaced) add_warning(warnings, allowed.error().what);
    if (const auto warning = connection_warning(service->connection)) {
      add_warning(warnings, *warning);
    }
    if (!replaced && protocol != Protocol::kSmtp) warn_of_stranger(warnings, *service, provider);
  }
  if (account.pop && carrying_limit(running_host(), Protocol::kPop) < 1000) {
    add_warning(warnings,
                _("This version of Claws Mail cuts long tokens over POP3. Most providers' "
                  "tokens are too long for it: use IMAP, or Claws Mail 4.2 or newer."));
  }
  if (account.trouble) add_warning(warnings, in_words(*account.trouble));
  for (const auto& broken : catalog.broken()) add_warning(warnings, broken.error.what);
  return warnings;
}

}  // namespace mail_oauth::claws
