// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sign_out_words.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

AccountView account(int id, const std::string& name, const std::string& identity) {
  AccountView view;
  view.id = id;
  view.name = name;
  AccountIntent intent;
  intent.enabled = true;
  intent.provider = "p";
  intent.identity = identity;
  view.intent = intent;
  return view;
}

Result<GrantKey> listed_grant(const AccountView& account) {
  const AccountIntent& intent = *account.intent;
  return grant_key({intent.provider, intent.client.empty() ? "own" : intent.client, ""},
                   intent.identity);
}

}  // namespace

TEST_CASE("an account that names the provider's own client loses the sign-in, too",
          "[claws][words]") {
  std::vector<AccountView> accounts = {account(1, "Work", "alice@c.test"),
                                       account(2, "Team", "alice@c.test")};
  accounts[1].intent->client = "own";

  CHECK(others_with_grant(1, *accounts[0].intent, accounts, listed_grant) ==
        std::vector<std::string>{"Team"});
}

TEST_CASE("the accounts that lose a sign-in are named", "[claws][words]") {
  std::vector<AccountView> accounts = {account(1, "Work", "alice@c.test"),
                                       account(2, "Team", "Alice@C.test"),
                                       account(3, "Bob", "bob@c.test")};
  accounts.emplace_back();  // one that is not managed

  CHECK(others_with_grant(1, *accounts[0].intent, accounts, listed_grant) ==
        std::vector<std::string>{"Team"});
  CHECK(others_with_grant(3, *accounts[2].intent, accounts, listed_grant).empty());
}

TEST_CASE("the question says what else ends", "[claws][words]") {
  CHECK(sign_out_question("alice@c.test", {}, false) ==
        "Sign alice@c.test out? Mail comes and goes again after a new sign-in.");
  CHECK(sign_out_question("a", {"Team"}, false)
            .find("\n\nThis account uses the same sign-in: Team") != std::string::npos);
  CHECK(sign_out_question("a", {"Team", "More"}, true)
            .find("\n\nThese accounts use the same sign-in: Team, More\n\nAt this provider") !=
        std::string::npos);
}
