// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib.h>

#include "base/i18n.h"
#include "cli/check_provider.h"
#include "cli/commands.h"
#include "cli/wait.h"
#include "signin/client_choice.h"

namespace mail_oauth::cli {

namespace {

constexpr CheckStep kStore{"store", N_("store")};
constexpr CheckStep kSignIn{"grant", N_("account")};

using Grants = Result<std::vector<GrantKey>>;

Grants list_store(Session& session, CheckReport& report) {
  const CheckTimer timer;
  auto grants = session.grants();
  if (!grants) {
    report.add(timer.broken(kStore, {}, grants.error()));
    return grants;
  }
  const std::size_t count = grants->size();
  report.add(
      timer.holds(kStore, {},
                  {format(translated_plural("{} sign-in is kept", "{} sign-ins are kept", count),
                          {std::to_string(count)}),
                   {}}));
  return grants;
}

/// The one of the grant; without a grant, the one that was named or that the domain belongs to.
Result<Provider> provider_of(const Invocation& invocation, const Result<GrantKey>& key) {
  if (key) return invocation.providers.find(key->client.provider);
  const std::string id = invocation.arguments.value("--provider");
  if (!id.empty()) return invocation.providers.find(id);
  const auto fitting = invocation.providers.all().for_address(invocation.arguments.operands[0]);
  if (fitting.size() == 1) return fitting.front();
  return key.error();
}

void report_sign_in(CheckReport& report, const Grants& grants, const Result<GrantKey>& key) {
  const CheckTimer timer;
  if (key) return report.add(timer.holds(kSignIn, {}, {described(*key), {}}));
  if (grants) return report.add(timer.broken(kSignIn, {}, key.error()));
  CheckLink link;  // nobody could look
  link.name = kSignIn.name;
  link.title = kSignIn.title;
  report.add(std::move(link));
}

void describe(CheckReport& report, CheckSubject& subject, const Result<GrantKey>& key) {
  report.about("provider", subject.provider.id);
  if (!key) return;
  subject.grant = *key;
  const std::string& identity = subject.grant.identity;
  const bool own = g_ascii_strcasecmp(subject.mailbox.c_str(), identity.c_str()) == 0;
  if (own || subject.mailbox.empty()) subject.mailbox = identity;
  report.about("identity", identity);
  report.about("mailbox", subject.mailbox);
}

void walk_protocols(Session& session, CheckReport& report, const CheckSubject& subject) {
  if (subject.provider.servers.empty()) {
    const Error error = make_error(Error::Kind::kConfig,
                                   format(_("{} names no mail servers."), {subject.provider.file}));
    return report.add(CheckTimer().broken({"servers", N_("mail servers")}, {}, error));
  }
  for (const Protocol protocol : kProtocols) {
    if (!walk_protocol(session, report, subject, protocol)) return;
  }
}

void walk_all(const Invocation& invocation, Session& session, CheckReport& report,
              CheckSubject& subject) {
  report.heading(_("Sign-in"));
  const Grants grants = list_store(session, report);
  if (!grants && grants.error().kind == Error::Kind::kCancelled) return;
  const auto key =
      grants ? choose_grant(*grants, filter_of(invocation.arguments), Error::Kind::kReauthorize)
             : Result<GrantKey>(grants.error());
  auto provider = provider_of(invocation, key);
  if (!provider) return report_sign_in(report, grants, provider.error());
  subject.provider = *std::move(provider);
  describe(report, subject, key);
  const auto client =
      key ? Result<ClientKey>(key->client)
          : signin::chosen_client(subject.provider, invocation.arguments.value("--client"),
                                  invocation.arguments.value("--tenant"));
  if (!walk_authorization_server(session, report, subject.provider, client)) return;
  report_sign_in(report, grants, key);
  subject.signed_in = key.has_value();
  if (key && !walk_grant(session, report, subject)) return;
  walk_protocols(session, report, subject);
}

Result<void> run_check(const Invocation& invocation) {
  KeptSignals signals;
  const Arguments& arguments = invocation.arguments;
  CheckSubject subject;
  subject.mailbox = arguments.value("--mailbox");
  subject.send_test = arguments.has("--send-test");
  std::vector<const char*> titles = protocol_titles(subject.send_test);
  for (const char* title : provider_titles()) titles.push_back(title);
  CheckReport report(invocation.output,
                     Shortening(arguments.has("--full"), {arguments.operands[0], subject.mailbox}),
                     titles);
  report.about("version", MAIL_OAUTH_VERSION);
  Session session(invocation.providers);
  walk_all(invocation, session, report, subject);
  signals.forget();  // Ctrl-C was for the walk, and not for what is still to be stored
  if (const auto closed = session.close(); !closed) {
    report.add(CheckTimer().broken(kStore, {}, closed.error()));
  }
  return report.finish();
}

}  // namespace

Command check_command() {
  Grammar grammar{"check",
                  N_("ADDRESS"),
                  N_("Tries the way from the keyring to the mailbox link by link and says where it "
                     "breaks. Changes nothing in the mailbox."),
                  narrowing_options(),
                  1,
                  1};
  grammar.options.insert(grammar.options.begin(),
                         {{"--mailbox", N_("SHARED"), N_("open this mailbox instead of one's own")},
                          {"--send-test", nullptr, N_("send one message to ADDRESS, too")},
                          {"--full", nullptr, N_("do not shorten addresses and file names")}});
  return {grammar, run_check, false};
}

}  // namespace mail_oauth::cli
