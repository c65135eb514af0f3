// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/check_provider.h"

#include <utility>

#include "base/i18n.h"
#include "broker/renewal_request.h"
#include "cli/client_ready.h"
#include "cli/wait.h"
#include "desktop/gio_dns_resolver.h"
#include "net/http_options.h"
#include "net/proxy.h"
#include "oauth/metadata.h"
#include "oauth/retry_after.h"
#include "oauth/token_answer.h"
#include "signin/client_check.h"

namespace mail_oauth::cli {

namespace {

constexpr CheckStep kDns{"dns", N_("DNS")};
constexpr CheckStep kProviderTls{"tls", N_("TLS")};
constexpr CheckStep kClock{"clock", N_("clock")};
constexpr CheckStep kMetadata{"metadata", N_("metadata")};
constexpr CheckStep kClient{"client", N_("client")};
constexpr CheckStep kRenewal{"refresh", N_("renewal")};
constexpr CheckStep kScopes{"scopes", N_("permissions")};
constexpr CheckStep kIdentity{"identity", N_("identity")};

// Tokens are renewed this long before they expire: a clock that is further off makes fresh ones
// look old, and old ones fresh.
constexpr std::chrono::seconds kMostClockError{300};

/// Public, answered without a token, and on the host to which refresh tokens go.
std::string public_address(const Provider& provider) {
  if (!provider.needs_metadata()) return provider.endpoints.token;
  return oauth::metadata_urls(provider.endpoints.issuer).front();
}

bool goes_through_proxy(const net::Target& target) {
  const HttpOptions options = http_options_from_environment();
  return target.scheme == "https" && !options.proxy.empty() &&
         !net::bypasses_proxy(options.no_proxy, target);
}

Result<MailFinding> look_up(const net::Target& target) {
  if (goes_through_proxy(target)) {
    return MailFinding{format(_("{} is left to the proxy"), {target.host}), {}};
  }
  GioDnsResolver dns;
  const auto found = wait_for<std::vector<std::string>>(
      _("Waiting for the DNS. Ctrl-C ends."), [&](Done<std::vector<std::string>> done) {
        return dns.addresses(target.host, std::move(done));
      });
  if (!found) return found.error();
  return MailFinding{target.host, {}};
}

Result<HttpAnswer> ask(Session& session, const std::string& url, const std::string& ca_file) {
  return wait_for<HttpAnswer>(_("Waiting for the provider. Ctrl-C ends."),
                              [&](Done<HttpAnswer> done) {
                                HttpRequest request;
                                request.url = url;
                                request.ca_file = ca_file;
                                return session.http().send(std::move(request), std::move(done));
                              });
}

std::string time_words(std::chrono::seconds time) {
  // Two days are days, and less is hours: nobody sets a clock by more than that.
  const long count = time.count();
  const auto whole = [count](long unit) { return static_cast<unsigned long>(count / unit); };
  const auto words = [](const char* frame, unsigned long number) {
    return format(frame, {std::to_string(number)});
  };
  if (count >= 2 * 86400) {
    return words(translated_plural("{} day", "{} days", whole(86400)), whole(86400));
  }
  if (count >= 2 * 3600) {
    return words(translated_plural("{} hour", "{} hours", whole(3600)), whole(3600));
  }
  return words(translated_plural("{} minute", "{} minutes", whole(60)), whole(60));
}

Result<MailFinding> compare_clocks(const HttpAnswer& answer, WallTime now) {
  const auto date = answer.headers.find("date");
  const auto theirs = date == answer.headers.end() ? std::nullopt : oauth::http_date(date->second);
  if (!theirs) return MailFinding{_("the server does not tell its time"), {}};
  const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(now - *theirs);
  const auto off = std::chrono::abs(ahead);
  if (off <= kMostClockError) {
    const auto count = static_cast<unsigned long>(off.count());
    return MailFinding{format(translated_plural("{} second off", "{} seconds off", count),
                              {std::to_string(count)}),
                       {}};
  }
  return make_error(
      Error::Kind::kConfig,
      format(ahead > std::chrono::seconds(0)
                 ? _("This computer's clock is {1} ahead of the provider's, which says "
                     "{2} (local time). Set it, or tokens will seem to have expired.")
                 : _("This computer's clock is {1} behind the provider's, which says "
                     "{2} (local time). Set it, or expired tokens will be sent."),
             {time_words(off), local_time(*theirs)}),
      "clock");
}

Result<MailFinding> fetch_metadata(Session& session, Provider& provider) {
  if (!provider.needs_metadata()) return MailFinding{_("all of it is in the provider's file"), {}};
  auto filled = with_metadata(session, provider);
  if (!filled) return filled.error();
  provider = *std::move(filled);
  return MailFinding{provider.endpoints.issuer, {}};
}

/// One sentence of several answers: a refusal counts most.
Result<MailFinding> judge(const signin::ClientReport& report) {
  const signin::Probe* told = nullptr;
  for (const signin::Probe& probe : report.probes) {
    if (probe.verdict == signin::Verdict::kRefused) {
      Error error = probe.error;
      error.kind = Error::Kind::kConfig;  // there is nothing to be asked again before it is mended
      return error;
    }
    if (!told || (told->verdict == signin::Verdict::kUnclear &&
                  probe.verdict == signin::Verdict::kAccepted)) {
      told = &probe;
    }
  }
  return MailFinding{told ? told->shows : std::string(), {}};
}

Result<MailFinding> check_the_client(Session& session, const Provider& provider,
                                     const Result<ClientKey>& key) {
  if (!key) return key.error();
  auto client = client_with_secret(session, provider, *key);
  if (!client) return client.error();
  const auto report = wait_for<signin::ClientReport>(
      _("Waiting for the provider. Ctrl-C ends."), [&](Done<signin::ClientReport> done) {
        return signin::check_client(session.http(), provider, *std::move(client), std::move(done));
      });
  if (!report) return report.error();
  return judge(*report);
}

/// Adds links of no protocol until Ctrl-C.
class Walk {
 public:
  explicit Walk(CheckReport& report) : report_(report) {}

  bool stopped() const { return stopped_; }

  /// True when the link holds.
  template <class Look>
  bool add(const CheckStep& step, const Look& look) {
    const CheckTimer timer;
    Result<MailFinding> found = look();
    if (found) {
      report_.add(timer.holds(step, {}, *std::move(found)));
      return true;
    }
    stopped_ = stopped_ || found.error().kind == Error::Kind::kCancelled;
    report_.add(timer.broken(step, {}, found.error()));
    return false;
  }

  void not_tried(const CheckStep& step) {
    CheckLink link;
    link.name = step.name;
    link.title = step.title;
    report_.add(std::move(link));
  }

 private:
  CheckReport& report_;
  bool stopped_ = false;
};

/// The answer that TLS was shown by also tells the time.
bool walk_to_server(Session& session, Walk& walk, const std::string& url,
                    const std::string& ca_file) {
  const auto target = net::parse_target(url);
  if (!walk.add(kDns, [&]() -> Result<MailFinding> {
        return target ? look_up(*target) : Result<MailFinding>(target.error());
      })) {
    return false;
  }
  std::optional<HttpAnswer> answer;
  const bool tls = walk.add(kProviderTls, [&]() -> Result<MailFinding> {
    auto got = ask(session, url, ca_file);
    if (!got) return got.error();
    answer = *std::move(got);
    if (target->scheme != "https") return MailFinding{_("none: the server is this computer"), {}};
    return MailFinding{format(_("the certificate of {} holds"), {target->host}), {}};
  });
  if (!tls) return false;
  walk.add(kClock, [&] { return compare_clocks(*answer, session.clock().now()); });
  return true;
}

std::string good_until(const Grant& grant) {
  return format(_("the access token is good until {}"), {local_time(grant.expires_at)});
}

Result<Grant> load(Session& session, const GrantKey& key) {
  auto grant = wait_for<std::optional<Grant>>(
      keyring_patience(),
      [&](Done<std::optional<Grant>> done) { return session.store().load(key, std::move(done)); });
  if (!grant) return grant.error();
  if (!*grant) return make_error(Error::Kind::kStorage, _("its item is no longer in the keyring"));
  return **std::move(grant);
}

/// One for which the grant may be asked; the provider's first when it serves none.
Protocol some_protocol(const Provider& provider, const Grant& grant) {
  for (const auto& scopes : provider.scopes.mail) {
    if (oauth::scope_serves(provider, scopes.first, grant.scope)) return scopes.first;
  }
  return provider.scopes.mail.empty() ? Protocol::kImap : provider.scopes.mail.begin()->first;
}

/// Through the broker, which leaves a fresh token alone.
Result<MailFinding> renew(Session& session, const CheckSubject& subject, Grant& grant) {
  auto item = load(session, subject.grant);
  if (!item) return item.error();
  grant = *std::move(item);
  const auto broker = session.broker();
  if (!broker) return broker.error();
  const Protocol protocol = some_protocol(subject.provider, grant);
  const auto token = wait_for<AccessToken>(
      _("Waiting for the provider to renew the token. Ctrl-C ends."), [&](Done<AccessToken> done) {
        return (*broker)->token(subject.grant, protocol, std::move(done));
      });
  if (!token) return token.error();
  if (grant.access_token.equals(token->reveal())) {
    return MailFinding{format(_("not needed: {}"), {good_until(grant)}), {}};
  }
  // What a provider granted may have changed with the token.
  item = load(session, subject.grant);
  if (!item) return item.error();
  grant = *std::move(item);
  return MailFinding{format(_("renewed: {}"), {good_until(grant)}), {}};
}

std::string titles_of(const std::vector<Protocol>& protocols) {
  std::string titles;
  for (const Protocol protocol : protocols) {
    titles += (titles.empty() ? "" : ", ") + std::string(protocol_title(protocol));
  }
  return titles;
}

Result<MailFinding> compare_scopes(const Provider& provider, const Grant& grant) {
  std::vector<Protocol> served;
  std::vector<Protocol> missing;
  for (const auto& scopes : provider.scopes.mail) {
    const bool serves = oauth::scope_serves(provider, scopes.first, grant.scope);
    (serves ? served : missing).push_back(scopes.first);
  }
  if (!served.empty() && missing.empty()) return MailFinding{titles_of(served), {}};
  return make_error(Error::Kind::kRefused,
                    format(_("The sign-in does not cover {}. If you need it, sign in again and "
                             "permit it; if the provider does not ask, an administrator has to "
                             "add the permission to the application."),
                           {titles_of(missing)}),
                    "scopes");
}

}  // namespace

std::vector<const char*> provider_titles() {
  return {kDns.title,    kProviderTls.title, kClock.title,  kMetadata.title,
          kClient.title, kRenewal.title,     kScopes.title, kIdentity.title};
}

bool walk_authorization_server(Session& session, CheckReport& report, Provider& provider,
                               const Result<ClientKey>& client) {
  Walk walk(report);
  if (auto filled = for_tenant(provider, client ? client->tenant : std::string())) {
    provider = *std::move(filled);
  } else {
    walk.add(kClient, [&]() -> Result<MailFinding> { return filled.error(); });
    return true;
  }
  const bool reached = walk_to_server(session, walk, public_address(provider), provider.ca_file);
  if (walk.stopped()) return false;
  if (!reached) {
    for (const CheckStep& step : {kMetadata, kClient}) walk.not_tried(step);
    return true;
  }
  if (walk.add(kMetadata, [&] { return fetch_metadata(session, provider); })) {
    walk.add(kClient, [&] { return check_the_client(session, provider, client); });
  } else {
    walk.not_tried(kClient);
  }
  return !walk.stopped();
}

bool walk_grant(Session& session, CheckReport& report, const CheckSubject& subject) {
  Walk walk(report);
  Grant grant;
  if (!walk.add(kRenewal, [&] { return renew(session, subject, grant); })) {
    for (const CheckStep& step : {kScopes, kIdentity}) walk.not_tried(step);
    return !walk.stopped();
  }
  walk.add(kScopes, [&] { return compare_scopes(subject.provider, grant); });
  walk.add(kIdentity, [&]() -> Result<MailFinding> {
    return MailFinding{subject.grant.identity, {}};
  });
  return !walk.stopped();
}

}  // namespace mail_oauth::cli
