// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/live_text.h"

#include <glib.h>

#include "base/cptr.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

TEST_CASE("who has the pointer to a replaced text still reads it", "[claws][live]") {
  char* field = g_strdup("alice");
  const char* session = field;

  replace_text(field, "alice@contoso.test");
  const GCharPtr now(field);

  CHECK(std::string(field) == "alice@contoso.test");
  CHECK(std::string(session) == "alice");
}

TEST_CASE("a text that is there already stays where it is", "[claws][live]") {
  char* field = g_strdup("alice");
  const GCharPtr owner(field);
  replace_text(field, "alice");
  CHECK(field == owner.get());

  char* nothing = nullptr;
  replace_text(nothing, "");
  CHECK(nothing == nullptr);
}
