// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/old_names.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

cli::Grammar grammar(bool with_mailbox) {
  cli::Grammar made{"check", "ADDRESS", "x", {}, 1, 1};
  if (with_mailbox) made.options.push_back({"--mailbox", "SHARED", "x"});
  return made;
}

}  // namespace

TEST_CASE("an old name on the command line becomes person and mailbox", "[cli][old_names]") {
  cli::Arguments arguments{{}, {"alice@contoso.com\\support"}};

  const auto words = cli::convert_old_names(grammar(true), arguments);

  REQUIRE(words);
  CHECK(words->find("alice@contoso.com and open the mailbox support@contoso.com") !=
        std::string::npos);
  CHECK(arguments.operands[0] == "alice@contoso.com");
  CHECK(arguments.value("--mailbox") == "support@contoso.com");
}

TEST_CASE("a command without mailboxes gets the person alone", "[cli][old_names]") {
  cli::Arguments arguments{{}, {"alice@contoso.com\\support"}};

  REQUIRE(cli::convert_old_names(grammar(false), arguments));

  CHECK(arguments.operands[0] == "alice@contoso.com");
  CHECK_FALSE(arguments.has("--mailbox"));
}

TEST_CASE("a mailbox that was given stays, in its present form", "[cli][old_names]") {
  cli::Arguments given{{{"--mailbox", "team@contoso.com"}}, {"alice@contoso.com\\support"}};
  REQUIRE(cli::convert_old_names(grammar(true), given));
  CHECK(given.value("--mailbox") == "team@contoso.com");

  cli::Arguments old{{{"--mailbox", "CONTOSO\\alice\\support"}}, {"alice@contoso.com"}};
  const auto words = cli::convert_old_names(grammar(true), old);
  REQUIRE(words);
  CHECK_FALSE(words->empty());
  CHECK(old.value("--mailbox") == "support@contoso.com");
  CHECK(old.operands[0] == "alice@contoso.com");
}

TEST_CASE("a name that does not say who signs in is a question", "[cli][old_names]") {
  cli::Arguments arguments{{}, {"CONTOSO\\alice\\support"}};

  const auto words = cli::convert_old_names(grammar(true), arguments);

  REQUIRE_FALSE(words);
  CHECK(words.error().kind == Error::Kind::kConfig);
  CHECK(words.error().what.find("CONTOSO\\alice\\support") != std::string::npos);
}

TEST_CASE("other arguments stay as they are", "[cli][old_names]") {
  cli::Arguments none;
  CHECK(cli::convert_old_names(grammar(true), none)->empty());

  cli::Arguments plain{{}, {"alice@contoso.com"}};
  CHECK(cli::convert_old_names(grammar(true), plain)->empty());
  CHECK(plain.operands[0] == "alice@contoso.com");
  CHECK_FALSE(plain.has("--mailbox"));
}
