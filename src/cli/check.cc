// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib.h>

#include "base/i18n.h"
#include "cli/check_walk.h"
#include "cli/commands.h"
#include "cli/wait.h"

namespace mail_oauth::cli {

namespace {

constexpr CheckStep kSignIn{"grant", N_("sign-in")};

/// From the keyring: who signed in, and at which provider.
Result<void> find_grant(const Invocation& invocation, Session& session, CheckReport& report,
                        CheckSubject& subject) {
  const CheckTimer timer;
  const auto grants = session.grants();
  auto key = grants
                 ? choose_grant(*grants, filter_of(invocation.arguments), Error::Kind::kReauthorize)
                 : Result<GrantKey>(grants.error());
  auto provider =
      key ? invocation.catalog.find(key->client.provider) : Result<Provider>(key.error());
  if (provider && provider->servers.empty()) {
    provider =
        make_error(Error::Kind::kConfig, format(_("{} names no mail servers."), {provider->file}));
  }
  if (!provider) {
    report.add(timer.broken(kSignIn, {}, provider.error()));
    return provider.error();
  }
  subject.grant = *std::move(key);
  subject.provider = *std::move(provider);
  const std::string& identity = subject.grant.identity;
  const bool own = g_ascii_strcasecmp(subject.mailbox.c_str(), identity.c_str()) == 0;
  if (own || subject.mailbox.empty()) subject.mailbox = identity;
  report.about("provider", subject.provider.id);
  report.about("identity", subject.grant.identity);
  report.about("mailbox", subject.mailbox);
  report.add(timer.holds(kSignIn, {}, {described(subject.grant), {}}));
  return {};
}

void walk_all(const Invocation& invocation, Session& session, CheckReport& report,
              CheckSubject& subject) {
  if (!find_grant(invocation, session, report, subject)) return;
  session.trust(subject.provider.ca_file);
  for (const Protocol protocol : kProtocols) {
    if (!walk_protocol(session, report, subject, protocol)) return;
  }
}

Result<void> run(const Invocation& invocation) {
  KeptSignals signals;
  const Arguments& arguments = invocation.arguments;
  CheckSubject subject;
  subject.mailbox = arguments.value("--mailbox");
  subject.send_test = arguments.has("--send-test");
  std::vector<const char*> titles = protocol_titles(subject.send_test);
  titles.push_back(kSignIn.title);
  CheckReport report(invocation.output,
                     Shortening(arguments.has("--full"), {arguments.operands[0], subject.mailbox}),
                     titles);
  report.about("version", MAIL_OAUTH_VERSION);
  Session session(invocation.catalog);
  walk_all(invocation, session, report, subject);
  signals.forget();  // Ctrl-C was for the walk, and not for what is still to be stored
  if (const auto closed = session.close(); !closed) {
    report.add(CheckTimer().broken({"store", N_("store")}, {}, closed.error()));
  }
  return report.finish();
}

}  // namespace

Command check_command() {
  Grammar grammar{"check",
                  "ADDRESS",
                  N_("Tries IMAP, POP3 and SMTP link by link and says where it breaks. Changes "
                     "nothing in the mailbox."),
                  narrowing_options(),
                  1,
                  1};
  grammar.options.insert(grammar.options.begin(),
                         {{"--mailbox", "SHARED", N_("open this mailbox instead of one's own")},
                          {"--send-test", nullptr, N_("send one message to ADDRESS, too")},
                          {"--full", nullptr, N_("do not shorten addresses and file names")}});
  return {grammar, run, false};
}

}  // namespace mail_oauth::cli
