// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/connection_policy.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

ConnectionFacts sound() {
  ConnectionFacts facts;
  facts.encrypted = true;
  return facts;
}

}  // namespace

TEST_CASE("a token goes over an encrypted and checked connection", "[claws][policy]") {
  CHECK(may_carry_token(Protocol::kImap, sound()).has_value());
  CHECK_FALSE(connection_warning(sound()).has_value());
}

TEST_CASE("no token goes where somebody could read it", "[claws][policy]") {
  auto [spoil, word] = GENERATE(table<void (*)(ConnectionFacts&), std::string>({
      {[](ConnectionFacts& facts) { facts.encrypted = false; }, "TLS"},
      {[](ConnectionFacts& facts) { facts.certificates_checked = false; }, "skip_ssl_cert_check"},
      {[](ConnectionFacts& facts) { facts.through_command = true; }, "command"},
  }));
  ConnectionFacts facts = sound();
  spoil(facts);

  const auto allowed = may_carry_token(Protocol::kSmtp, facts);

  REQUIRE_FALSE(allowed.has_value());
  CHECK(allowed.error().kind == Error::Kind::kRefused);
  CHECK(allowed.error().what.find("SMTP") != std::string::npos);
  CHECK(allowed.error().what.find(word) != std::string::npos);
}

TEST_CASE("accepting certificates without asking is warned about, not refused", "[claws][policy]") {
  ConnectionFacts facts = sound();
  facts.accepts_certificates = true;

  CHECK(may_carry_token(Protocol::kImap, facts).has_value());
  CHECK(connection_warning(facts).has_value());
}
