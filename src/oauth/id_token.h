// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who signed in, read from the id_token (OpenID Connect Core 1.0 section 2).
//
// The signature is not checked: the token came straight from the token endpoint over TLS (section
// 3.1.3.7, point 6), and nothing but a name for the person is taken from it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "oauth/grant.h"
#include "oauth/provider.h"

namespace mail_oauth::oauth {

/// What the id_token of a sign-in has to fit (section 3.1.3.7).
struct IdTokenRules {
  std::string client_id;
  std::string issuer;  ///< Empty: not known. May hold "{tenantid}".
  std::string nonce;   ///< As it was sent; empty: none was.
  WallTime now;        ///< By the provider's clock where that is known.
};

struct Person {
  std::string name;     ///< For people, and to find the grant again.
  std::string subject;  ///< `sub`: never another one's, whatever the name becomes. May be empty.
};

/// The first of `claims` that is a string of 1 to 512 bytes without control characters.
///
/// Fails with kProtocol when the token is not a JWT with a JSON object inside or has none of the
/// claims; its `aud` does not contain the client, or its `azp` is another one; its `nonce` is not
/// the one that was sent; it had ended five minutes ago; and, where the issuer is known, when `iss`
/// is another one or `exp` is missing.
Result<Person> person_of(std::string_view id_token, const IdTokenRules& rules,
                         const std::vector<std::string>& claims);

/// Whether an answer to a refresh may be used (section 12.2): an id_token in it has to be for the
/// same client, of the same issuer and about the same subject as that of the sign-in. Where the
/// subject is not known a name cannot show that it is somebody else: people are renamed, and not
/// every answer has each claim. The subject is remembered in `grant` then if the name is the
/// grant's, or the first one of a grant that was taken over. kReauthorize, "other-subject".
///
/// A token that cannot be read says nothing, and so does one of a provider whose tokens name
/// nobody.
Result<void> same_person(std::string_view id_token, const Provider& provider, Grant& grant);

/// Whether `scope` asks for an id_token.
bool asks_for_id_token(std::string_view scope);

}  // namespace mail_oauth::oauth
