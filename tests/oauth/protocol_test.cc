// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/protocol.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("every protocol is found again by its word", "[oauth][protocol]") {
  for (const Protocol protocol : kProtocols) {
    CHECK(protocol_from_word(protocol_word(protocol)) == protocol);
  }
  CHECK(protocol_from_word("pop3") == Protocol::kPop);
  CHECK(protocol_title(Protocol::kPop) == "POP3");
}

TEST_CASE("other words are no protocol", "[oauth][protocol]") {
  const auto word = GENERATE(as<std::string>{}, "", "IMAP", "imap ", "jmap");
  CAPTURE(word);

  CHECK_FALSE(protocol_from_word(word));
}
