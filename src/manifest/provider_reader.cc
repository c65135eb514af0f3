// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/provider_reader.h"

#include <glib.h>

#include <algorithm>

#include "base/cptr.h"
#include "base/i18n.h"
#include "manifest/field_reader.h"
#include "manifest/name_pattern.h"
#include "oauth/metadata.h"

namespace mail_oauth::manifest {

namespace {

void read_identity_of_file(FieldReader& root, Provider& provider) {
  if (root.integer("schema", 1, 1, 0) != 1) {
    root.complain("schema", _("is missing: this version reads schema 1."));
  }
  provider.id = root.text("id");
  if (!acceptable_id(provider.id)) {
    root.complain("id", _("has to be lower-case letters, digits, \".\", \"_\" and \"-\"."));
  }
  const std::string base = root.text("extends");
  if (!base.empty() && !acceptable_id(base)) {
    root.complain("extends", _("has to be the id of a provider."));
  }
  provider.name = root.text("name");
  root.flag("template");
}

void read_endpoints(FieldReader& root, Provider& provider) {
  provider.endpoints.issuer = root.endpoint("issuer");
  provider.endpoints.authorization = root.endpoint("authorization_endpoint");
  provider.endpoints.token = root.endpoint("token_endpoint");
  provider.endpoints.device_authorization = root.endpoint("device_authorization_endpoint");
  provider.endpoints.revocation = root.endpoint("revocation_endpoint");
  const std::string device = root.word("device_flow", {"mail", "not_for_mail", "none"});
  if (device == "mail") provider.declared_device_flow = DeviceFlow::kMail;
  if (device == "not_for_mail") provider.declared_device_flow = DeviceFlow::kNotForMail;
  if (device == "none") provider.declared_device_flow = DeviceFlow::kNone;
  provider.tenant = root.text("tenant");
  if (root.word("iss_parameter", {"required", "optional"}) == "required") {
    provider.iss = Presence::kRequired;
  }
  provider.ca_file = root.text("ca_file");
  if (!provider.ca_file.empty() && provider.ca_file[0] != '/') {
    root.complain("ca_file", _("has to be an absolute path."));
  }
}

// https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope and RFC 6749
// section 4.4: both ask for what was given to the program, and not to a person.
void refuse_client_credentials(FieldReader& root, FieldReader& reader, const Scopes& scopes) {
  const std::string why =
      _("asks for client credentials: the program itself would sign in. These permissions are a "
        "person's (delegated), and tokens for a program do not carry them. For access without a "
        "person use the provider's own interface, such as Microsoft Graph.");
  const auto look = [&](std::string_view key, const std::vector<std::string>& names) {
    constexpr std::string_view kDefault = "/.default";
    for (const std::string& name : names) {
      if (name.size() >= kDefault.size() &&
          name.compare(name.size() - kDefault.size(), kDefault.size(), kDefault) == 0) {
        reader.complain(key, why);
      }
    }
  };
  for (const auto& mail : scopes.mail) look(protocol_word(mail.first), mail.second);
  look("always", scopes.always);
  look("identity", scopes.identity);
  if (root.has("grant_type")) root.complain("grant_type", why);
  for (const char* key : {"authorization_parameters", "token_parameters"}) {
    FieldReader extra = root.object(key);
    if (extra.has("grant_type")) extra.complain("grant_type", why);
  }
}

void read_scopes(FieldReader& root, Provider& provider) {
  FieldReader scopes = root.object("scopes");
  for (const Protocol protocol : kProtocols) {
    auto mail = scopes.texts(protocol_word(protocol));
    if (!mail.empty()) provider.scopes.mail[protocol] = std::move(mail);
  }
  provider.scopes.always = scopes.texts("always");
  provider.scopes.identity = scopes.texts("identity");
  refuse_client_credentials(root, scopes, provider.scopes);
  scopes.finish();
  provider.scopes.resource = root.page("scope_resource");
  if (!provider.scopes.resource.empty() && provider.scopes.resource.back() != '/') {
    root.complain("scope_resource", _("has to end with \"/\"."));
  }
  const bool said = root.has("identity_claims");
  provider.identity_claims = root.texts("identity_claims");
  if (!said) provider.identity_claims = {"preferred_username", "upn", "email"};
}

void read_redirect(FieldReader& root, Provider& provider) {
  FieldReader redirect = root.object("redirect");
  if (redirect.word("kind", {"loopback", "registered"}) == "registered") {
    provider.redirect.kind = RedirectKind::kRegistered;
  }
  provider.redirect.uri = redirect.endpoint("uri");
  const std::string host = redirect.word("host", {"127.0.0.1", "[::1]", "localhost"});
  if (!host.empty()) provider.redirect.host = host;
  provider.redirect.port = static_cast<int>(redirect.integer("port", 0, 65535, 0));
  const std::string path = redirect.text("path");
  if (!path.empty()) provider.redirect.path = path;
  if (provider.redirect.path[0] != '/' ||
      provider.redirect.path.find_first_of("?# %") != std::string::npos) {
    redirect.complain("path", _("has to begin with \"/\" and be a plain path."));
  }
  redirect.finish();
}

Parameters read_parameters(FieldReader& root, std::string_view key) {
  Parameters parameters;
  FieldReader extra = root.object(key);
  for (const std::string& name : extra.keys()) parameters[name] = extra.text(name);
  return parameters;
}

void read_client(FieldReader& root, Provider& provider) {
  const std::string secret = root.word("client_secret", {"forbidden", "optional", "required"});
  if (secret == "forbidden") provider.client_secret = Presence::kForbidden;
  if (secret == "required") provider.client_secret = Presence::kRequired;
  const std::string basic =
      root.word("client_authentication", {"client_secret_post", "client_secret_basic"});
  if (!basic.empty()) provider.client_secret_basic = basic == "client_secret_basic";
  provider.client_id = root.text("client_id");
  provider.registration_page = root.page("registration_page");
  provider.authorization_parameters = read_parameters(root, "authorization_parameters");
  provider.token_parameters = read_parameters(root, "token_parameters");
}

void read_servers(FieldReader& root, Provider& provider) {
  FieldReader servers = root.object("servers");
  for (const Protocol protocol : kProtocols) {
    const auto key = protocol_word(protocol);
    if (!servers.has(key)) {
      servers.object(key);
      continue;
    }
    FieldReader fields = servers.object(key);
    MailServer server;
    server.host = fields.text("host");
    server.port = static_cast<int>(fields.integer("port", 1, 65535, 0));
    if (fields.word("tls", {"tls", "starttls"}) == "starttls") server.tls = TlsMode::kStartTls;
    fields.finish();
    provider.servers[protocol] = std::move(server);
  }
  servers.finish();
}

void read_sasl_user(FieldReader& root, Provider& provider) {
  FieldReader users = root.object("sasl_user");
  for (const Protocol protocol : kProtocols) {
    const std::string user = users.word(protocol_word(protocol), {"mailbox", "identity"});
    if (user.empty()) continue;
    provider.sasl_user[protocol] = user == "identity" ? SaslUser::kIdentity : SaslUser::kMailbox;
  }
  users.finish();
}

void read_wire(FieldReader& root, Provider& provider) {
  if (root.word("mechanism", {"XOAUTH2", "OAUTHBEARER"}) == "OAUTHBEARER") {
    provider.mechanism = Mechanism::kOauthbearer;
  }
  // RFC 5321 section 4.5.3.1.4 has 512; RFC 4954 section 4 lets AUTH take 12288 at most. 0: always
  // two lines.
  FieldReader limits = root.object("line_limits");
  provider.smtp_line_limit = static_cast<std::size_t>(limits.integer("smtp", 0, 12288, 512));
  limits.finish();
}

std::vector<std::string> read_patterns(FieldReader& root, std::string_view key) {
  std::vector<std::string> patterns = root.texts(key);
  for (std::string& pattern : patterns) {
    pattern = GCharPtr(g_ascii_strdown(pattern.c_str(), -1)).get();
    if (!acceptable_pattern(pattern)) {
      root.complain(key, _("has to hold names such as \"example.com\" or \"*.example.com\"."));
    }
  }
  return patterns;
}

// How an address is known to be this provider's.
void read_signs(FieldReader& root, Provider& provider) {
  provider.domains = read_patterns(root, "domains");
  provider.mx = read_patterns(root, "mx");
  provider.server_names = read_patterns(root, "server_names");
  provider.tenant_discovery = root.text("tenant_discovery");
  if (provider.tenant_discovery.empty()) return;
  std::string example = provider.tenant_discovery;
  const auto at = example.find(kDomainPlaceholder);
  if (at != std::string::npos) example.replace(at, kDomainPlaceholder.size(), "example.com");
  if (at == std::string::npos || !oauth::acceptable_endpoint(example) ||
      example.find('{') != std::string::npos) {
    root.complain("tenant_discovery", _("has to be an https address with one \"{domain}\" in it."));
  }
}

// A scope without its resource is taken for one of some other service.
void check_resource(const Scopes& scopes, Report& report) {
  for (const auto& mail : scopes.mail) {
    for (const std::string& scope : mail.second) {
      if (scope.rfind(scopes.resource, 0) == 0) continue;
      report.add("/scopes/" + std::string(protocol_word(mail.first)),
                 format(_("\"{1}\" does not begin with its resource, {2}. Without it, the token is "
                          "for another service, and the mail servers refuse it."),
                        {scope, scopes.resource}));
    }
  }
}

}  // namespace

bool acceptable_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && id[0] != '.' &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return g_ascii_islower(c) || g_ascii_isdigit(c) || c == '.' || c == '_' || c == '-';
         });
}

Result<Provider> read_provider(const Json& document, const std::string& file) {
  Report report{file, {}};
  if (!document.is_object()) {
    report.add("/", _("has to be an object, {...}."));
    return *report.error;
  }
  Provider provider;
  provider.file = file;
  FieldReader root(document.duplicate(), "", report);
  read_identity_of_file(root, provider);
  read_endpoints(root, provider);
  read_scopes(root, provider);
  read_redirect(root, provider);
  read_client(root, provider);
  read_servers(root, provider);
  read_sasl_user(root, provider);
  read_wire(root, provider);
  read_signs(root, provider);
  provider.no_passwords = root.flag("no_passwords");
  provider.refresh_margin = std::chrono::seconds(
      root.integer("refresh_margin", 0, 86400, provider.refresh_margin.count()));
  provider.revocation_ends_other_devices = root.flag("revocation_ends_other_devices");
  provider.revocation_page = root.page("revocation_page");
  root.object("sources");
  root.finish();
  if (report.error) return *report.error;
  return provider;
}

Result<void> check_complete(const Provider& provider) {
  Report report{provider.file, {}};
  const auto require = [&report](bool there, const char* key) {
    if (!there) report.add(key, _("is missing, and no extended manifest has it."));
  };
  require(!provider.name.empty(), "/name");
  const Endpoints& endpoints = provider.endpoints;
  if (endpoints.issuer.empty() || !endpoints.authorization.empty() || !endpoints.token.empty()) {
    require(!endpoints.authorization.empty(), "/authorization_endpoint");
    require(!endpoints.token.empty(), "/token_endpoint");
  }
  require(provider.declared_device_flow != DeviceFlow::kMail || endpoints.token.empty() ||
              !endpoints.device_authorization.empty(),
          "/device_authorization_endpoint");
  require(!provider.scopes.mail.empty(), "/scopes");
  check_resource(provider.scopes, report);
  for (const auto& server : provider.servers) {
    const std::string at = "/servers/" + std::string(protocol_word(server.first));
    require(!server.second.host.empty(), (at + "/host").c_str());
    require(server.second.port != 0, (at + "/port").c_str());
  }
  if (report.error) return *report.error;
  return {};
}

}  // namespace mail_oauth::manifest
