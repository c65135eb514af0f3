// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/client_check.h"

#include "base/i18n.h"
#include "cli/client_ready.h"
#include "cli/commands.h"
#include "cli/wait.h"
#include "signin/client_choice.h"

namespace mail_oauth::cli {

namespace {

using signin::ClientReport;
using signin::Probe;
using signin::Verdict;

std::string verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccepted:
      return _("accepted");
    case Verdict::kRefused:
      return _("refused");
    case Verdict::kUnclear:
      return _("unclear");
  }
  return "";
}

std::string request_text(Probe::Request request) {
  switch (request) {
    case Probe::Request::kRefresh:
      return _("token endpoint");
    case Probe::Request::kDevice:
      return _("sign-in on another device");
    case Probe::Request::kAuthorization:
      return _("sign-in page");
  }
  return "";
}

void print(const Output& output, const ClientReport& report) {
  for (const Probe& probe : report.probes) {
    std::string line = format(
        "{}: {}. {}", {request_text(probe.request), verdict_text(probe.verdict), probe.shows});
    if (!probe.error.code.empty()) line += " (" + probe.error.code + ")";
    if (!probe.error.correlation_id.empty()) line += " [" + probe.error.correlation_id + "]";
    output.data(line);
  }
  output.data(_("Not checkable without signing in:"));
  for (const std::string& what : report.unchecked) output.data("  " + what);
}

void print_json(const Output& output, const ClientKey& key, const ClientReport& report) {
  Json checks = Json::array();
  for (const Probe& probe : report.probes) {
    Json check = Json::object();
    check.set("request", Json::of(std::string_view(signin::request_word(probe.request))));
    check.set("result", Json::of(std::string_view(signin::verdict_word(probe.verdict))));
    check.set("shows", Json::of(probe.shows));
    if (!probe.error.code.empty()) check.set("code", Json::of(probe.error.code));
    if (!probe.error.correlation_id.empty()) {
      check.set("correlation_id", Json::of(probe.error.correlation_id));
    }
    checks.append(std::move(check));
  }
  Json unchecked = Json::array();
  for (const std::string& what : report.unchecked) unchecked.append(Json::of(what));
  Json object = json_object();
  object.set("provider", Json::of(key.provider));
  object.set("client", Json::of(key.client));
  object.set("tenant", Json::of(key.tenant));
  object.set("refused", Json::of(report.refused()));
  object.set("checks", std::move(checks));
  object.set("not_checkable", std::move(unchecked));
  output.object(object);
}

Result<void> run_client_check(const Invocation& invocation) {
  const auto found = invocation.providers.find(invocation.arguments.operands[0]);
  if (!found) return found.error();
  const auto key = signin::chosen_client(*found, invocation.arguments.value("--client-id"),
                                         invocation.arguments.value("--tenant"));
  if (!key) return key.error();
  Session session(invocation.providers);
  auto client = client_with_secret(session, *found, *key);
  if (!client) return client.error();
  const auto filled = for_tenant(*found, key->tenant);
  if (!filled) return filled.error();
  auto provider = with_metadata(session, *filled);
  if (!provider) return provider.error();
  const auto report = wait_for<ClientReport>(
      _("Waiting for the provider. Ctrl-C ends."), [&](Done<ClientReport> done) {
        return signin::check_client(session.http(), *std::move(provider), *std::move(client),
                                    std::move(done));
      });
  if (!report) return report.error();
  if (invocation.output.json()) {
    print_json(invocation.output, *key, *report);
  } else {
    print(invocation.output, *report);
  }
  return {};
}

}  // namespace

Command client_check_command() {
  return {{"client check",
           N_("PROVIDER"),
           N_("Asks the provider what it says of the client without a person signing in."),
           {{"--client-id", N_("ID"), N_("another client than the one that is set")},
            {"--tenant", N_("T"), N_("another tenant than the one that is set")}},
           1,
           1},
          run_client_check,
          false};
}

}  // namespace mail_oauth::cli
