// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recorded and documented answers of providers and mail servers, through the readers that the
// program uses, to the explanation.
#include "explain/explanation.h"

#include <optional>

#include "etpan/refusal.h"
#include "oauth/authorization.h"
#include "oauth/token_answer.h"
#include "support/catch.h"

using namespace mail_oauth;
using etpan::Reply;
using explain::Who;

namespace {

struct Body {
  const char* text;
  int status;
  const char* id;
  Who who;
};

// clang-format off
const std::vector<Body> kBodies = {
    // Microsoft, "authentication and authorization error codes", sample error response
    {R"({"error":"invalid_scope","error_description":"AADSTS70011: The provided value for the input parameter 'scope' isn't valid. The scope https://example.contoso.com/activity.read isn't valid.\r\nTrace ID: 0000aaaa-11bb-cccc-dd33-eeeeee333333\r\nCorrelation ID: aaaa0000-bb11-2222-33cc-444444dddddd\r\nTimestamp: 2016-01-09 02:02:12Z","error_codes":[70011],"correlation_id":"aaaa0000-bb11-2222-33cc-444444dddddd","error_uri":"https://login.microsoftonline.com/error?code=70011"})",
     400, "scope", Who::kUs},
    // the same page, AADSTS50076, in the form of the sample
    {R"({"error":"interaction_required","error_description":"AADSTS50076: Due to a configuration change made by the admin such as a Conditional Access policy, per-user enforcement, or because you moved to a new location, the user must use multifactor authentication to access the resource.","error_codes":[50076],"suberror":"basic_action"})",
     400, "second-factor", Who::kYou},
    // the same page, AADSTS700082
    {R"({"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired due to inactivity. The token was issued on 2024-01-01 and was inactive for 90.00:00:00.","error_codes":[700082]})",
     400, "sign-in-ended", Who::kYou},
    // the same page, AADSTS53003
    {R"({"error":"invalid_grant","error_description":"AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.","error_codes":[53003],"suberror":"message_only"})",
     400, "conditional-access", Who::kAdministrator},
    // the same page, AADSTS7000218
    {R"({"error":"invalid_client","error_description":"AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.","error_codes":[7000218]})",
     401, "secret-missing", Who::kAdministrator},
    // the same page, AADSTS50196
    {R"({"error":"invalid_grant","error_description":"AADSTS50196: The server terminated an operation because it encountered a client request loop. Please contact your app vendor.","error_codes":[50196]})",
     400, "too-often", Who::kUs},
    // the same page, AADSTS90033, with a status that says so too
    {R"({"error":"temporarily_unavailable","error_description":"AADSTS90033: A transient error has occurred. Please try again.","error_codes":[90033]})",
     503, "provider-busy", Who::kProvider},
    // a number that nobody has words for falls back to the error field
    {R"({"error":"invalid_grant","error_description":"AADSTS1234567: Something new.","error_codes":[1234567]})",
     400, "sign-in-again", Who::kYou},
    // ... and to the suberror, MSAL's "bad_token"
    {R"({"error":"invalid_grant","error_description":"AADSTS1234567: Something new.","suberror":"bad_token"})",
     400, "sign-in-ended", Who::kYou},
    // Microsoft, "OAuth 2.0 device authorization grant", expected errors
    {R"({"error":"authorization_pending","error_description":"AADSTS70016: OAuth 2.0 device flow error. Authorization is pending. Continue polling.","error_codes":[70016]})",
     400, "device-pending", Who::kYou},
    {R"({"error":"authorization_declined"})", 400, "declined", Who::kYou},
    {R"({"error":"bad_verification_code"})", 400, "device-code-wrong", Who::kYou},
    {R"({"error":"expired_token"})", 400, "device-code-expired", Who::kYou},
    // Google: django-gmailapi-backend issue 9
    {R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})", 400, "google-revoked", Who::kYou},
    // Google: gmail-oauth2-tools issue 29
    {R"({"error":"invalid_grant","error_description":"Bad Request"})", 400, "google-revoked", Who::kYou},
    // Google: sasl-xoauth2 issue 95
    {R"({"error":"invalid_client","error_description":"The OAuth client was not found."})", 401, "client-unknown", Who::kYou},
    // Google: git-credential-oauth issue 38
    {R"({"error":"invalid_scope","error_description":"Invalid device flow scope: https://mail.google.com/"})", 400, "google-device-scope", Who::kYou},
    // Google: google-auth-library-python, session control
    {R"json({"error":"invalid_grant","error_description":"reauth related error (invalid_rapt)","error_uri":"https://support.google.com/a/answer/9368756","error_subtype":"invalid_rapt"})json",
     400, "sign-in-frequency", Who::kYou},
    // Yahoo: yahoo-oauth issue 51
    {R"({"error":"INVALID_REFRESH_TOKEN","error_description":"Failed to decode/encode refresh token"})", 400, "sign-in-ended", Who::kYou},
    // RFC 6749 section 5.2
    {R"({"error":"invalid_request"})", 400, "request-refused", Who::kUs},
    {R"({"error":"unauthorized_client"})", 400, "client-refused", Who::kYou},
    // a captive portal
    {"<html><body>Please accept our terms</body></html>", 200, "unexpected-answer", Who::kProvider},
    // an empty 400
    {"", 400, "unexpected-answer", Who::kProvider},
};

struct Query {
  const char* text;
  const char* id;
  Who who;
};

const std::vector<Query> kRedirects = {
    // Microsoft: PuzzleServer mainpuzzleserver issue 571
    {"state=s&error=consent_required&error_description=AADSTS65004%3a+User+declined+to+consent+to+access+the+app.", "declined", Who::kYou},
    // Microsoft, "authorization code flow", error response
    {"state=s&error=access_denied&error_description=the+user+canceled+the+authentication", "access-denied", Who::kYou},
    {"state=s&error=access_denied&error_description=AADSTS90094%3a+Administrator+consent+is+required.%0d%0aTrace+ID%3a+x", "consent-admin", Who::kAdministrator},
    // Google, "OAuth 2.0 for desktop apps", errors
    {"state=s&error=admin_policy_enforced", "google-workspace", Who::kAdministrator},
    {"state=s&error=org_internal", "google-workspace", Who::kAdministrator},
    {"state=s&error=disallowed_useragent", "browser-refused", Who::kUs},
    {"state=s&error=redirect_uri_mismatch", "redirect", Who::kAdministrator},
};

struct Answer {
  Protocol protocol;
  const char* text;
  int number;
  const char* code;
  const char* id;
  const char* id_shared;  ///< When a shared mailbox is opened.
  Who who;
};

constexpr Protocol kImap = Protocol::kImap;
constexpr Protocol kPop = Protocol::kPop;
constexpr Protocol kSmtp = Protocol::kSmtp;

const std::vector<Answer> kAnswers = {
    // Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth", failures
    {kImap, "AUTHENTICATE failed.", 0, "", "token-refused", "shared-refused", Who::kYou},
    {kPop, "Authentication failure: unknown user name or bad password.", 0, "", "token-refused", "shared-refused", Who::kYou},
    {kSmtp, "5.7.3 Authentication unsuccessful [SN2PR00CA0018.namprd00.prod.outlook.com]", 535, "5.7.3", "smtp-refused", "smtp-shared", Who::kYou},
    // Exchange Online, recorded: bookyourpto.com "SMTP troubleshoot"
    {kSmtp, "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.", 535, "5.7.139", "smtp-off-tenant", "smtp-off-tenant", Who::kAdministrator},
    {kSmtp, "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.", 535, "5.7.139", "smtp-off-mailbox", "smtp-off-mailbox", Who::kAdministrator},
    {kSmtp, "5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.", 535, "5.7.139", "smtp-policy", "smtp-policy", Who::kAdministrator},
    {kSmtp, "5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.", 535, "5.7.139", "smtp-policy", "smtp-policy", Who::kAdministrator},
    {kSmtp, "5.7.139 Authentication unsuccessful, basic authentication is disabled.", 535, "5.7.139", "smtp-password", "smtp-password", Who::kYou},
    {kSmtp, "5.7.139 Authentication unsuccessful, the user credentials were incorrect.", 535, "5.7.139", "smtp-refused", "smtp-refused", Who::kYou},
    {kSmtp, "5.7.57 Client not authenticated to send mail.", 530, "5.7.57", "smtp-password", "smtp-password", Who::kYou},
    // Exchange Online, High Volume Email: by their codes, the texts vary
    {kSmtp, "5.5.124 x", 501, "5.5.124", "smtp-bulk", "smtp-bulk", Who::kAdministrator},
    {kSmtp, "5.5.127 x", 501, "5.5.127", "smtp-bulk", "smtp-bulk", Who::kAdministrator},
    // Exchange Online: gophish issue 2900
    {kSmtp, "5.2.252 SendAsDenied; alice@contoso.com not allowed to send as security@contoso.com; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied;", 554, "5.2.252", "send-as", "send-as", Who::kAdministrator},
    // Exchange Online: OfficeDocs-Support issue 1187
    {kSmtp, "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception", 554, "5.2.0", "send-as", "send-as", Who::kAdministrator},
    // Microsoft, "NDR error codes": 432 4.3.2
    {kSmtp, "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", 432, "4.3.2", "throttled", "throttled", Who::kProvider},
    // Exchange Online: imapflow's recording
    {kImap, "Request is throttled. Suggested Backoff Time: 92415 milliseconds", 0, "", "throttled", "throttled", Who::kProvider},
    {kImap, "User is authenticated but not connected.", 0, "", "not-connected", "not-connected", Who::kYou},
    // Gmail
    {kImap, "Invalid credentials (Failure)", 0, "AUTHENTICATIONFAILED", "token-refused", "shared-refused", Who::kYou},
    {kImap, "Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)", 0, "ALERT", "imap-off", "imap-off", Who::kYou},
    {kImap, "IMAP access is disabled for your domain. Please contact your domain administrator for questions about this feature. (Failure)", 0, "ALERT", "imap-off-domain", "imap-off-domain", Who::kAdministrator},
    {kPop, "Your account is not enabled for POP access. Please visit your Gmail settings page and enable your account for POP access.", 0, "SYS/PERM", "pop-off", "pop-off", Who::kYou},
    {kImap, "Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)", 0, "ALERT", "web-login", "web-login", Who::kYou},
    {kImap, "Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)", 0, "ALERT", "smtp-password", "smtp-password", Who::kYou},
    {kImap, "Too many simultaneous connections. (Failure)", 0, "ALERT", "throttled", "throttled", Who::kProvider},
    {kImap, "Account exceeded command or bandwidth limits.", 0, "OVERQUOTA", "throttled", "throttled", Who::kProvider},
    {kSmtp, "5.7.8 Username and Password not accepted. For more information, go to https://support.google.com/mail/?p=BadCredentials", 535, "5.7.8", "token-refused", "smtp-shared", Who::kYou},
    // Yahoo
    {kImap, "(#AUTHENTICATE) Server error - Please try again later.", 0, "UNAVAILABLE", "server-down", "server-down", Who::kProvider},
    {kSmtp, "5.7.0 (#AUTH005) Too many bad auth attempts.", 535, "5.7.0", "throttled", "throttled", Who::kProvider},
    // Yandex
    {kSmtp, "5.7.8 Error: authentication failed: This user does not have access rights to this service", 535, "5.7.8", "imap-off", "smtp-shared", Who::kYou},
    {kImap, "AUTHENTICATE invalid credentials or IMAP is disabled", 0, "AUTHENTICATIONFAILED", "imap-off", "imap-off", Who::kYou},
    // Postfix, smtpd
    {kSmtp, "5.5.6 Error: line too long", 500, "5.5.6", "line-too-long", "line-too-long", Who::kUs},
    // Dovecot, IMAP and POP3 (RFC 5530, RFC 3206)
    {kImap, "Too long argument", 0, "", "", "", Who::kAdministrator},
    {kPop, "Temporary authentication failure.", 0, "SYS/TEMP", "server-down", "server-down", Who::kProvider},
    {kPop, "Do you have another POP session running?", 0, "IN-USE", "in-use", "in-use", Who::kYou},
    {kImap, "x", 0, "PRIVACYREQUIRED", "tls-wanted", "tls-wanted", Who::kYou},
    {kImap, "x", 0, "AUTHORIZATIONFAILED", "no-permission", "no-permission", Who::kAdministrator},
    // RFC 4954 section 6, Exchange
    {kSmtp, "5.7.4 Unrecognized authentication type", 504, "5.7.4", "no-oauth-here", "no-oauth-here", Who::kAdministrator},
    // Postfix, smtpd_sender_restrictions: only the mailbox tells whose address it is
    {kSmtp, "5.7.1 <support@contoso.test>: Sender address rejected: access denied", 553, "5.7.1", "", "send-as", Who::kAdministrator},
};
// clang-format on

Error refused(const Answer& row) {
  return etpan::judge(row.protocol, {Reply::Kind::kNo, row.code, row.text, row.number},
                      std::nullopt, "alice@contoso.com")
      .error;
}

std::string shown(const Error& error) {
  std::string all = error.what;
  for (const auto& line : explain::lines(explain::explain(error))) all += "\n" + line;
  return all;
}

}  // namespace

TEST_CASE("what token endpoints answer is explained", "[explain]") {
  for (const Body& row : kBodies) {
    CAPTURE(row.text);
    const Error error = oauth::classify_error(row.status, row.text);
    const auto explanation = explain::explain(error);
    CHECK(explanation.id == row.id);
    CHECK(explanation.who == row.who);
  }
}

TEST_CASE("what comes back with the browser is explained", "[explain]") {
  for (const Query& row : kRedirects) {
    CAPTURE(row.text);
    const auto code = oauth::parse_redirect(row.text, {"s", "", Presence::kOptional});
    REQUIRE_FALSE(code);
    const auto explanation = explain::explain(code.error());
    CHECK(explanation.id == row.id);
    CHECK(explanation.who == row.who);
  }
}

TEST_CASE("what mail servers answer is explained", "[explain]") {
  for (const Answer& row : kAnswers) {
    CAPTURE(row.text);
    const Error error = refused(row);
    CHECK(explain::explain(error).id == row.id);
    CHECK(explain::explain(error).who == row.who);
    CHECK(explain::explain(error, {true}).id == row.id_shared);
    Error shared = error;
    shared.details.push_back(explain::kSharedMailbox);
    CHECK(explain::explain(shared).id == row.id_shared);
  }
}

TEST_CASE("what stands in a mechanism's challenge is explained", "[explain]") {
  const auto [code, id] = GENERATE(table<std::string, std::string>({
      {"401", "token-refused"},  // XOAUTH2, Google's page and Dovecot
      {"403", "no-permission"},
      {"400", "token-malformed"},
      {"invalid_token", "token-refused"},  // OAUTHBEARER, RFC 7628 section 3.2.2
      {"insufficient_scope", "no-permission"},
      {"invalid_request", "token-malformed"},
      {"500", "server-down"},  // Dovecot 2.4, as the next
      {"internal_failure", "server-down"},
  }));
  CAPTURE(code);

  const auto refusal = etpan::judge(kImap, {Reply::Kind::kNo, "", "no", 0},
                                    etpan::Challenge{true, code, ""}, "alice@contoso.com");

  CHECK(explain::explain(refusal.error).id == id);
}

TEST_CASE("a mailbox that does not open after the sign-in is explained", "[explain]") {
  const Error error = etpan::mailbox_refused(
      kImap, {Reply::Kind::kBad, "", "User is authenticated but not connected.", 0},
      "support@contoso.com");

  CHECK(explain::explain(error).id == "not-connected");
}

TEST_CASE("an unknown code shows the peer's own words, and keeps its correlation id", "[explain]") {
  const Error error = oauth::classify_error(
      403, R"({"error":"quite_new","error_description":"The moon is in the wrong phase.",
               "correlation_id":"255d1aef-8c98-452f-ac51-23d051240864"})");

  const auto explanation = explain::explain(error);

  CHECK_FALSE(explanation.known());
  CHECK(explanation.what == error.what);
  CHECK(explanation.what.find("The moon is in the wrong phase.") != std::string::npos);
  CHECK(explanation.what_to_do.find("administrator") != std::string::npos);
  CHECK(error.code == "quite_new");
  CHECK(error.correlation_id == "255d1aef-8c98-452f-ac51-23d051240864");

  const Error mail = refused({kImap, "The moon again", 0, "", "", "", Who::kAdministrator});
  CHECK(explain::explain(mail).what.find("The moon again") != std::string::npos);
}

TEST_CASE("a known refusal still shows the peer's own words", "[explain]") {
  const Error error = refused(kAnswers[3]);

  CHECK(shown(error).find("disabled for the Tenant") != std::string::npos);
  CHECK(shown(error).find("What your administrator can do: ") != std::string::npos);
  CHECK(shown(error).find("More: https://") != std::string::npos);
}

TEST_CASE("errors of our own say themselves what to do", "[explain]") {
  const auto kind = GENERATE(Error::Kind::kConfig, Error::Kind::kStorage, Error::Kind::kTransient,
                             Error::Kind::kCancelled, Error::Kind::kInternal);

  const auto explanation = explain::explain(make_error(kind, "No folder."));

  CHECK(explanation.what == "No folder.");
  CHECK(explain::lines(explanation).empty());
  CHECK(explanation.who == (kind == Error::Kind::kInternal ? Who::kUs : Who::kYou));
}

TEST_CASE("AADSTS numbers from anybody but the provider choose nothing", "[explain]") {
  Error error = make_error(Error::Kind::kRefused, "x");
  error.details = {"50076"};

  error.peer = Error::Peer::kImap;
  CHECK_FALSE(explain::explain(error).known());
  error.peer = Error::Peer::kNone;
  CHECK_FALSE(explain::explain(error).known());
}

TEST_CASE("details that are no numbers choose nothing", "[explain]") {
  const auto detail = GENERATE(as<std::string>{}, "", "AADSTS", "0", "AADSTS99999999999999999999",
                               "5007x", "x50076");
  CAPTURE(detail);
  Error error = make_error(Error::Kind::kRefused, "x");
  error.peer = Error::Peer::kProvider;
  error.details = {detail};

  CHECK_FALSE(explain::explain(error).known());
}

TEST_CASE("no token-like bytes pass through", "[explain]") {
  const std::string token = "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA";
  const std::vector<Error> errors = {
      oauth::classify_error(400, R"({"error":"invalid_grant","error_description":"Bad )" + token +
                                     R"(","suberror":")" + token + "\"}"),
      oauth::classify_error(400, R"({"error":")" + token + "\"}"),
      oauth::classify_error(200, token),
      refused({kImap, ("bad " + token).c_str(), 0, "", "", "", Who::kYou}),
      refused({kSmtp, ("5.7.3 " + token).c_str(), 535, "5.7.3", "", "", Who::kYou}),
  };
  for (const Error& error : errors) {
    const auto explanation = explain::explain(error);
    CHECK(shown(error).find(token) == std::string::npos);
    CHECK(explanation.what.find(token) == std::string::npos);
    for (const auto& detail : error.details) CHECK(detail.find(token) == std::string::npos);
  }
}

TEST_CASE("who can mend it has a stable word", "[explain]") {
  CHECK(explain::who_word(Who::kYou) == std::string("you"));
  CHECK(explain::who_word(Who::kAdministrator) == std::string("administrator"));
  CHECK(explain::who_word(Who::kProvider) == std::string("provider"));
  CHECK(explain::who_word(Who::kUs) == std::string("us"));
}

TEST_CASE("nobody is sent to the pages of another provider", "[explain]") {
  const auto body = GENERATE(
      as<std::string>{}, R"({"error":"server_error"})", R"({"error":"temporarily_unavailable"})",
      R"({"error":"invalid_scope"})", R"({"error":"consent_required"})",
      R"({"error":"invalid_client","error_description":"The secret is wrong."})",
      R"({"error":"INVALID_REFRESH_TOKEN"})",
      R"({"error":"invalid_request","error_description":"redirect_uri"})");
  CAPTURE(body);

  const auto said = explain::explain(oauth::classify_error(400, body));

  CHECK(said.known());
  CHECK(said.link.find("microsoft") == std::string::npos);
  CHECK(said.link.substr(0, 8) == "https://");
}

TEST_CASE("a mail server that refuses a token is no reason to read about another one",
          "[explain]") {
  Error error = make_error(Error::Kind::kRefused, "No.", "AUTHENTICATIONFAILED");
  error.peer = Error::Peer::kImap;
  error.said = "Authentication failed.";  // Dovecot's words

  CHECK(explain::explain(error).id == "token-refused");
  CHECK(explain::explain(error).link.find("microsoft") == std::string::npos);
  error.code.clear();
  error.said = "AUTHENTICATE failed.";  // Exchange's
  CHECK(explain::explain(error).link.find("microsoft") != std::string::npos);
}

TEST_CASE("an answer that is none blames no network, and tells the way out", "[explain]") {
  const auto said = explain::explain(oauth::classify_error(400, ""));

  CHECK(said.id == "unexpected-answer");
  CHECK(said.what.find("network") == std::string::npos);
  CHECK(said.what_to_do.find("sign in again") != std::string::npos);
}

TEST_CASE("who signs in for the first time is told of no sign-in that is kept", "[explain]") {
  const auto said = explain::explain(oauth::classify_error(503, R"({"error":"server_error"})"));

  CHECK(said.what_to_do.find("your sign-in") == std::string::npos);
}
