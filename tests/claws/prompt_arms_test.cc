// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/prompt_arms.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

const PromptArms::Login kImap{Protocol::kImap, "alice@c.test", "mail.c.test"};
const PromptArms::Login kSmtp{Protocol::kSmtp, "alice@c.test", "mail.c.test"};
const PromptArms::Login kSieve{std::nullopt, "alice@c.test", "mail.c.test"};
constexpr char kPrompt[] = "Input password for alice@c.test on mail.c.test:";

}  // namespace

TEST_CASE("only what names an armed user and server is kept away", "[claws][prompt]") {
  PromptArms arms;
  CHECK_FALSE(arms.keep_away(kPrompt));

  arms.arm(kImap);

  CHECK(arms.keep_away(kPrompt));
  CHECK_FALSE(arms.keep_away("Input password for bob@c.test on mail.c.test:"));
  CHECK_FALSE(arms.keep_away("Input password for alice@c.test on news.c.test:"));
}

TEST_CASE("a login stays armed until it is over", "[claws][prompt]") {
  PromptArms arms;
  arms.arm(kImap);
  arms.arm(kImap);

  arms.disarm(kImap);

  CHECK_FALSE(arms.keep_away(kPrompt));
}

TEST_CASE("sending does not disarm a login to receive of the same user at the same server",
          "[claws][prompt]") {
  PromptArms arms;
  arms.arm(kImap);
  arms.arm(kSmtp);

  arms.disarm(kSmtp);

  CHECK(arms.keep_away(kPrompt));
}

TEST_CASE("the host asks for the password of its own login beside an armed one",
          "[claws][prompt]") {
  PromptArms arms;
  arms.arm(kImap);
  const auto own = GENERATE(kSmtp, kSieve);

  arms.let(own);
  CHECK_FALSE(arms.keep_away(kPrompt));

  arms.let_nobody();
  CHECK(arms.keep_away(kPrompt));
}

TEST_CASE("a login that is the host's own again is armed no more", "[claws][prompt]") {
  PromptArms arms;
  arms.arm(kImap);

  arms.let(kImap);
  arms.let_nobody();

  CHECK_FALSE(arms.keep_away(kPrompt));
}

TEST_CASE("what asks last counts", "[claws][prompt]") {
  PromptArms arms;
  arms.let(kSmtp);

  arms.arm(kImap);

  CHECK(arms.keep_away(kPrompt));
}
