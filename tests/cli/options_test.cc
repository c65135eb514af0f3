// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options.h"

#include "support/catch.h"

using namespace mail_oauth;
using cli::Grammar;

namespace {

using Words = std::vector<std::string>;

const Grammar kGrammar{"login",     "ADDRESS",
                       "Signs in.", {{"--provider", "ID", "which"}, {"--paste", nullptr, "paste"}},
                       1,           2};

}  // namespace

TEST_CASE("options may stand anywhere, in both forms", "[cli][options]") {
  const auto words = GENERATE(Words{"--provider", "p", "--paste", "a@b.c"},
                              Words{"a@b.c", "--paste", "--provider=p"},
                              Words{"--paste", "--provider=p", "--", "a@b.c"});

  const auto arguments = cli::parse_arguments(kGrammar, words);

  REQUIRE(arguments);
  CHECK(arguments->value("--provider") == "p");
  CHECK(arguments->has("--paste"));
  CHECK_FALSE(arguments->has("--json"));
  CHECK(arguments->operands == Words{"a@b.c"});
}

TEST_CASE("behind -- and alone, a dash begins no option", "[cli][options]") {
  const auto arguments = cli::parse_arguments(kGrammar, {"-", "--", "--paste"});

  REQUIRE(arguments);
  CHECK(arguments->operands == Words{"-", "--paste"});
}

TEST_CASE("a wrong command line is refused with the way to help", "[cli][options]") {
  const auto words = GENERATE(Words{},                            // nobody
                              Words{"a", "b", "c"},               // too many
                              Words{"--nonsense", "a"},           // unknown
                              Words{"--provider"},                // no value
                              Words{"--provider=", "a"},          // an empty one
                              Words{"--paste=yes", "a"},          // a value too much
                              Words{"--paste", "--paste", "a"});  // twice

  const auto arguments = cli::parse_arguments(kGrammar, words);

  REQUIRE_FALSE(arguments);
  CHECK(arguments.error().kind == Error::Kind::kConfig);
  CHECK(arguments.error().what.find("mail-oauth login --help") != std::string::npos);
}

TEST_CASE("help wins over missing operands and names every option", "[cli][options]") {
  CHECK(cli::parse_arguments(kGrammar, {"--help"}));
  const std::string help = cli::help_of(kGrammar);
  for (const char* part : {"ADDRESS", "--provider ID", "--paste", "--json"}) {
    CHECK(help.find(part) != std::string::npos);
  }
}
