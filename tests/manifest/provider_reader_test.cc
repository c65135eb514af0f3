// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/provider_reader.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

Result<Provider> read(const std::string& text) {
  const auto document = Json::parse(text);
  REQUIRE(document);
  return manifest::read_provider(*document, "/etc/x/p.json");
}

// A manifest with one more member.
std::string with(const std::string& member) { return R"({"schema":1,"id":"p",)" + member + "}"; }

}  // namespace

TEST_CASE("a manifest is read field by field", "[manifest]") {
  const auto read_it = read(R"({
    "schema": 1, "id": "p", "name": "P", "issuer": "https://p.example/{tenantid}",
    "authorization_endpoint": "https://p.example/{tenant}/a", "token_endpoint": "http://127.0.0.1:8/t",
    "revocation_endpoint": "https://p.example/r", "tenant": "t1", "iss_parameter": "required",
    "scopes": {"imap": ["I"], "smtp": ["S", "T"], "always": ["offline_access"], "identity": ["openid"]},
    "identity_claims": ["upn"], "redirect": {"host": "localhost", "port": 4711, "path": "/cb"},
    "client_secret": "required", "authorization_parameters": {"prompt": "consent"}, "token_parameters": {"resource": "r"},
    "servers": {"smtp": {"host": "s.p.example", "port": 587, "tls": "starttls"}},
    "sasl_user": {"smtp": "identity"}, "domains": ["P.Example"], "refresh_margin": 60, "no_passwords": true,
    "revocation_ends_other_devices": true, "revocation_page": "https://p.example/apps",
    "client_id": "c", "registration_page": "https://p.example/reg", "ca_file": "/etc/ca.pem"})");

  REQUIRE(read_it);
  const Provider& provider = *read_it;
  CHECK(provider.id == "p");
  CHECK(provider.endpoints.issuer == "https://p.example/{tenantid}");
  CHECK(provider.endpoints.token == "http://127.0.0.1:8/t");
  CHECK(provider.iss == Presence::kRequired);
  CHECK(provider.scopes.mail.at(Protocol::kSmtp) == std::vector<std::string>{"S", "T"});
  CHECK(provider.scopes.mail.count(Protocol::kPop) == 0);
  CHECK(provider.redirect.port == 4711);
  CHECK(provider.client_secret == Presence::kRequired);
  CHECK(provider.authorization_parameters.at("prompt") == "consent");
  CHECK(provider.token_parameters.at("resource") == "r");
  CHECK(provider.servers.at(Protocol::kSmtp).tls == TlsMode::kStartTls);
  CHECK(provider.sasl_user.at(Protocol::kSmtp) == SaslUser::kIdentity);
  CHECK(provider.domains == std::vector<std::string>{"p.example"});
  CHECK(provider.refresh_margin == std::chrono::seconds(60));
  CHECK(provider.revocation_ends_other_devices);
  CHECK(provider.no_passwords);
  CHECK(provider.client_id == "c");
  CHECK(provider.ca_file == "/etc/ca.pem");
}

TEST_CASE("a manifest may say how a client authenticates", "[manifest]") {
  CHECK(read(R"({"schema":1,"id":"p","client_authentication":"client_secret_basic"})")
            ->takes_basic());
  CHECK(read(R"({"schema":1,"id":"p","client_authentication":"client_secret_post"})")
            ->client_secret_basic == false);
  CHECK_FALSE(read(R"({"schema":1,"id":"p"})")->client_secret_basic.has_value());
}

TEST_CASE("who signed in is read from the usual claims where the manifest does not say",
          "[manifest]") {
  using Claims = std::vector<std::string>;
  CHECK(read(R"({"schema":1,"id":"p"})")->identity_claims ==
        Claims{"preferred_username", "upn", "email"});
  CHECK(read(with(R"("identity_claims":["sub"])"))->identity_claims == Claims{"sub"});
  CHECK(read(with(R"("identity_claims":[])"))->identity_claims.empty());
}

TEST_CASE("a manifest says what the wire wants", "[manifest]") {
  const auto said = read(with(
      R"("mechanism":"OAUTHBEARER","line_limits":{"smtp":1000},"device_flow":"not_for_mail")"));
  REQUIRE(said);
  CHECK(said->mechanism == Mechanism::kOauthbearer);
  CHECK(said->smtp_line_limit == 1000);
  CHECK(said->device_flow() == DeviceFlow::kNotForMail);

  const auto silent = read(with(R"("line_limits":{})"));
  REQUIRE(silent);
  CHECK(silent->mechanism == Mechanism::kXoauth2);
  CHECK(silent->smtp_line_limit == 512);
}

TEST_CASE("the device flow follows the manifest, then the endpoint", "[manifest]") {
  const std::string endpoint = R"("device_authorization_endpoint":"https://p.example/d")";
  const auto [member, flow] = GENERATE_COPY(table<std::string, DeviceFlow>({
      {endpoint, DeviceFlow::kMail},
      {R"("name":"P")", DeviceFlow::kNone},
      {endpoint + R"(,"device_flow":"mail")", DeviceFlow::kMail},
      {endpoint + R"(,"device_flow":"none")", DeviceFlow::kNone},
      {endpoint + R"(,"device_flow":"not_for_mail")", DeviceFlow::kNotForMail},
      {R"("device_flow":"not_for_mail")", DeviceFlow::kNotForMail},
      {R"("device_flow":"mail")", DeviceFlow::kNone},  // until the metadata has its endpoint
  }));
  CAPTURE(member);

  const auto provider = read(with(member));

  REQUIRE(provider);
  CHECK(provider->device_flow() == flow);
}

TEST_CASE("a wrong manifest is refused by file and key", "[manifest]") {
  const auto [text, pointer] = GENERATE(table<std::string, std::string>({
      {R"({"id":"p"})", "/schema"},               // no schema
      {R"({"schema":2,"id":"p"})", "/schema"},    // a later schema
      {R"({"schema":"1","id":"p"})", "/schema"},  // wrong type
      {R"({"schema":1})", "/id"},                 // no id
      {R"({"schema":1,"id":"../p"})", "/id"},     // would leave the folder
      {R"([])", "/"},                             // no object
      {with(R"("nmae":"P")"), "/nmae"},           // a typing mistake
      {with(R"("a/b~c":"P")"), "/a~1b~0c"},       // RFC 6901
      {with(R"("name":1)"), "/name"},             // wrong type
      {with(R"("name":"")"), "/name"},            // empty
      {with(R"("name":"a\u001b[2J")"), "/name"},  // a terminal escape
      {with(R"("token_endpoint":"http://p.example/t")"), "/token_endpoint"},  // no TLS
      {with(R"("token_endpoint":"ftp://p.example/t")"), "/token_endpoint"},
      {with(R"("issuer":"http://p.example")"), "/issuer"},
      {with(R"("registration_page":"javascript:void")"), "/registration_page"},
      {with(R"("iss_parameter":"forbidden")"), "/iss_parameter"},
      {with(R"("scopes":{"imap":"I"})"), "/scopes/imap"},
      {with(R"("scopes":{"imap":[1]})"), "/scopes/imap"},
      {with(R"("scopes":{"jmap":["J"]})"), "/scopes/jmap"},
      {with(R"("redirect":{"host":"evil.example"})"), "/redirect/host"},
      {with(R"("redirect":{"port":65536})"), "/redirect/port"},
      {with(R"("redirect":{"port":1.5})"), "/redirect/port"},
      {with(R"("redirect":{"path":"cb"})"), "/redirect/path"},
      {with(R"("redirect":{"path":"/cb?x=1"})"), "/redirect/path"},
      {with(R"("servers":{"imap":{"host":"h","port":993,"tls":"none"}})"), "/servers/imap/tls"},
      {with(R"("servers":{"imap":{"host":"h","prot":993}})"), "/servers/imap/prot"},
      {with(R"("sasl_user":{"smtp":"me"})"), "/sasl_user/smtp"},
      {with(R"("device_flow":"yes")"), "/device_flow"},
      {with(R"("device_flow":true)"), "/device_flow"},
      {with(R"("mechanism":"xoauth2")"), "/mechanism"},
      {with(R"("mechanism":["XOAUTH2"])"), "/mechanism"},
      {with(R"("line_limits":512)"), "/line_limits"},
      {with(R"("line_limits":{"smtp":-1})"), "/line_limits/smtp"},
      {with(R"("line_limits":{"smtp":12289})"), "/line_limits/smtp"},
      {with(R"("line_limits":{"imap":512})"), "/line_limits/imap"},
      {with(R"("client_secret":"yes")"), "/client_secret"},
      {with(R"("client_authentication":"private_key_jwt")"), "/client_authentication"},
      {with(R"("authorization_parameters":{"prompt":1})"), "/authorization_parameters/prompt"},
      {with(R"("refresh_margin":-1)"), "/refresh_margin"},
      {with(R"("revocation_ends_other_devices":"no")"), "/revocation_ends_other_devices"},
      {with(R"("extends":"a/b")"), "/extends"},
      {with(R"("ca_file":"ca.pem")"), "/ca_file"},
  }));
  CAPTURE(text);

  const auto provider = read(text);

  REQUIRE_FALSE(provider);
  CHECK(provider.error().kind == Error::Kind::kConfig);
  CHECK(provider.error().what.find("/etc/x/p.json: " + pointer + ": ") == 0);
}

TEST_CASE("a provider that lacks what a sign-in needs is refused", "[manifest]") {
  const auto [member, missing] = GENERATE(table<std::string, std::string>({
      {R"("issuer":"https://p.example","scopes":{"imap":["I"]})", "/name"},
      {R"("name":"P","scopes":{"imap":["I"]})", "/authorization_endpoint"},
      {R"("name":"P","scopes":{"imap":["I"]},"authorization_endpoint":"https://p.example/a")",
       "/token_endpoint"},
      {R"("name":"P","scopes":{"imap":["I"]},"authorization_endpoint":"https://p.example/a","token_endpoint":"https://p.example/t","device_flow":"mail")",
       "/device_authorization_endpoint"},
      {R"("name":"P","issuer":"https://p.example")", "/scopes"},
      {R"("name":"P","issuer":"https://p.example","scopes":{"imap":["I"]},"servers":{"imap":{"port":1}})",
       "/servers/imap/host"},
  }));
  CAPTURE(member);
  const auto provider = read(with(member));
  REQUIRE(provider);

  const auto complete = manifest::check_complete(*provider);

  REQUIRE_FALSE(complete);
  CHECK(complete.error().kind == Error::Kind::kConfig);
  CHECK(complete.error().what.find("/etc/x/p.json: " + missing) == 0);
}

TEST_CASE("an issuer alone will do for the endpoints", "[manifest]") {
  const auto provider =
      read(with(R"("name":"P","issuer":"https://p.example","scopes":{"imap":["I"]})"));

  REQUIRE(provider);
  CHECK(manifest::check_complete(*provider));
  CHECK(provider->needs_metadata());
}

TEST_CASE("a manifest says how its addresses are known", "[manifest]") {
  const auto provider = read(
      with(R"("domains":["P.Example"],"mx":["*.MX.p.example"],"server_names":["imap.p.example"],
                   "tenant_discovery":"https://p.example/{domain}/about")"));

  REQUIRE(provider);
  CHECK(provider->mx == std::vector<std::string>{"*.mx.p.example"});
  CHECK(provider->server_names == std::vector<std::string>{"imap.p.example"});
  CHECK(provider->tenant_discovery == "https://p.example/{domain}/about");
}

TEST_CASE("a sign that stands for nothing is refused", "[manifest]") {
  const auto [member, pointer] = GENERATE(table<std::string, std::string>({
      {R"("domains":["*"])", "/domains"},
      {R"("mx":["https://mx.p.example"])", "/mx"},
      {R"("server_names":["p.example:993"])", "/server_names"},
      {R"("tenant_discovery":"https://p.example/")", "/tenant_discovery"},         // asks of nobody
      {R"("tenant_discovery":"http://p.example/{domain}")", "/tenant_discovery"},  // in the clear
      {R"("tenant_discovery":"https://p.example/{domain}/{x}")", "/tenant_discovery"},
  }));
  CAPTURE(member);

  const auto provider = read(with(member));

  REQUIRE_FALSE(provider);
  CHECK(provider.error().what.find(pointer + ": ") != std::string::npos);
}

TEST_CASE("an error about a manifest carries no escape sequence to the terminal", "[manifest]") {
  const auto document = Json::parse(R"({"schema": 1, "id": "x", "name\u001b[2J\u0000": "X"})");
  REQUIRE(document);
  const auto provider = manifest::read_provider(*document, "/x/x.json");
  REQUIRE_FALSE(provider);
  CHECK(provider.error().what.find('\x1b') == std::string::npos);
  CHECK(provider.error().what.find('\0') == std::string::npos);
  CHECK(provider.error().what.find("name?[2J?") != std::string::npos);
}
