// SPDX-License-Identifier: GPL-3.0-or-later
//
// A DnsResolver with mail exchangers by domain. The test's thread only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/source.h"
#include "ports/dns_resolver.h"

namespace mail_oauth::testing {

class ScriptedDns : public DnsResolver {
 public:
  std::map<std::string, std::vector<std::string>> records;
  std::map<std::string, std::vector<std::string>> hosts;  ///< Their addresses.
  std::optional<Error> fails;
  bool silent = false;             ///< Never answers.
  std::vector<std::string> asked;  ///< Domains.

  Call mail_exchangers(std::string domain, Done<std::vector<std::string>> done) override {
    asked.push_back(domain);
    return look_up(records, domain, std::move(done));
  }

  Call addresses(std::string host, Done<std::vector<std::string>> done) override {
    return look_up(hosts, host, std::move(done));
  }

 private:
  using Table = std::map<std::string, std::vector<std::string>>;

  Call look_up(const Table& table, const std::string& domain, Done<std::vector<std::string>> done) {
    auto question = std::make_shared<Done<std::vector<std::string>>>(std::move(done));
    if (!silent) {
      post(current_context().get(), [this, &table, question, domain] {
        const auto answer = std::exchange(*question, nullptr);
        if (!answer) return;
        if (fails) return answer(*fails);
        const auto found = table.find(domain);
        answer(found == table.end() ? std::vector<std::string>() : found->second);
      });
    }
    return Call([question] { *question = nullptr; });
  }
};

}  // namespace mail_oauth::testing
