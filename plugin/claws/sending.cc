// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sending.h"

#include <glib.h>

#include "base/cptr.h"
#include "base/i18n.h"
#include "manifest/catalog.h"

namespace mail_oauth::claws {

bool is_the_providers(const std::string& server, const Provider& provider) {
  const GCharPtr lower(g_ascii_strdown(server.c_str(), -1));
  return !server.empty() && manifest::has_server(provider, lower.get());
}

bool sends_by_default(const MailRoute& route, const std::optional<Provider>& provider) {
  if (route.sends_at.empty()) return false;
  if (g_ascii_strcasecmp(route.sends_at.c_str(), route.receives_at.c_str()) == 0) return true;
  return provider && is_the_providers(route.sends_at, *provider);
}

std::string own_oauth_words(const std::string& server) {
  return format(_("{1} gets no token: its box is off. Claws Mail's own OAuth does not work there "
                  "while \"Sign in with OAuth\" is on. Choose another login on the account's page "
                  "for sending, or turn the box on."),
                {server});
}

std::optional<bool> said_of_sending(const AccountIntent& intent, const std::string& server) {
  const bool another = !intent.send_server.empty() &&
                       g_ascii_strcasecmp(intent.send_server.c_str(), server.c_str()) != 0;
  return intent.send == true && another ? std::nullopt : intent.send;
}

bool signs_in_for_sending(const AccountIntent& intent, const MailRoute& route,
                          const std::optional<Provider>& provider) {
  return said_of_sending(intent, route.sends_at).value_or(sends_by_default(route, provider));
}

}  // namespace mail_oauth::claws
