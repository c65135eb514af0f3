// SPDX-License-Identifier: GPL-3.0-or-later
//
// Computes the table of RELIABILITY.md: nine_oclock [MACHINES [SEED]].
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "reliability/crowd.h"

namespace {

using namespace mail_oauth::reliability;

std::string clock(seconds second) {
  const auto whole = second.count() + 9 * 3600;
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", static_cast<int>(whole / 3600),
                static_cast<int>(whole / 60 % 60), static_cast<int>(whole % 60));
  return text;
}

void row(const std::string& what, const Requests& requests) {
  const Busiest found = busiest(requests);
  std::cout << "| " << what << " | " << clock(found.from) << " to " << clock(found.to) << " | "
            << found.requests << " |\n";
}

}  // namespace

int main(int argc, char** argv) {
  Crowd crowd;
  if (argc > 1) crowd.machines = std::strtoull(argv[1], nullptr, 10);
  if (argc > 2) crowd.seed = std::strtoull(argv[2], nullptr, 10);
  std::cout << "| what " << crowd.machines << " machines do | when | in the busiest second |\n"
            << "|---|---|---|\n";
  for (const int count : {1, 2, 4, 8}) {
    row("token for an hour, renewal " + std::to_string(count), renewals(crowd, count));
  }
  Crowd brief = crowd;
  brief.lifetime = seconds(300);
  for (const int count : {1, 2, 8}) {
    row("token for five minutes, renewal " + std::to_string(count), renewals(brief, count));
  }
  for (const int count : {1, 2, 4, 8}) {
    row("server answers 503, attempt " + std::to_string(count), retries(crowd, count, {}));
  }
  for (const int count : {1, 2, 4}) {
    row("server answers 429, Retry-After: 600, attempt " + std::to_string(count),
        retries(crowd, count, seconds(600)));
  }
  return 0;
}
