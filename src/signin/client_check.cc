// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/client_check.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "base/i18n.h"
#include "codec/form.h"
#include "oauth/authorization.h"
#include "oauth/pkce.h"
#include "oauth/token_answer.h"
#include "oauth/token_request.h"
#include "ports/form_post.h"
#include "signin/when_idle.h"

namespace mail_oauth::signin {

namespace {

// Not a token of anybody.
constexpr const char* kNoToken = "mail-oauth-client-check";
// Where the redirect may have any port: the first of those that nobody owns (RFC 6335 section 6).
constexpr int kAnyPort = 49152;

bool is_about_client(const std::string& code) {
  return code == "invalid_client" || code == "unauthorized_client";
}

// RFC 6749 section 6: a server authenticates the client before it looks at the refresh token, and
// section 5.2 has invalid_client and unauthorized_client for the one and invalid_grant for the
// other. Microsoft's unauthorized_client for an application that it does not know:
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes (700016).
Probe judge_refresh(const HttpAnswer& answer, bool with_secret) {
  Probe probe;
  probe.request = Probe::Request::kRefresh;
  probe.error = oauth::classify_error(answer.status, answer.body.reveal());
  if (is_about_client(probe.error.code)) {
    probe.verdict = Verdict::kRefused;
    probe.shows = probe.error.what;
  } else if (probe.error.code == "invalid_grant") {
    probe.verdict = Verdict::kAccepted;
    probe.shows =
        with_secret ? _("The token endpoint refused only the token, not the client or its secret.")
                    : _("The token endpoint refused only the token, not the client.");
  } else {
    probe.shows = _("The token endpoint's answer does not say whether it knows the client.");
  }
  return probe;
}

// RFC 8628 section 3.2: codes for a known client; else an error of RFC 6749 section 5.2. For
// Microsoft: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
Probe judge_device(const HttpAnswer& answer) {
  Probe probe;
  probe.request = Probe::Request::kDevice;
  if (answer.status == 200) {
    probe.verdict = Verdict::kAccepted;
    probe.shows = _("The client may sign in on another device.");
    return probe;
  }
  probe.error = oauth::classify_error(answer.status, answer.body.reveal());
  if (is_about_client(probe.error.code) || probe.error.code == "invalid_scope") {
    probe.verdict = Verdict::kRefused;
    probe.shows = probe.error.what;
  } else {
    probe.shows = _("The answer to a sign-in on another device does not speak of the client.");
  }
  return probe;
}

std::string field(const FormFields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [name](const auto& one) { return one.first == name; });
  return found == fields.end() ? std::string() : found->second;
}

// OpenID Connect Core 1.0 section 3.1.2.6: with prompt=none, the server shows nothing and sends one
// of these errors to the redirect address. RFC 6749 section 4.1.2.1: it sends nobody to an address
// that is not registered, or for a client that it does not know.
Probe judge_authorization(const HttpAnswer& answer, const std::string& redirect_uri,
                          const std::string& state) {
  Probe probe;
  probe.request = Probe::Request::kAuthorization;
  probe.shows = _("The sign-in page needs a browser to say whether it knows the client.");
  const auto location = answer.headers.find("location");
  if (answer.status < 300 || answer.status > 399 || location == answer.headers.end()) return probe;
  const std::string& where = location->second;
  const std::string start = redirect_uri + "?";
  if (where.compare(0, start.size(), start) != 0) return probe;
  const auto fields = parse_form(std::string_view(where).substr(start.size()));
  if (!fields || field(*fields, "state") != state) return probe;
  const std::string code = field(*fields, "error");
  for (const char* wants_person : {"login_required", "interaction_required", "consent_required",
                                   "account_selection_required"}) {
    if (code != wants_person) continue;
    probe.verdict = Verdict::kAccepted;
    probe.shows = _("The client and its redirect address are known.");
    return probe;
  }
  const auto refusal =
      oauth::parse_redirect(where.substr(start.size()), {state, "", Presence::kOptional});
  if (refusal) return probe;
  probe.error = refusal.error();
  if (is_about_client(code) || code == "invalid_scope") {
    probe.verdict = Verdict::kRefused;
    probe.shows = probe.error.what;
  }
  return probe;
}

std::string about_redirect(const RedirectRule& rule) {
  const bool any_port = rule.kind == RedirectKind::kLoopback && rule.port == 0;
  const std::string address = any_port ? "http://" + rule.host + rule.path : rule.address(kAnyPort);
  if (address.empty()) {
    return _(
        "the registered redirect address: it is not set (mail-oauth client set, "
        "--redirect-uri)");
  }
  return format(_("whether the redirect address {} is registered"), {address});
}

// The requests one after the other. Lives in its Call.
class Check {
 public:
  Check(HttpClient& http, Provider provider, Client client, Done<ClientReport> done)
      : http_(http),
        provider_(std::move(provider)),
        client_(std::move(client)),
        done_(std::move(done)) {
    client_.basic = provider_.takes_basic();
  }

  void start() {
    std::vector<Protocol> protocols;
    for (const auto& scopes : provider_.scopes.mail) protocols.push_back(scopes.first);
    protocols_ = std::move(protocols);
    auto scope = oauth::requested_scope(provider_, protocols_);
    auto state = oauth::new_state();
    auto nonce = oauth::new_state();
    const auto pkce = oauth::new_pkce();
    if (!scope) return fail(scope.error());
    if (!state) return fail(state.error());
    if (!nonce) return fail(nonce.error());
    if (!pkce) return fail(pkce.error());
    scope_ = *std::move(scope);
    state_ = *std::move(state);
    nonce_ = *std::move(nonce);
    challenge_ = pkce->challenge;
    ask_refresh();
  }

 private:
  using Judge = std::function<Probe(const HttpAnswer&)>;

  void fail(const Error& error) {
    current_ = when_idle([this, error] {
      if (const auto done = std::exchange(done_, nullptr)) done(error);
    });
  }

  void ask(Probe::Request which, HttpRequest request, Judge judge, void (Check::*then)()) {
    current_ =
        http_.send(std::move(request), [this, which, judge, then](Result<HttpAnswer> answer) {
          Probe probe;
          probe.request = which;
          if (answer && !oauth::means_later(answer->status)) {
            probe = judge(*answer);
          } else {
            probe.error = answer ? oauth::classify_error(answer->status, answer->body.reveal())
                                 : answer.error();
            probe.shows = probe.error.what;
          }
          report_.probes.push_back(std::move(probe));
          (this->*then)();
        });
  }

  void ask_refresh() {
    const bool with_secret = !client_.secret.empty();
    ask(
        Probe::Request::kRefresh,
        form_post(provider_, client_, provider_.endpoints.token,
                  oauth::refresh_body(client_, RefreshToken(Secret(kNoToken)), scope_,
                                      provider_.token_parameters)),
        [with_secret](const HttpAnswer& answer) { return judge_refresh(answer, with_secret); },
        &Check::ask_device);
  }

  void ask_device() {
    const std::string& endpoint = provider_.endpoints.device_authorization;
    if (endpoint.empty() || provider_.device_flow() != DeviceFlow::kMail) {
      return ask_authorization();
    }
    ask(Probe::Request::kDevice,
        form_post(provider_, client_, endpoint,
                  oauth::device_authorization_body(client_, scope_, provider_.token_parameters)),
        judge_device, &Check::ask_authorization);
  }

  // prompt=none is OpenID Connect's: asked only where the scopes say that it is spoken.
  void ask_authorization() {
    const auto& identity = provider_.scopes.identity;
    if (std::find(identity.begin(), identity.end(), "openid") == identity.end()) return finish();
    const std::string redirect_uri = provider_.redirect.address(kAnyPort);
    if (redirect_uri.empty()) return finish();
    Provider silent = provider_;
    silent.authorization_parameters["prompt"] = "none";
    const auto url = oauth::authorization_url(
        {silent, client_.key, protocols_, redirect_uri, state_, challenge_, "", nonce_});
    if (!url) return finish();
    HttpRequest request;
    request.url = *url;
    request.ca_file = provider_.ca_file;
    const std::string state = state_;
    ask(
        Probe::Request::kAuthorization, std::move(request),
        [redirect_uri, state](const HttpAnswer& answer) {
          return judge_authorization(answer, redirect_uri, state);
        },
        &Check::finish);
  }

  void finish() {
    auto& unchecked = report_.unchecked;
    const bool redirect_known = !report_.probes.empty() &&
                                report_.probes.back().request == Probe::Request::kAuthorization &&
                                report_.probes.back().verdict == Verdict::kAccepted;
    if (!redirect_known) {
      unchecked.push_back(about_redirect(provider_.redirect));
    }
    unchecked.emplace_back(_("whether this person and their organization may use the client"));
    unchecked.emplace_back(
        _("whether the mail permissions were approved, where an administrator has to"));
    unchecked.emplace_back(_("whether the mailbox lets IMAP, POP3 and SMTP in"));
    const auto done = std::exchange(done_, nullptr);
    if (done) done(std::move(report_));  // may destroy this
  }

  HttpClient& http_;
  Provider provider_;
  Client client_;
  Done<ClientReport> done_;
  std::vector<Protocol> protocols_;
  std::string scope_;
  std::string state_;
  std::string nonce_;
  std::string challenge_;
  ClientReport report_;
  Call current_;
};

}  // namespace

const char* verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccepted:
      return "accepted";
    case Verdict::kRefused:
      return "refused";
    case Verdict::kUnclear:
      return "unclear";
  }
  return "";
}

const char* request_word(Probe::Request request) {
  switch (request) {
    case Probe::Request::kRefresh:
      return "refresh";
    case Probe::Request::kDevice:
      return "device_authorization";
    case Probe::Request::kAuthorization:
      return "authorization";
  }
  return "";
}

bool ClientReport::refused() const {
  return std::any_of(probes.begin(), probes.end(),
                     [](const Probe& probe) { return probe.verdict == Verdict::kRefused; });
}

Call check_client(HttpClient& http, Provider provider, Client client, Done<ClientReport> done) {
  auto check =
      std::make_shared<Check>(http, std::move(provider), std::move(client), std::move(done));
  check->start();
  return Call([check]() mutable { check.reset(); });
}

}  // namespace mail_oauth::signin
