// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/key_text.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("text in UTF-8 can be a name in a store", "[oauth]") {
  const auto text = GENERATE(as<std::string>{}, "", "alice@contoso.com", "m\xc3\xbcller@x.test");
  CHECK(check_text(text));
  CHECK(check_text(GrantKey{{text, text, text}, text}));
}

TEST_CASE("what is not text in UTF-8 is refused in words that can be shown", "[oauth]") {
  const auto text = GENERATE(as<std::string>{},
                             "m\xfcller@x.test",             // Latin-1
                             "\xed\xa0\x80@x.test",          // half of a pair of UTF-16
                             std::string("a@x.test\0b", 10)  // would be another one's name
  );

  const auto result = check_text(text);

  REQUIRE_FALSE(result);
  CHECK(result.error().kind == Error::Kind::kConfig);
  CHECK(result.error().code == "not-text");
  CHECK(check_text(result.error().what));
}

TEST_CASE("each part of a key has to be text", "[oauth]") {
  const std::string bad = "\xfc";
  CHECK_FALSE(check_text(ClientKey{bad, "c", "t"}));
  CHECK_FALSE(check_text(ClientKey{"p", bad, "t"}));
  CHECK_FALSE(check_text(ClientKey{"p", "c", bad}));
  CHECK_FALSE(check_text(GrantKey{{"p", "c", bad}, "i"}));
  CHECK_FALSE(check_text(GrantKey{{"p", "c", "t"}, bad}));
}
