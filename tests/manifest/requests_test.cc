// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every request that the shipped manifests build, against ones written out from the pages that are
// cited at each.
#include <set>

#include "manifest/catalog.h"
#include "oauth/authorization.h"
#include "oauth/device_authorization.h"
#include "oauth/token_request.h"
#include "support/catch.h"

using namespace mail_oauth;

namespace {

// "ADDRESS" or "ADDRESS BODY". Empty: the provider has no such request.
struct Requests {
  std::string id;
  std::string authorization;
  std::string redemption;
  std::string refresh;
  std::string device;
  std::string revocation;
};

std::vector<Requests> written_out() {
  // clang-format off
  return {
      // https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
      // https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
      // https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
      {"microsoft365",
       "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?response"
       "_type=code&client_id=CLIENT&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email&state=STATE&code_challenge=CHALLENGE"
       "&code_challenge_method=S256&login_hint=alice%40example.org",
       "https://login.microsoftonline.com/organizations/oauth2/v2.0/token grant_type=a"
       "uthorization_code&code=CODE&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&code_verifier=VERIFIER&client_id=CLIENT"
       "&scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       "https://login.microsoftonline.com/organizations/oauth2/v2.0/token grant_type=r"
       "efresh_token&refresh_token=REFRESH&client_id=CLIENT"
       "&scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       "https://login.microsoftonline.com/organizations/oauth2/v2.0/devicecode client_"
       "id=CLIENT&scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       ""},
      // https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
      // https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
      // https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth (Microsoft 365 and Outlook.com users)
      {"outlook.com",
       "https://login.microsoftonline.com/consumers/oauth2/v2.0/authorize?response_typ"
       "e=code&client_id=CLIENT&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email&state=STATE&code_challenge=CHALLENGE"
       "&code_challenge_method=S256&login_hint=alice%40example.org",
       "https://login.microsoftonline.com/consumers/oauth2/v2.0/token grant_type=autho"
       "rization_code&code=CODE&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&code_verifier=VERIFIER&client_id=CLIENT"
       "&scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       "https://login.microsoftonline.com/consumers/oauth2/v2.0/token grant_type=refre"
       "sh_token&refresh_token=REFRESH&client_id=CLIENT"
       "&scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       "https://login.microsoftonline.com/consumers/oauth2/v2.0/devicecode client_id=C"
       "LIENT&scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office.com%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       ""},
      // https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
      // https://github.com/tarickb/sasl-xoauth2 (scopes)
      {"microsoft365-gcc-high",
       "https://login.microsoftonline.us/organizations/oauth2/v2.0/authorize?response_"
       "type=code&client_id=CLIENT&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&scope=https%3A%2F%2Foutlook.office365.us%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email&state=STATE&code_challenge=CHALLENGE"
       "&code_challenge_method=S256&login_hint=alice%40example.org",
       "https://login.microsoftonline.us/organizations/oauth2/v2.0/token grant_type=au"
       "thorization_code&code=CODE&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&code_verifier=VERIFIER&client_id=CLIENT"
       "&scope=https%3A%2F%2Foutlook.office365.us%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       "https://login.microsoftonline.us/organizations/oauth2/v2.0/token grant_type=re"
       "fresh_token&refresh_token=REFRESH&client_id=CLIENT"
       "&scope=https%3A%2F%2Foutlook.office365.us%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       "https://login.microsoftonline.us/organizations/oauth2/v2.0/devicecode client_i"
       "d=CLIENT&scope=https%3A%2F%2Foutlook.office365.us%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       ""},
      // https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
      // https://github.com/tarickb/sasl-xoauth2 (scopes; others disagree)
      {"microsoft365-dod",
       "https://login.microsoftonline.us/organizations/oauth2/v2.0/authorize?response_"
       "type=code&client_id=CLIENT&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&scope=https%3A%2F%2Foutlook.office365.us%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email&state=STATE&code_challenge=CHALLENGE"
       "&code_challenge_method=S256&login_hint=alice%40example.org",
       "https://login.microsoftonline.us/organizations/oauth2/v2.0/token grant_type=au"
       "thorization_code&code=CODE&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&code_verifier=VERIFIER&client_id=CLIENT"
       "&scope=https%3A%2F%2Foutlook.office365.us%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       "https://login.microsoftonline.us/organizations/oauth2/v2.0/token grant_type=re"
       "fresh_token&refresh_token=REFRESH&client_id=CLIENT"
       "&scope=https%3A%2F%2Foutlook.office365.us%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       "https://login.microsoftonline.us/organizations/oauth2/v2.0/devicecode client_i"
       "d=CLIENT&scope=https%3A%2F%2Foutlook.office365.us%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Foutlook.office365.us%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       ""},
      // https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
      // https://github.com/tarickb/sasl-xoauth2 (scopes)
      {"microsoft365-21vianet",
       "https://login.partner.microsoftonline.cn/organizations/oauth2/v2.0/authorize?r"
       "esponse_type=code&client_id=CLIENT"
       "&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&scope=https%3A%2F%2Fpartner.outlook.cn%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email&state=STATE&code_challenge=CHALLENGE"
       "&code_challenge_method=S256&login_hint=alice%40example.org",
       "https://login.partner.microsoftonline.cn/organizations/oauth2/v2.0/token grant"
       "_type=authorization_code&code=CODE"
       "&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F&code_verifier=VERIFIER"
       "&client_id=CLIENT&scope=https%3A%2F%2Fpartner.outlook.cn%2FIMAP.AccessAsUser.A"
       "ll%20https%3A%2F%2Fpartner.outlook.cn%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       "https://login.partner.microsoftonline.cn/organizations/oauth2/v2.0/token grant"
       "_type=refresh_token&refresh_token=REFRESH&client_id=CLIENT"
       "&scope=https%3A%2F%2Fpartner.outlook.cn%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       "https://login.partner.microsoftonline.cn/organizations/oauth2/v2.0/devicecode "
       "client_id=CLIENT&scope=https%3A%2F%2Fpartner.outlook.cn%2FIMAP.AccessAsUser.Al"
       "l%20https%3A%2F%2Fpartner.outlook.cn%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email",
       ""},
      // https://github.com/simonrob/email-oauth2-proxy (token endpoint and resource)
      {"microsoft365-21vianet-v1",
       "https://login.partner.microsoftonline.cn/organizations/oauth2/authorize?respon"
       "se_type=code&client_id=CLIENT&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&scope=https%3A%2F%2Fpartner.outlook.cn%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email&state=STATE&code_challenge=CHALLENGE"
       "&code_challenge_method=S256&login_hint=alice%40example.org"
       "&resource=https%3A%2F%2Fpartner.outlook.cn",
       "https://login.partner.microsoftonline.cn/organizations/oauth2/token grant_type"
       "=authorization_code&code=CODE&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&code_verifier=VERIFIER&client_id=CLIENT"
       "&scope=https%3A%2F%2Fpartner.outlook.cn%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email&resource=https%3A%2F%2Fpartner.outlook.cn",
       "https://login.partner.microsoftonline.cn/organizations/oauth2/token grant_type"
       "=refresh_token&refresh_token=REFRESH&client_id=CLIENT"
       "&scope=https%3A%2F%2Fpartner.outlook.cn%2FIMAP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FPOP.AccessAsUser.All"
       "%20https%3A%2F%2Fpartner.outlook.cn%2FSMTP.Send%20offline_access%20openid"
       "%20profile%20email&resource=https%3A%2F%2Fpartner.outlook.cn",
       "",
       ""},
      // https://developers.google.com/identity/protocols/oauth2/native-app
      // https://developers.google.com/workspace/gmail/imap/xoauth2-protocol (scope)
      {"google",
       "https://accounts.google.com/o/oauth2/v2/auth?response_type=code"
       "&client_id=CLIENT&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2F"
       "&scope=https%3A%2F%2Fmail.google.com%2F%20openid%20email&state=STATE"
       "&code_challenge=CHALLENGE&code_challenge_method=S256"
       "&login_hint=alice%40example.org&access_type=offline&prompt=consent",
       "https://oauth2.googleapis.com/token grant_type=authorization_code&code=CODE"
       "&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2F&code_verifier=VERIFIER"
       "&client_id=CLIENT&client_secret=SECRET"
       "&scope=https%3A%2F%2Fmail.google.com%2F%20openid%20email",
       "https://oauth2.googleapis.com/token grant_type=refresh_token"
       "&refresh_token=REFRESH&client_id=CLIENT&client_secret=SECRET"
       "&scope=https%3A%2F%2Fmail.google.com%2F%20openid%20email",
       "",
       "https://oauth2.googleapis.com/revoke token=REFRESH"
       "&token_type_hint=refresh_token&client_id=CLIENT&client_secret=SECRET"},
      // https://senders.yahooinc.com/developer/documentation/
      {"yahoo",
       "https://api.login.yahoo.com/oauth2/request_auth?response_type=code"
       "&client_id=CLIENT&redirect_uri=https%3A%2F%2Fclient.example%2Fback"
       "&scope=mail-w&state=STATE&code_challenge=CHALLENGE&code_challenge_method=S256"
       "&login_hint=alice%40example.org",
       "https://api.login.yahoo.com/oauth2/get_token grant_type=authorization_code"
       "&code=CODE&redirect_uri=https%3A%2F%2Fclient.example%2Fback"
       "&code_verifier=VERIFIER&client_id=CLIENT&client_secret=SECRET&scope=mail-w",
       "https://api.login.yahoo.com/oauth2/get_token grant_type=refresh_token"
       "&refresh_token=REFRESH&client_id=CLIENT&client_secret=SECRET&scope=mail-w",
       "",
       ""},
      // https://senders.yahooinc.com/developer/documentation/
      {"aol",
       "https://api.login.aol.com/oauth2/request_auth?response_type=code"
       "&client_id=CLIENT&redirect_uri=https%3A%2F%2Fclient.example%2Fback"
       "&scope=mail-w&state=STATE&code_challenge=CHALLENGE&code_challenge_method=S256"
       "&login_hint=alice%40example.org",
       "https://api.login.aol.com/oauth2/get_token grant_type=authorization_code"
       "&code=CODE&redirect_uri=https%3A%2F%2Fclient.example%2Fback"
       "&code_verifier=VERIFIER&client_id=CLIENT&client_secret=SECRET&scope=mail-w",
       "https://api.login.aol.com/oauth2/get_token grant_type=refresh_token"
       "&refresh_token=REFRESH&client_id=CLIENT&client_secret=SECRET&scope=mail-w",
       "",
       ""},
      // https://www.fastmail.com/for-developers/oauth/
      {"fastmail",
       "https://api.fastmail.com/oauth/authorize?response_type=code&client_id=CLIENT"
       "&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&scope=https%3A%2F%2Fwww.fastmail.com%2Fdev%2Fprotocol-imap"
       "%20https%3A%2F%2Fwww.fastmail.com%2Fdev%2Fprotocol-pop"
       "%20https%3A%2F%2Fwww.fastmail.com%2Fdev%2Fprotocol-smtp%20offline_access"
       "&state=STATE&code_challenge=CHALLENGE&code_challenge_method=S256"
       "&login_hint=alice%40example.org",
       "https://api.fastmail.com/oauth/refresh grant_type=authorization_code"
       "&code=CODE&redirect_uri=http%3A%2F%2Flocalhost%3A4711%2F"
       "&code_verifier=VERIFIER&client_id=CLIENT"
       "&scope=https%3A%2F%2Fwww.fastmail.com%2Fdev%2Fprotocol-imap"
       "%20https%3A%2F%2Fwww.fastmail.com%2Fdev%2Fprotocol-pop"
       "%20https%3A%2F%2Fwww.fastmail.com%2Fdev%2Fprotocol-smtp%20offline_access",
       "https://api.fastmail.com/oauth/refresh grant_type=refresh_token"
       "&refresh_token=REFRESH&client_id=CLIENT"
       "&scope=https%3A%2F%2Fwww.fastmail.com%2Fdev%2Fprotocol-imap"
       "%20https%3A%2F%2Fwww.fastmail.com%2Fdev%2Fprotocol-pop"
       "%20https%3A%2F%2Fwww.fastmail.com%2Fdev%2Fprotocol-smtp%20offline_access",
       "",
       ""},
      // https://yandex.com/dev/id/doc/en/codes/code-url
      {"yandex",
       "https://oauth.yandex.com/authorize?response_type=code&client_id=CLIENT"
       "&redirect_uri=https%3A%2F%2Fclient.example%2Fback&scope=mail%3Aimap_full"
       "%20mail%3Asmtp&state=STATE&code_challenge=CHALLENGE"
       "&code_challenge_method=S256&login_hint=alice%40example.org",
       "https://oauth.yandex.com/token grant_type=authorization_code&code=CODE"
       "&redirect_uri=https%3A%2F%2Fclient.example%2Fback&code_verifier=VERIFIER"
       "&client_id=CLIENT&client_secret=SECRET&scope=mail%3Aimap_full%20mail%3Asmtp",
       "https://oauth.yandex.com/token grant_type=refresh_token&refresh_token=REFRESH"
       "&client_id=CLIENT&client_secret=SECRET&scope=mail%3Aimap_full%20mail%3Asmtp",
       "",
       ""},
      // https://biz.mail.ru/developer/oauth.html
      {"mail.ru",
       "https://o2.mail.ru/login?response_type=code&client_id=CLIENT"
       "&redirect_uri=https%3A%2F%2Fclient.example%2Fback&scope=mail.imap%20userinfo"
       "&state=STATE&code_challenge=CHALLENGE&code_challenge_method=S256"
       "&login_hint=alice%40example.org",
       "https://o2.mail.ru/token grant_type=authorization_code&code=CODE"
       "&redirect_uri=https%3A%2F%2Fclient.example%2Fback&code_verifier=VERIFIER"
       "&client_id=CLIENT&client_secret=SECRET&scope=mail.imap%20userinfo",
       "https://o2.mail.ru/token grant_type=refresh_token&refresh_token=REFRESH"
       "&client_id=CLIENT&client_secret=SECRET&scope=mail.imap%20userinfo",
       "",
       ""},
      // https://github.com/mozilla/releases-comm-central mailnews/base/src/OAuth2Providers.sys.mjs
      {"comcast",
       "https://oauth.xfinity.com/oauth/authorize?response_type=code&client_id=CLIENT"
       "&redirect_uri=https%3A%2F%2Fclient.example%2Fback"
       "&scope=https%3A%2F%2Femail.comcast.net%2F%20profile%20openid&state=STATE"
       "&code_challenge=CHALLENGE&code_challenge_method=S256"
       "&login_hint=alice%40example.org",
       "https://oauth.xfinity.com/oauth/token grant_type=authorization_code&code=CODE"
       "&redirect_uri=https%3A%2F%2Fclient.example%2Fback&code_verifier=VERIFIER"
       "&client_id=CLIENT&client_secret=SECRET"
       "&scope=https%3A%2F%2Femail.comcast.net%2F%20profile%20openid",
       "https://oauth.xfinity.com/oauth/token grant_type=refresh_token"
       "&refresh_token=REFRESH&client_id=CLIENT&client_secret=SECRET"
       "&scope=https%3A%2F%2Femail.comcast.net%2F%20profile%20openid",
       "",
       ""},
  };
  // clang-format on
}

// As a sign-in builds them, with all protocols that the provider has.
Requests built(const Provider& shipped) {
  auto filled = for_tenant(shipped, "");
  REQUIRE(filled);
  Provider& provider = *filled;
  // What the client was registered with is not the provider's to say.
  if (provider.redirect.kind == RedirectKind::kRegistered) {
    provider.redirect.uri = "https://client.example/back";
  }
  const bool with_secret = provider.client_secret != Presence::kForbidden;
  const Client client{{provider.id, "CLIENT", ""},
                      ClientSecret(Secret(with_secret ? "SECRET" : ""))};
  std::vector<Protocol> protocols;
  for (const auto& mail : provider.scopes.mail) protocols.push_back(mail.first);
  const std::string redirect = provider.redirect.address(4711);
  const auto scope = oauth::requested_scope(provider, protocols);
  const auto url = oauth::authorization_url(
      {provider, client.key, protocols, redirect, "STATE", "CHALLENGE", "alice@example.org"});
  REQUIRE(scope);
  REQUIRE(url);
  const AuthorizationCode code(Secret("CODE"));
  const CodeVerifier verifier(Secret("VERIFIER"));
  const RefreshToken token(Secret("REFRESH"));
  const auto post = [](const std::string& address, const Secret& body) {
    return address + " " + std::string(body.reveal());
  };
  const Endpoints& at = provider.endpoints;
  Requests requests;
  requests.id = provider.id;
  requests.authorization = *url;
  requests.redemption =
      post(at.token, oauth::redemption_body(client, {code, verifier, redirect, *scope},
                                            provider.token_parameters));
  requests.refresh =
      post(at.token, oauth::refresh_body(client, token, *scope, provider.token_parameters));
  if (provider.device_flow() == DeviceFlow::kMail) {
    requests.device = post(at.device_authorization, oauth::device_authorization_body(
                                                        client, *scope, provider.token_parameters));
  }
  if (!at.revocation.empty()) {
    requests.revocation = post(at.revocation, oauth::revocation_body(client, token));
  }
  return requests;
}

}  // namespace

TEST_CASE("each shipped manifest builds the requests of its provider's pages", "[manifest]") {
  const auto catalog = manifest::Catalog::load({SHIPPED_MANIFESTS});
  for (const Requests& expected : written_out()) {
    CAPTURE(expected.id);
    const auto provider = catalog.find(expected.id);
    REQUIRE(provider);

    const Requests requests = built(*provider);

    CHECK(requests.authorization == expected.authorization);
    CHECK(requests.redemption == expected.redemption);
    CHECK(requests.refresh == expected.refresh);
    CHECK(requests.device == expected.device);
    CHECK(requests.revocation == expected.revocation);
  }
}

TEST_CASE("no shipped manifest is left out of the comparison", "[manifest]") {
  std::set<std::string> compared;
  std::set<std::string> shipped;
  for (const Requests& requests : written_out()) compared.insert(requests.id);
  const auto catalog = manifest::Catalog::load({SHIPPED_MANIFESTS});
  for (const Provider& provider : catalog.providers()) shipped.insert(provider.id);

  CHECK(compared == shipped);
}

TEST_CASE("a protocol without a scope is refused by its name", "[manifest]") {
  const auto id = GENERATE(as<std::string>{}, "yandex", "mail.ru");
  const auto provider = manifest::Catalog::load({SHIPPED_MANIFESTS}).find(id);
  REQUIRE(provider);

  const auto scope = oauth::requested_scope(*provider, {Protocol::kImap, Protocol::kPop});

  REQUIRE_FALSE(scope);
  CHECK(scope.error().kind == Error::Kind::kConfig);
  CHECK(scope.error().what.find("POP3") != std::string::npos);
  CHECK(scope.error().what.find(provider->name) != std::string::npos);
}
