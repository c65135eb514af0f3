// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/check_walk.h"

#include <memory>
#include <utility>

#include "base/i18n.h"
#include "cli/wait.h"
#include "etpan/lazy_mail_probe.h"
#include "explain/explanation.h"

namespace mail_oauth::cli {

namespace {

struct Step {
  CheckStep names;
  std::optional<MailLink> link;  ///< None: the token.
};

constexpr Step kConnect{{"connect", N_("connection")}, MailLink::kConnect};
constexpr Step kTls{{"tls", N_("TLS")}, MailLink::kTls};
constexpr Step kCertificate{{"certificate", N_("certificate")}, MailLink::kCertificate};
constexpr Step kGreeting{{"greeting", N_("greeting")}, MailLink::kGreeting};
constexpr Step kCapabilities{{"capabilities", N_("capabilities")}, MailLink::kCapabilities};
constexpr Step kToken{{"token", N_("token")}, std::nullopt};
constexpr Step kLogin{{"login", N_("login")}, MailLink::kLogin};
constexpr Step kMailbox{{"mailbox", N_("mailbox")}, MailLink::kMailbox};
constexpr Step kMessage{{"message", N_("test message")}, MailLink::kMessage};

std::vector<Step> steps_of(TlsMode tls, bool message) {
  std::vector<Step> steps = {kConnect, kTls, kCertificate, kGreeting};
  if (tls == TlsMode::kStartTls) steps = {kConnect, kGreeting, kTls, kCertificate};
  for (const Step& step : {kCapabilities, kToken, kLogin, kMailbox}) steps.push_back(step);
  if (message) steps.push_back(kMessage);
  return steps;
}

SaslUser named_beside_the_token(const Provider& provider, Protocol protocol) {
  const auto found = provider.sasl_user.find(protocol);
  return found == provider.sasl_user.end() ? SaslUser::kMailbox : found->second;
}

MailProbeTarget target_of(const CheckSubject& subject, Protocol protocol) {
  MailProbeTarget target;
  target.provider = subject.provider;
  target.protocol = protocol;
  const bool identity = named_beside_the_token(subject.provider, protocol) == SaslUser::kIdentity;
  target.user = identity ? subject.grant.identity : subject.mailbox;
  target.sender = subject.mailbox;
  target.recipient = subject.grant.identity;
  target.grant = subject.grant;
  return target;
}

/// The token alone, so that the time of the login is the mail server's.
Result<MailFinding> ask_token(Broker& broker, const MailProbeTarget& target) {
  const auto token = wait_for<AccessToken>(
      _("Waiting for the provider to renew the token. Ctrl-C ends."), [&](Done<AccessToken> done) {
        return broker.token(target.grant, target.protocol, std::move(done));
      });
  if (!token) return token.error();
  return MailFinding{format(_("{} bytes"), {std::to_string(token->reveal().size())}), {}};
}

Result<MailFinding> walk_step(const Step& step, Broker* broker, MailProbe& probe,
                              const MailProbeTarget& target) {
  if (!step.link) return ask_token(*broker, target);
  const std::string patience = format(_("Waiting for the {1} server ({2}). Ctrl-C ends."),
                                      {protocol_title(target.protocol), _(step.names.title)});
  return wait_for<MailFinding>(
      patience, [&](Done<MailFinding> done) { return probe.walk(*step.link, std::move(done)); });
}

void report_not_tried(CheckReport& report, const Step& step, Protocol protocol) {
  CheckLink link;
  link.protocol = protocol;
  link.name = step.names.name;
  link.title = step.names.title;
  report.add(std::move(link));
}

/// Whoever sends as a shared mailbox may have signed in under their own name.
bool about_shared_mailbox(const Step& step, const MailProbeTarget& target) {
  const bool sends = target.protocol == Protocol::kSmtp &&
                     (step.link == MailLink::kMailbox || step.link == MailLink::kMessage);
  return (sends ? target.sender : target.user) != target.grant.identity;
}

/// Without a broker, up to the token. False: Ctrl-C.
bool walk_steps(const std::vector<Step>& steps, Broker* broker, MailProbe& probe,
                const MailProbeTarget& target, CheckReport& report) {
  const bool signed_in = broker != nullptr;
  bool whole = true;
  for (const Step& step : steps) {
    whole = whole && (signed_in || step.link);
    if (!whole) {
      report_not_tried(report, step, target.protocol);
      continue;
    }
    const CheckTimer timer;
    auto found = walk_step(step, broker, probe, target);
    if (found) {
      report.add(timer.holds(step.names, target.protocol, *std::move(found)));
      continue;
    }
    whole = false;
    Error error = found.error();
    if (about_shared_mailbox(step, target)) error.details.push_back(explain::kSharedMailbox);
    report.add(timer.broken(step.names, target.protocol, error));
    if (error.kind == Error::Kind::kCancelled) return false;
  }
  return true;
}

}  // namespace

CheckLink CheckTimer::made(CheckStep step, std::optional<Protocol> protocol) const {
  CheckLink link;
  link.protocol = protocol;
  link.name = step.name;
  link.title = step.title;
  link.took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began_);
  return link;
}

CheckLink CheckTimer::holds(CheckStep step, std::optional<Protocol> protocol,
                            MailFinding finding) const {
  CheckLink link = made(step, protocol);
  link.outcome = CheckLink::Outcome::kHolds;
  link.finding = std::move(finding);
  return link;
}

CheckLink CheckTimer::broken(CheckStep step, std::optional<Protocol> protocol, Error error) const {
  CheckLink link = made(step, protocol);
  link.outcome = CheckLink::Outcome::kBroken;
  link.error = std::move(error);
  return link;
}

std::vector<const char*> protocol_titles(bool send_test) {
  std::vector<const char*> titles;
  for (const Step& step : steps_of(TlsMode::kTls, send_test)) titles.push_back(step.names.title);
  return titles;
}

bool walk_protocol(Session& session, CheckReport& report, const CheckSubject& subject,
                   Protocol protocol) {
  const std::string title(protocol_title(protocol));
  const auto server = subject.provider.servers.find(protocol);
  if (server == subject.provider.servers.end()) {
    report.heading(title + "  " + _("no server is named for it"));
    return true;
  }
  report.heading(title + "  " + server->second.host + ":" + std::to_string(server->second.port));
  MailProbeTarget target = target_of(subject, protocol);
  const CheckTimer timer;
  Broker* broker = nullptr;
  if (subject.signed_in) {
    const auto opened = session.broker();
    if (!opened) {
      report.add(timer.broken(kToken.names, protocol, opened.error()));
      return true;
    }
    target.tokens = broker = *opened;
  }
  const auto probe = open_mail_probe(target);
  if (!probe) {
    report.add(timer.broken(kConnect.names, protocol, probe.error()));
    return true;
  }
  const bool message = subject.send_test && protocol == Protocol::kSmtp;
  return walk_steps(steps_of(server->second.tls, message), broker, **probe, target, report);
}

}  // namespace mail_oauth::cli
