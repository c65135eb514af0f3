// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/client_ready.h"

#include "base/i18n.h"
#include "cli/wait.h"
#include "signin/client_choice.h"
#include "signin/metadata_fetcher.h"

namespace mail_oauth::cli {

Result<Client> client_with_secret(Session& session, const Provider& provider,
                                  const ClientKey& key) {
  Client client;
  client.key = key;
  if (provider.client_secret == Presence::kForbidden) return client;
  auto secret = wait_for<std::optional<ClientSecret>>(
      keyring_patience(), [&](Done<std::optional<ClientSecret>> done) {
        return session.store().load_client_secret(key, std::move(done));
      });
  if (!secret) return secret.error();
  if (*secret) {
    client.secret = **std::move(secret);
  } else if (provider.client_secret == Presence::kRequired) {
    return signin::missing_client_secret(key);
  }
  return client;
}

Result<Provider> with_metadata(Session& session, const Provider& provider) {
  signin::MetadataFetcher fetcher(session.http(), session.clock(), signin::metadata_folder());
  return wait_for<Provider>(_("Waiting for the provider. Ctrl-C ends."), [&](Done<Provider> done) {
    return fetcher.complete(provider, std::move(done));
  });
}

}  // namespace mail_oauth::cli
