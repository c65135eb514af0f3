// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/json_member.h"

#include <string>

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("a member is found in a text that is refused as a whole", "[codec][json]") {
  const auto [text, found] = GENERATE(table<std::string, std::string>({
      {R"({"a":"1","t":"R2"})", "R2"},
      {R"({"t":"R1","a":1,"a":2,"t":"R2"})", "R2"},           // repeated: the last one
      {R"({"t":"R2","x":{"t":"no"},"y":["t","no"]})", "R2"},  // of the outermost object only
      {R"({"x":[{"t":"no"}]})", ""},
      {R"({"t":7})", ""},
      {R"({"t":"R2","t":7})", "R2"},
      {R"(["t","R2"])", ""},
      {R"("t")", ""},
      {R"({"t":"R2")", ""},        // cut off
      {R"({"t":"R2"} more)", ""},  // something else follows
      {"", ""},
  }));
  CAPTURE(text);

  CHECK(last_text_at(text, "t").reveal() == found);
}
