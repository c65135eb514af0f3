// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a manifest says about a provider: endpoints, scopes, servers and quirks.
//
// Data only: the code names no provider. Values; any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "oauth/mechanism.h"
#include "oauth/protocol.h"

namespace mail_oauth {

enum class TlsMode { kTls, kStartTls };

struct MailServer {
  std::string host;
  int port = 0;
  TlsMode tls = TlsMode::kTls;
};

/// Of a request, by name.
using Parameters = std::map<std::string, std::string>;

/// Whether something is forbidden, may be there, or has to be.
enum class Presence { kForbidden, kOptional, kRequired };

/// Who is named beside the token.
enum class SaslUser { kIdentity, kMailbox };

/// Whether a sign-in by device code (RFC 8628) is there, and good for mail. Some providers have one
/// that does not grant the scopes of mail.
enum class DeviceFlow { kMail, kNotForMail, kNone };

/// How the browser comes back: to this program on the loopback interface (RFC 8252 section 7.3), or
/// to the one address that the client was registered with, where nobody of ours listens: then the
/// person pastes the address on which the browser ended.
enum class RedirectKind { kLoopback, kRegistered };

struct RedirectRule {
  std::string host = "127.0.0.1";  ///< "127.0.0.1", "[::1]" or "localhost".
  int port = 0;                    ///< 0: the provider accepts any port.
  std::string path = "/";
  RedirectKind kind = RedirectKind::kLoopback;
  std::string uri{};  ///< kRegistered: the client's address. Empty: nobody has said it yet.

  /// Byte for byte as it goes into a request; `free_port` where the provider accepts any.
  std::string address(int free_port) const;
};

struct Scopes {
  std::map<Protocol, std::vector<std::string>> mail;  ///< Full resource scopes.
  std::vector<std::string> always;                    ///< Such as offline_access.
  std::vector<std::string> identity;                  ///< Such as openid; for the id_token.
  /// What each scope of mail has to begin with: the service that the token is for. Empty: anything.
  std::string resource;
};

struct Endpoints {
  std::string issuer;  ///< May hold "{tenantid}", which stands for any GUID.
  std::string authorization;
  std::string token;
  std::string device_authorization;
  std::string revocation;
};

/// Stands for the domain of an address in Provider::tenant_discovery.
inline constexpr std::string_view kDomainPlaceholder = "{domain}";

struct Provider {
  std::string id;
  std::string name;
  std::string file;  ///< The manifest it came from, for messages.
  Endpoints
      endpoints;       ///< Https, or http for loopback. May hold "{tenant}". Empty: ask the issuer.
  std::string tenant;  ///< The one used where the client names none.
  /// It takes authorization requests only where they were pushed before (RFC 9126), which is not
  /// done here.
  bool wants_pushed_requests = false;
  Presence iss = Presence::kOptional;  ///< RFC 9207: kRequired where it is known to be sent.
  Scopes scopes;
  /// Claims of the id_token, the first found wins. Empty: whoever was asked for counts as signed
  /// in.
  std::vector<std::string> identity_claims;
  RedirectRule redirect;
  Presence client_secret = Presence::kOptional;
  /// Whether a client secret goes into the header (RFC 6749 section 2.3.1). Nothing: neither the
  /// manifest nor metadata says so, and it goes into the form.
  std::optional<bool> client_secret_basic;
  Parameters authorization_parameters;
  Parameters token_parameters;  ///< Of every request for tokens or codes.
  std::map<Protocol, MailServer> servers;
  std::map<Protocol, SaslUser> sasl_user;  ///< For shared mailboxes; absent means kMailbox.
  /// As the manifest says it; device_flow() is the answer.
  std::optional<DeviceFlow> declared_device_flow;
  Mechanism mechanism = Mechanism::kXoauth2;  ///< Preferred where a server offers both.
  /// The longest line that may carry AUTH and the response together, line end included.
  std::size_t smtp_line_limit = 512;
  std::vector<std::string> domains;       ///< Lower case.
  std::vector<std::string> mx;            ///< Its mail exchangers, as patterns like the domains.
  std::vector<std::string> server_names;  ///< Its mail servers besides `servers`, as patterns.
  /// Https address with "{domain}" in it that knows every organization of the provider. Empty:
  /// none. An organization need not have its mail there.
  std::string tenant_discovery;
  /// Its servers for receiving take no password any more, not even one made for a program.
  bool no_passwords = false;
  std::chrono::seconds refresh_margin{300};
  bool revocation_ends_other_devices = false;
  std::string revocation_page;    ///< Where the person ends a grant, if there is no endpoint.
  std::string client_id;          ///< From an override file or a distributor; never shipped.
  std::string registration_page;  ///< How to get a client id.
  std::string ca_file;  ///< More certificates to trust (PEM, absolute); for private servers.

  /// How a client with a secret authenticates there.
  bool takes_basic() const { return client_secret_basic.value_or(false); }

  /// True when endpoints have to be fetched from the issuer first (RFC 8414).
  bool needs_metadata() const { return endpoints.token.empty(); }

  /// What the manifest declares; else kMail where an endpoint is known, which is settled only once
  /// the metadata is there. Never kMail without an endpoint.
  DeviceFlow device_flow() const;
};

/// The provider with "{tenant}" filled in everywhere. Fails with kConfig, naming the manifest, when
/// a tenant is needed and neither given nor in the manifest, or holds characters that would change
/// the address (anything but letters, digits, dots and hyphens).
Result<Provider> for_tenant(Provider provider, std::string_view tenant);

}  // namespace mail_oauth
