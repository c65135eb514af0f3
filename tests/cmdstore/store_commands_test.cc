// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/store_commands.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("a command is split as a shell would, and nothing is expanded", "[cmdstore]") {
  const auto words = command_words(R"(sh -c 'a "b" | c' "$HOME" x\ y ~)", "--store-read");

  REQUIRE(words);
  REQUIRE(words->size() == 6);
  CHECK((*words)[0][0] == '/');  // found once, for good
  CHECK((*words)[0].substr((*words)[0].rfind('/')) == "/sh");
  CHECK((*words)[2] == R"(a "b" | c)");
  CHECK((*words)[3] == "$HOME");
  CHECK((*words)[4] == "x y");
  CHECK((*words)[5] == "~");
}

TEST_CASE("a command that cannot be is refused by its option", "[cmdstore]") {
  const auto line = GENERATE(as<std::string>{}, "", "  ", "sh 'open", "no-such-program-here -d",
                             "/no/such/program", "# sh");
  CAPTURE(line);

  const auto words = command_words(line, "--store-write");

  REQUIRE_FALSE(words);
  CHECK(words.error().kind == Error::Kind::kConfig);
  CHECK(words.error().what.find("--store-write: ") == 0);
}

TEST_CASE("commands keep the item themselves, or turn it into something else", "[cmdstore]") {
  const CommandWords filter = {"/bin/f"};
  const CommandWords keeper = {"/bin/k", "mail/{name}"};
  CHECK(check_commands({filter, filter, {}}));
  CHECK(check_commands({keeper, keeper, keeper}));

  const auto wrong = GENERATE_COPY(values<StoreCommands>({
      {},                        // none
      {filter, {}, {}},          // no write
      {{}, filter, {}},          // no read
      {filter, keeper, keeper},  // read by another name
      {keeper, filter, keeper},  // written under none
      {keeper, keeper, {}},      // never removed
      {keeper, keeper, filter},  // removes something else
      {filter, filter, filter},  // removes what was never there
  }));

  const auto checked = check_commands(wrong);

  REQUIRE_FALSE(checked);
  CHECK(checked.error().kind == Error::Kind::kConfig);
  CHECK(checked.error().what.find("--store-") != std::string::npos);
}

TEST_CASE("{name} is filled in wherever it stands", "[cmdstore]") {
  CHECK(for_item({"/bin/k", "{name}", "a/{name}.{name}", "{nam}"}, "77") ==
        CommandWords{"/bin/k", "77", "a/77.77", "{nam}"});
  CHECK(for_item({"{name}"}, "{name}") == CommandWords{"{name}"});  // ends
}
