// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/provider_choice.h"

#include <unistd.h>

#include "base/i18n.h"
#include "cli/line_reader.h"
#include "cli/wait.h"
#include "desktop/gio_dns_resolver.h"
#include "desktop/system_clock.h"
#include "finder/provider_finder.h"
#include "net/lazy_http_client.h"

namespace mail_oauth::cli {

namespace {

using finder::Finding;

Result<Finding> look_for(const Invocation& invocation, const std::string& address) {
  GioDnsResolver dns;
  LazyHttpClient http(http_options_from_environment());
  SystemClock clock;
  finder::ProviderFinder finder(invocation.providers.all(), dns, http, clock);
  return wait_for<Finding>(_("Looking for the provider of this address. Ctrl-C ends."),
                           [&](Done<Finding> done) {
                             return finder.find({address, {}}, std::move(done));
                           });
}

void explain(const Output& output, const Finding& finding) {
  for (const finder::Step& step : finding.trace) output.talk(step.what);
  if (!output.json()) return;
  Json trace = Json::array();
  for (const finder::Step& step : finding.trace) {
    Json line = Json::object();
    line.set("by", Json::of(std::string_view(finder::means_word(step.means))));
    line.set("what", Json::of(step.what));
    trace.append(std::move(line));
  }
  Json object = json_object();
  object.set("event", Json::of(std::string_view("provider")));
  object.set("provider", Json::of(finding.provider ? finding.provider->id : ""));
  object.set("trace", std::move(trace));
  output.object(object);
}

Result<Provider> ask_person(const Invocation& invocation, const std::string& question) {
  const Output& output = invocation.output;
  output.talk(question);
  output.talk(_("Type the name on the left and press Enter:"));
  const auto line = wait_for<Secret>("", [](Done<Secret> done) { return read_line(done); });
  if (!line) return line.error();
  return invocation.providers.find(std::string(line->reveal()));
}

}  // namespace

std::string question_of(const Finding& finding, const manifest::Catalog& catalog) {
  const auto& candidates = finding.candidates;
  std::string what;
  if (candidates.size() == 1) {
    what = format(_("{1} is known to {2}, which does not say that its mail is there. Is it? Then "
                    "choose it with --provider:"),
                  {finding.domain, candidates[0].name});
  } else if (!candidates.empty()) {
    what = format(_("Several providers fit {}. Choose one with --provider:"), {finding.domain});
  } else if (!finding.unknown_issuer.empty()) {
    what = format(_("{1} has a sign-in server of its own, {2}, and no manifest is for it. The page "
                    "docs/register/generic.md says how to write one. Or choose another with "
                    "--provider:"),
                  {finding.domain, finding.unknown_issuer});
  } else {
    what = format(_("No provider is known for {}. Choose one with --provider:"), {finding.domain});
  }
  for (const Provider& provider : candidates.empty() ? catalog.providers() : candidates) {
    what += "\n  " + provider.id + "  " + provider.name;
  }
  return what;
}

Result<Provider> chosen_provider(const Invocation& invocation, const std::string& address) {
  const std::string id = invocation.arguments.value("--provider");
  if (!id.empty()) return invocation.providers.find(id);
  const auto finding = look_for(invocation, address);
  if (!finding) return finding.error();
  if (invocation.arguments.has("--verbose")) explain(invocation.output, *finding);
  if (finding->provider) return *finding->provider;
  const std::string question = question_of(*finding, invocation.providers.all());
  // A program is not waited for.
  if (!invocation.output.json() && isatty(STDIN_FILENO) == 1) {
    return ask_person(invocation, question);
  }
  return make_error(Error::Kind::kConfig, question);
}

}  // namespace mail_oauth::cli
