// SPDX-License-Identifier: GPL-3.0-or-later
#include "cyrus/token_shape.h"

#include <string>

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("tokens are told from passwords by length and characters", "[cyrus]") {
  const auto [text, token] = GENERATE(table<std::string, bool>({
      {"0123456789abcdef0123456789abcdef", true},  // 128 bits in hexadecimal
      {"0123456789abcdef0123456789abcde", false},  // one short
      {"ya29.a0AfH6SMBx-_~+/abcdefghijklmnopqrst==", true},
      {std::string(2500, 't'), true},
      {"correct horse battery staple and some more words", false},  // spaces
      {"a-long-password-with-an-exclamation-mark!", false},
      {"abcdefghijklmnopqrstuvwxyz0123456789=abc", false},  // "=" only at the end
      {"================================", false},
      {"hunter2", false},
      {"", false},
  }));
  CAPTURE(text);

  CHECK(cyrus::can_be_token(AccessToken(Secret(text))) == token);
}
