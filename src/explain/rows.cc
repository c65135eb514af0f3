// SPDX-License-Identifier: GPL-3.0-or-later
//
// The explanations, as data: the first row that fits counts, so the narrow ones stand first.
// Sources: Microsoft's "authentication and authorization error codes", Google's OAuth 2.0 pages,
// RFC 6749, 8628, 7628, 5530, 3206, and for texts of mail servers the recordings in the test beside
// this.
#include "explain/rows.h"

#include <iterator>

#include "base/i18n.h"

#define ENTRA "https://learn.microsoft.com/en-us/entra/"
#define EXCHANGE "https://learn.microsoft.com/en-us/exchange/"
#define GOOGLE "https://developers.google.com/identity/protocols/oauth2"
#define RFC "https://datatracker.ietf.org/doc/html/"
#define ENTRA_CODES ENTRA "identity-platform/reference-error-codes"
#define SMTP_AUTH \
  EXCHANGE "clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission"
#define MAILBOX_RIGHTS EXCHANGE "recipients-in-exchange-online/manage-permissions-for-recipients"
#define MAIL_OAUTH_PAGE                \
  EXCHANGE                             \
  "client-developer/legacy-protocols/" \
  "how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth"

namespace mail_oauth::explain {

namespace {

constexpr Who kYou = Who::kYou;
constexpr Who kAdmin = Who::kAdministrator;
constexpr Who kProvider = Who::kProvider;
constexpr Who kUs = Who::kUs;

// clang-format off
constexpr Row kRows[] = {
  // --- The provider: signing in -------------------------------------------------------------------
  {"sign-in-ended", kYou, {700082, 70008, 70000, 50173, 50089, 50132, 50133},
   {{kOAuth, "bad_token"}, {kOAuth, "token_expired"}, {kOAuth, "INVALID_REFRESH_TOKEN", "", false, true}},
   N_("Your earlier sign-in is no longer valid: it was unused for long, was revoked, or your password changed."),
   N_("Sign in again."), ENTRA "identity-platform/refresh-tokens", RFC "rfc6749#section-6"},
  {"sign-in-frequency", kYou, {70043}, {{kOAuth, "invalid_rapt", "", false, true}, {kOAuth, "", "reauth related error", false, true}},
   N_("Your organisation wants everybody to sign in anew after some time, and that time is over."),
   N_("Sign in again. How often you have to is set by your administrator."), ENTRA_CODES,
   "https://support.google.com/a/answer/9368756"},
  {"sign-in-used", kYou, {54005, 700005}, {},
   N_("The answer of this sign-in was used before, or by somebody else."),
   N_("Start the sign-in again."), ENTRA_CODES},
  {"google-revoked", kYou, {}, {{kOAuth, "invalid_grant", "expired or revoked"}, {kOAuth, "invalid_grant", "Bad Request"}},
   N_("Your earlier sign-in is no longer valid: it was revoked, unused for six months, your password changed, or the "
      "client ID is in testing, where a sign-in lasts seven days."),
   N_("Sign in again. If that happens every week, set the project of the client ID to \"In production\"."), GOOGLE "#expiration"},
  {"second-factor", kYou, {50074, 50076, 50078}, {{kOAuth, "basic_action"}},
   N_("The provider wants a second proof that it is you, such as a code on your phone."),
   N_("Sign in again in the browser and give the second proof there."), ENTRA_CODES},
  {"second-factor-setup", kYou, {50072, 50079}, {{kOAuth, "additional_action"}},
   N_("The provider wants a second proof that it is you, and none is set up for your account yet."),
   N_("Set one up on the page below, then sign in again."), "https://mysignins.microsoft.com/security-info"},
  {"consent-missing", kYou, {65001}, {{kOAuth, "consent_required", "", false, true}},
   N_("You have not yet allowed this client ID to use your mail."),
   N_("Sign in again and agree. When the page asks for an administrator, send it to yours."), ENTRA "identity-platform/application-consent-experience",
   "https://openid.net/specs/openid-connect-core-1_0.html#AuthError"},
  {"consent-admin", kAdmin, {90094, 90095}, {},
   N_("In your organisation only an administrator may allow a program to use mail."),
   N_("Grant admin consent to the client ID, for the mail permissions it asks for."), ENTRA "identity/enterprise-apps/grant-admin-consent"},
  {"declined", kYou, {65004}, {{kOAuth, "authorization_declined"}},
   N_("The permissions were declined in the browser."),
   N_("Sign in again and agree, if you want this program to use your mail."), ENTRA_CODES},
  {"device-not-managed", kAdmin, {50005, 50097, 53000, 53001}, {},
   N_("Your organisation lets only devices in that it manages, and this one does not count as such."),
   N_("Enrol this computer, or exempt the client ID from the Conditional Access policy."), ENTRA "identity/conditional-access/troubleshoot-conditional-access"},
  {"conditional-access", kAdmin, {50131, 53002, 53003, 530032, 530035}, {{kOAuth, "message_only"}},
   N_("A security policy of your organisation blocks this sign-in; a new sign-in meets the same policy."),
   N_("Look the sign-in up by its correlation ID in the sign-in log, and allow it in the Conditional Access policy."),
   ENTRA "identity/conditional-access/troubleshoot-conditional-access"},
  {"account-blocked", kAdmin, {50053, 50055, 50057, 50144}, {},
   N_("Your account is locked or disabled, or its password has expired."),
   N_("Unlock the account or reset its password; then sign in again."), ENTRA_CODES},
  {"not-assigned", kAdmin, {50105}, {},
   N_("In your organisation this client ID is only for people who are assigned to it, and you are not."),
   N_("Assign the person to the application, or switch off \"Assignment required\"."), ENTRA_CODES},
  {"wrong-account", kYou, {16000, 50020, 50034, 51004, 500208}, {},
   N_("The account you signed in with does not exist in this tenant or is of the wrong kind."),
   N_("Sign in with your mail account of that organisation, or correct the tenant."), ENTRA_CODES},
  // --- The provider: the client ID ----------------------------------------------------------------
  {"client-permissions", kAdmin, {65005, 500011, 650052, 650056, 650057}, {},
   N_("The registration of the client ID lacks the mail permissions, or your organisation has no mail service of this provider."),
   N_("Add the IMAP, POP and SMTP permissions to the registration and grant them."), MAIL_OAUTH_PAGE},
  {"client-unknown", kYou, {700016, 700011}, {{kOAuth, "invalid_client", "client was not found", false, true}, {kOAuth, "deleted_client", "", false, true}},
   N_("The provider does not know this client ID, or not in this tenant."),
   N_("Compare client ID and tenant with the registration, letter by letter."), ENTRA_CODES, RFC "rfc6749#section-5.2"},
  {"client-disabled", kAdmin, {70001, 7000112}, {},
   N_("The client ID is switched off."), N_("Enable the application again, or register another."), ENTRA_CODES},
  {"client-single-tenant", kYou, {50194}, {},
   N_("The client ID belongs to one organisation, but the sign-in was not sent to that organisation."),
   N_("Enter your organisation's tenant (its domain or ID) beside the client ID."), ENTRA_CODES},
  {"tenant-unknown", kYou, {90002}, {},
   N_("The provider knows no organisation (tenant) of this name."),
   N_("Check the tenant. An organisation in a national cloud needs that cloud's own provider entry."), ENTRA_CODES},
  {"client-audience", kAdmin, {9002332}, {},
   N_("The client ID is for work and school accounts only, and this is a personal account."),
   N_("Change the registration's supported account types, or register a client ID for personal accounts."), ENTRA_CODES},
  {"secret-unwanted", kYou, {700025}, {},
   N_("A client secret was sent, but this client ID is a public one and must not have any."),
   N_("Store the client ID again without a secret: mail-oauth client set."), ENTRA_CODES},
  {"secret-missing", kAdmin, {7000218}, {{kOAuth, "", "client_secret is missing", false, true}},
   N_("The provider wants a client secret, because the client ID is not registered as a public client."),
   N_("Allow public client flows in the registration; where the provider has none, store the secret with: mail-oauth client set."), ENTRA_CODES, RFC "rfc6749#section-2.3.1"},
  {"secret-wrong", kAdmin, {70002, 7000215, 7000222}, {{kOAuth, "invalid_client", "secret", false, true}},
   N_("The client secret is wrong or has expired."),
   N_("Create a new secret and store it with: mail-oauth client set. Better: register a public client, which needs none."), ENTRA_CODES, RFC "rfc6749#section-2.3.1"},
  {"redirect", kAdmin, {50011, 70004}, {{kOAuth, "redirect_uri_mismatch", "", false, true}, {kOAuth, "", "redirect_uri", false, true}},
   N_("The address to which the browser returns is not registered for the client ID."),
   N_("Register a desktop or native application with the redirect address that the provider's entry names, such as http://localhost."),
   ENTRA "identity-platform/reply-url", RFC "rfc8252#section-7.3"},
  {"google-device-scope", kYou, {}, {{kOAuth, "invalid_scope", "device flow scope"}},
   N_("This provider's sign-in with a code on another device is not for mail."),
   N_("Sign in with the browser; on a machine without one use: mail-oauth login --paste."), GOOGLE "/limited-input-device#allowedscopes"},
  {"google-workspace", kAdmin, {}, {{kOAuth, "admin_policy_enforced"}, {kOAuth, "org_internal"}, {kOAuth, "access_not_configured"}},
   N_("Your organisation does not let this client ID use mail."),
   N_("Allow the client ID under API controls, as a trusted application."), "https://support.google.com/a/answer/7281227"},
  {"browser-refused", kUs, {}, {{kOAuth, "disallowed_useragent"}},
   N_("The provider does not accept the window in which the sign-in page was opened as a browser."),
   N_("Set a usual browser as the system's default and sign in again; if it already is one, please report this."), GOOGLE "/native-app"},
  {"scope", kUs, {70011}, {{kOAuth, "invalid_scope", "", false, true}, {kOAuth, "invalid_resource", "", false, true}, {kOAuth, "invalid_target", "", false, true}},
   N_("The provider does not know a permission that was asked for, or does not give it to this client ID."),
   N_("Check that the provider entry is the right one for your account; if it came with mail-oauth, please report this."), ENTRA_CODES, RFC "rfc6749#section-3.3"},
  {"two-services", kUs, {28002, 28003, 700022, 700023}, {},
   N_("The permissions asked for are of more than one service, and a token serves only one."),
   N_("Remove what was added to the scopes in your own provider file; if nothing was, please report this."), ENTRA_CODES},
  {"wrong-cloud", kYou, {90038, 900382, 900432}, {},
   N_("Your organisation is in another (national) cloud than the one that was asked."),
   N_("Choose the provider entry of that cloud; the client ID has to be registered there, too."), ENTRA "identity-platform/authentication-national-cloud"},
  // --- The provider: a code on another device -----------------------------------------------------
  {"device-pending", kYou, {70016}, {{kOAuth, "authorization_pending"}, {kOAuth, "slow_down"}},
   N_("Nobody has entered the code on the provider's page yet."), N_("Enter the code, and finish the sign-in there."), RFC "rfc8628#section-3.5"},
  {"device-code-wrong", kYou, {70018, 90119}, {{kOAuth, "bad_verification_code"}},
   N_("The code was mistyped or is not known."), N_("Start the sign-in again and enter the new code."), RFC "rfc8628#section-3.5"},
  {"device-code-expired", kYou, {70019}, {{kOAuth, "expired_token"}},
   N_("The code was not entered in time."), N_("Start the sign-in again and enter the new code soon."), RFC "rfc8628#section-3.5"},
  {"device-code-used", kYou, {90120, 50134}, {},
   N_("The code was used or declined before, or is not valid where you entered it."), N_("Start the sign-in again and enter the new code."),
   ENTRA "identity-platform/v2-oauth2-device-code"},
  // --- The provider: not now ----------------------------------------------------------------------
  {"too-often", kUs, {50196}, {},
   N_("The provider saw the same request too often in a short time and pauses."),
   N_("Wait some minutes. If it comes again, please report it: mail-oauth must not ask so often."), ENTRA_CODES},
  {"provider-busy", kProvider, {50033, 50087, 90006, 90012, 90024, 90033, 90055, 90090, 70012},
   {{kOAuth, "temporarily_unavailable", "", false, true}, {kOAuth, "server_error", "", false, true}},
   N_("The provider cannot answer just now, or gets too many requests from your organisation."),
   N_("Wait and try again. This passes automatically, and no sign-in is lost by it."), ENTRA_CODES, RFC "rfc6749#section-4.1.2.1"},
  // --- The provider: what the specifications name, after all that is narrower ---------------------
  {"access-denied", kYou, {}, {{kOAuth, "access_denied"}},
   N_("The provider did not give the permissions: they were declined, or the account may not give them."),
   N_("Sign in again and agree. When the page named a policy or a missing approval, ask your administrator."), RFC "rfc6749#section-4.1.2.1"},
  {"sign-in-again", kYou, {}, {{kOAuth, "invalid_grant"}, {kOAuth, "interaction_required"}, {kOAuth, "login_required"}},
   N_("Your earlier sign-in is no longer enough for the provider."), N_("Sign in again."), RFC "rfc6749#section-5.2"},
  {"client-refused", kYou, {}, {{kOAuth, "invalid_client"}, {kOAuth, "unauthorized_client"}},
   N_("The provider does not accept the client ID, or not for mail; some providers open mail only on request."),
   N_("Compare client ID and secret with the registration, and what it is allowed to do."), RFC "rfc6749#section-5.2"},
  {"request-refused", kUs, {}, {{kOAuth, "invalid_request"}, {kOAuth, "unsupported_grant_type"}, {kOAuth, "unsupported_response_type"}, {kOAuth, "unsupported_token_type"}},
   N_("The provider does not accept the form of the request."),
   N_("Check a provider file of your own; if you use the one of mail-oauth, please report this."), RFC "rfc6749#section-5.2"},
  // --- What we find ourselves ---------------------------------------------------------------------
  {"unexpected-answer", kProvider, {}, {{kOAuth, "unexpected-answer"}},
   N_("The provider's server gave an answer that has neither a token nor an error of OAuth in it."),
   N_("Wait and try again. If it stays so, sign in again: some servers answer like that when a sign-in has ended."), RFC "rfc6749#section-5.2"},
  {"other-person", kYou, {}, {{kHere, "other-person"}},
   N_("The browser was signed in as somebody else, so the tokens would have been for their mail."),
   N_("Sign in again and choose the right account on the provider's page, or sign out there first."), RFC "rfc8252"},
  {"nobody-came", kYou, {}, {{kHere, "nobody-came"}},
   N_("The browser did not come back from the provider's page in time."),
   N_("Start the sign-in again and finish it in the browser; when that runs on another computer, use: mail-oauth login --paste."), RFC "rfc8252#section-7.3"},
  {"no-refresh-token", kUs, {}, {{kHere, "no-refresh-token"}},
   N_("The provider gave a token for an hour only, and none to renew it with."),
   N_("Check the scopes in a provider file of your own; if you use the one of mail-oauth, please report this."), RFC "rfc6749#section-1.5"},
  // --- Mail servers: sending ----------------------------------------------------------------------
  {"smtp-off-tenant", kAdmin, {}, {{kSmtp, "", "disabled for the Tenant"}},
   N_("Sending with SMTP is switched off in your whole organisation; no sign-in changes that."),
   N_("Switch SMTP AUTH on for the mailbox: Set-CASMailbox MAILBOX -SmtpClientAuthenticationDisabled $false."), SMTP_AUTH},
  {"smtp-off-mailbox", kAdmin, {}, {{kSmtp, "", "disabled for the Mailbox"}},
   N_("Sending with SMTP is switched off for this mailbox; no sign-in changes that."),
   N_("Switch on \"Authenticated SMTP\" for the mailbox, under \"Manage email apps\"."), SMTP_AUTH},
  {"smtp-password", kYou, {}, {{kSmtp, "", "basic authentication is disabled"}, {kSmtp, "5.7.57"}, {kMail, "", "Application-specific password"}, {kSmtp, "5.7.9"}},
   N_("The server got a password, or nothing at all, where it wants a sign-in with OAuth."),
   N_("Switch OAuth on for this account, for sending too, and use no password."), MAIL_OAUTH_PAGE},
  {"smtp-shared", kYou, {}, {{kSmtp, "5.7.3", "", true, true}, {kSmtp, "5.7.8", "", true, true}},
   N_("The server does not let you sign in as the shared mailbox to send."),
   N_("Sign in for sending as yourself and send with the address of the shared mailbox; you need the right \"Send As\" for it."), MAILBOX_RIGHTS, RFC "rfc4954#section-6"},
  {"smtp-refused", kYou, {}, {{kSmtp, "5.7.3", "", false, true}, {kSmtp, "5.7.139", "credentials were incorrect"}},
   N_("The server did not take the token: the name belongs to somebody else, the permission to send is missing, or SMTP is off for the mailbox."),
   N_("Check that the name is the one you signed in with, and sign in again with sending allowed; else ask your administrator about SMTP AUTH."),
   SMTP_AUTH, RFC "rfc4954#section-6"},
  {"smtp-policy", kAdmin, {}, {{kSmtp, "5.7.139"}},
   N_("A policy of your organisation does not let you send with SMTP (security defaults, Conditional Access, or the mailbox's settings)."),
   N_("Allow SMTP AUTH for the mailbox and the client ID in these policies."), SMTP_AUTH},
  {"smtp-bulk", kAdmin, {}, {{kSmtp, "5.5.124"}, {kSmtp, "5.5.127"}},
   N_("The server for bulk mail (High Volume Email) did not accept this account or its token."),
   N_("Use the usual SMTP server, or set the account up for High Volume Email with its own permissions."),
   EXCHANGE "mail-flow-best-practices/troubleshoot-high-volume-email-m365"},
  {"send-as", kAdmin, {}, {{kSmtp, "5.2.252"}, {kSmtp, "", "SendAsDenied"}, {kSmtp, "", "not allowed to send as"}, {kSmtp, "5.7.60"}, {kSmtp, "", "permissions to send as"}, {kSmtp, "5.7.1", "", true, true}, {kSmtp, "550", "", true, true}, {kSmtp, "553", "", true, true}},
   N_("You may not send in the name of this address."),
   N_("Give the person the right \"Send As\" for that mailbox; it takes up to an hour to count."), MAILBOX_RIGHTS, RFC "rfc5321#section-4.2.2"},
  {"line-too-long", kUs, {}, {{kMail, "", "line too long"}, {kSmtp, "5.5.6"}, {kMail, "", "line length exceeded"}},
   N_("The token is longer than a line may be at this server."),
   N_("Please report this with the server's name; until then lower line_limits in your own provider file."), RFC "rfc4954#section-4"},
  {"no-oauth-here", kAdmin, {}, {{kSmtp, "5.7.4"}, {kMail, "", "Unrecognized authentication type"}, {kMail, "", "mechanism not supported"}},
   N_("The server does not know the sign-in with OAuth."),
   N_("Check the server's name; if it is right, the sign-in with OAuth has to be switched on there."), RFC "rfc7628"},
  // --- Mail servers: receiving --------------------------------------------------------------------
  {"not-connected", kYou, {}, {{kMail, "not-connected"}, {kImap, "", "authenticated but not connected"}},
   N_("The server took your token, but the name beside it does not open a mailbox: they do not belong together, or this protocol is off for it."),
   N_("Check the mailbox's address. For a shared mailbox you need full access to it; ask your administrator."), MAILBOX_RIGHTS},
  {"imap-off-domain", kAdmin, {}, {{kImap, "", "disabled for your domain"}, {kPop, "", "disabled for your domain"}},
   N_("Your organisation has switched IMAP or POP off."), N_("Switch POP and IMAP access on for the person."), "https://support.google.com/a/answer/105694"},
  {"imap-off", kYou, {}, {{kImap, "", "not enabled for IMAP"}, {kImap, "", "IMAP is disabled"}, {kMail, "", "does not have access rights to this service"}},
   N_("IMAP, or mail programs as a whole, are switched off in the settings of this mailbox."), N_("Switch IMAP on in the settings of your webmail."), "https://support.google.com/mail/answer/7126229"},
  {"pop-off", kYou, {}, {{kPop, "", "not enabled for POP"}, {kPop, "", "POP is disabled"}},
   N_("POP is switched off in the settings of this mailbox."), N_("Switch POP on in the settings of your webmail, or use IMAP."), "https://support.google.com/mail/answer/7104828"},
  {"web-login", kYou, {}, {{kMail, "", "via your web browser"}, {kMail, "", "Web login required"}, {kMail, "WEBALERT"}, {kSmtp, "5.7.14"}},
   N_("The provider found this sign-in unusual and wants to see you in the browser first."),
   N_("Open your webmail in the browser, answer what it asks, then try again."), "https://support.google.com/mail/answer/78754"},
  {"throttled", kProvider, {}, {{kMail, "", "throttled"}, {kMail, "LIMIT"}, {kMail, "", "Too many"}, {kMail, "", "limit exceeded"}, {kPop, "LOGIN-DELAY"}, {kSmtp, "4.3.2"}, {kMail, "", "bandwidth"}},
   N_("The server counts too many sign-ins or connections of yours and holds you off for a while."),
   N_("Wait some minutes. If it stays, check mail less often and use fewer programs at a time."), "https://support.google.com/mail/answer/7126229"},
  {"in-use", kYou, {}, {{kMail, "IN-USE"}, {kMail, "INUSE"}},
   N_("Another program has the mailbox open, and the server allows only one."), N_("Close the other program, or wait until it is done."), RFC "rfc2449#section-8.1.1"},
  {"full", kYou, {}, {{kMail, "OVERQUOTA"}},
   N_("The mailbox is full."), N_("Delete mail, or ask for more room."), RFC "rfc5530#section-3"},
  {"server-down", kProvider, {}, {{kMail, "UNAVAILABLE"}, {kMail, "SYS/TEMP"}, {kMail, "SERVERBUG"}, {kMail, "500"}, {kMail, "internal_failure"}, {kMail, "server_error"}, {kMail, "temporarily_unavailable"}},
   N_("The mail server has a fault of its own just now."), N_("Wait and try again; no sign-in is lost by it."), RFC "rfc5530#section-3"},
  {"tls-wanted", kYou, {}, {{kMail, "PRIVACYREQUIRED"}, {kSmtp, "5.7.10"}, {kSmtp, "5.7.11"}},
   N_("The server wants an encrypted connection first."), N_("Set the account to TLS or STARTTLS."), RFC "rfc8314"},
  {"no-permission", kAdmin, {}, {{kMail, "AUTHORIZATIONFAILED", "", false, true}, {kMail, "NOPERM", "", false, true}, {kMail, "403", "", false, true}, {kMail, "insufficient_scope", "", false, true}},
   N_("The server knows you, but you or the client ID may not do this with the mailbox."),
   N_("Give the person access to the mailbox, and the client ID the permission for this protocol; then sign in again."), MAILBOX_RIGHTS, RFC "rfc5530#section-3"},
  {"ask-administrator", kAdmin, {}, {{kMail, "CONTACTADMIN"}, {kMail, "SYS/PERM"}},
   N_("The server refuses for a reason that its administrator has to look at."), N_("Look at the server's log for this account."), RFC "rfc3206"},
  {"shared-refused", kAdmin, {}, {{kImap, "", "AUTHENTICATE failed", true}, {kPop, "", "unknown user name or bad password", true}, {kMail, "AUTHENTICATIONFAILED", "", true, true}},
   N_("The server does not let you open the shared mailbox with your token, or knows no mailbox of that name."),
   N_("Give the person full access to the shared mailbox, and check its address."), MAILBOX_RIGHTS, RFC "rfc5530#section-3"},
  {"token-refused", kYou, {}, {{kImap, "", "AUTHENTICATE failed"}, {kPop, "", "unknown user name or bad password"}, {kMail, "", "Invalid credentials", false, true}, {kMail, "AUTHENTICATIONFAILED", "", false, true}, {kMail, "AUTH", "", false, true}, {kMail, "EXPIRED", "", false, true}, {kMail, "401", "", false, true}, {kMail, "invalid_token", "", false, true}, {kSmtp, "5.7.8", "", false, true}},
   N_("The server did not take the token: it is for another name, lacks the permission for this protocol, or this protocol is off for the mailbox."),
   N_("Check that the name is the one you signed in with and that this computer's clock is right; then sign in again."), MAIL_OAUTH_PAGE, RFC "rfc7628#section-3.2.3"},
  {"token-malformed", kUs, {}, {{kMail, "400"}, {kMail, "invalid_request"}, {kMail, "5.5.2"}, {kMail, "5.5.4"}},
   N_("The server does not understand the form in which the token came."), N_("Please report this with the server's name."), RFC "rfc7628#section-3.2.2"},
};
// clang-format on

}  // namespace

Rows rows() { return {kRows, std::size(kRows)}; }

}  // namespace mail_oauth::explain
