// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one sign-in gave, and the names by which it is found again.
//
// A grant remembers the issuer and the endpoints that it came from, so that a changed manifest
// cannot redirect a refresh token. Values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <tuple>

#include "base/result.h"
#include "base/secret.h"
#include "oauth/protocol.h"

namespace mail_oauth {

/// A registered application at a provider. Also the key under which its secret is stored.
struct ClientKey {
  std::string provider;
  std::string client;  ///< The client id.
  std::string tenant;  ///< "" if none.

  bool operator==(const ClientKey&) const = default;
  bool operator<(const ClientKey& other) const {
    return std::tie(provider, client, tenant) <
           std::tie(other.provider, other.client, other.tenant);
  }
};

struct GrantKey {
  ClientKey client;
  std::string identity;  ///< Lower case: make one with grant_key().

  bool operator==(const GrantKey&) const = default;
  bool operator<(const GrantKey& other) const {
    return std::tie(client, identity) < std::tie(other.client, other.identity);
  }
};

/// The key with the identity brought to lower case (ASCII).
GrantKey grant_key(ClientKey client, std::string identity);

using WallTime = std::chrono::system_clock::time_point;

struct Grant {
  GrantKey key;
  RefreshToken refresh_token;
  AccessToken access_token;  ///< May be empty.
  WallTime expires_at;       ///< Of the access token.
  WallTime received_at;      ///< When the access token came, by this clock; the epoch: not known.
  WallTime ended_at;         ///< When the token endpoint ended the grant; the epoch: it did not.
  WallTime signed_in_at;     ///< Renewals leave it; the epoch: not known, of an older version.
  std::string sign_in;  ///< Random, of each sign-in; renewals leave it. Empty: of an older version.
  std::int64_t renewals = 0;  ///< Since the sign-in.
  std::string scope;          ///< As granted, separated by spaces; empty: as asked.
  std::string token_endpoint;
  std::string issuer;
  std::string revocation_endpoint;  ///< That the sign-in saw; empty: none, or an older version's.
  std::string subject;              ///< `sub` of its id_token; empty: not known.
  /// Whether this client authenticates in the header there (RFC 6749 section 2.3.1).
  bool client_secret_basic = false;
  Secret unknown_fields;  ///< What a newer version wrote: a JSON object, kept as it was; or empty.

  Grant duplicate() const;

  /// Whether the token endpoint ended it. A token that came later shows that it has not, for a
  /// version that does not know of `ended_at` keeps it when it renews.
  bool ended() const { return ended_at != WallTime{} && ended_at >= received_at; }
};

/// The stored item: UTF-8 JSON {"v":1,"refresh_token","access_token","expires_at":<unix s>,
/// "received_at":<unix s>,"scope","token_endpoint","issuer"}, where they are known
/// "ended_at":<unix s>,"signed_in_at":<unix s>,"sign_in","renewals":<number>,
/// "revocation_endpoint","subject","client_secret_basic", and the unknown fields.
Secret encode_item(const Grant& grant);

/// Fails with kStorage when the item is damaged or of a later major version; the text names the
/// identity and says to sign in again, and repeats nothing of the item.
Result<Grant> decode_item(const GrantKey& key, std::string_view item);

/// Whether `error` is of decode_item: there is an item, and no grant can be read from it.
bool unreadable_item(const Error& error);

}  // namespace mail_oauth
