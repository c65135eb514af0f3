// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/i18n.h"
#include "cli/commands.h"

namespace mail_oauth::cli {

std::vector<Option> narrowing_options() {
  return {{"--provider", N_("ID"), N_("the provider, as `mail-oauth providers` lists it")},
          {"--client", N_("ID"), N_("the client id")},
          {"--tenant", N_("T"), N_("the tenant")}};
}

GrantFilter filter_of(const Arguments& arguments) {
  return {arguments.operands.empty() ? std::string() : arguments.operands[0],
          arguments.value("--provider"), arguments.value("--client"), arguments.value("--tenant")};
}

}  // namespace mail_oauth::cli
