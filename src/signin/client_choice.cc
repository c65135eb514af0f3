// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/client_choice.h"

#include "base/i18n.h"

namespace mail_oauth::signin {

Result<ClientKey> chosen_client(const Provider& provider, const std::string& client_id,
                                const std::string& tenant) {
  const std::string client = client_id.empty() ? provider.client_id : client_id;
  if (!client.empty()) {
    return ClientKey{provider.id, client, tenant.empty() ? provider.tenant : tenant};
  }
  std::string what = format(_("No client id is set for {}. Set yours once: "
                              "mail-oauth client set {} --client-id ID"),
                            {provider.name, provider.id});
  if (!provider.registration_page.empty()) {
    what += "\n" + format(_("How to get one: {}"), {provider.registration_page});
  }
  return make_error(Error::Kind::kConfig, what);
}

Error missing_client_secret(const ClientKey& client) {
  return make_error(
      Error::Kind::kConfig,
      format(_("{} wants a client secret, and none is stored for this client id. Set it: "
               "mail-oauth client set {} --client-id {} --secret-stdin"),
             {client.provider, client.provider, client.client}));
}

}  // namespace mail_oauth::signin
