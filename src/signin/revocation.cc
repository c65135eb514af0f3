// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/revocation.h"

#include <utility>

#include "base/i18n.h"
#include "oauth/token_answer.h"
#include "oauth/token_request.h"
#include "ports/form_post.h"
#include "signin/when_idle.h"

namespace mail_oauth::signin {

Call revoke(HttpClient& http, const Provider& provider, const Client& client,
            const RefreshToken& token, Done<void> done) {
  if (provider.endpoints.revocation.empty()) {
    const Error error = make_error(
        Error::Kind::kConfig,
        format(_("{} has no address at which programs can revoke a sign-in."), {provider.name}));
    return when_idle([done, error] { done(error); });
  }
  return http.send(form_post(provider, client, provider.endpoints.revocation,
                             oauth::revocation_body(client, token)),
                   [done](Result<HttpAnswer> answer) {
                     if (!answer) return done(answer.error());
                     if (answer->status == 200) return done({});
                     done(oauth::classify_error(answer->status, answer->body.reveal()));
                   });
}

}  // namespace mail_oauth::signin
