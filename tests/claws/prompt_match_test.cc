// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/prompt_match.h"

#include <string>

#include "support/catch.h"

using namespace mail_oauth::claws;

TEST_CASE("mentions finds whole names only", "[claws][prompt]") {
  const auto [text, name, found] = GENERATE(table<std::string, std::string, bool>({
      {"Input password for alice@c.test on mail.c.test", "alice@c.test", true},
      {"Input password for alice@c.test on mail.c.test", "mail.c.test", true},
      {"Passwort für alice@c.test auf mail.c.test eingeben", "alice@c.test", true},
      {"Saisir le mot de passe de alice@c.test sur mail.c.test.", "mail.c.test", true},
      {"请输入alice@c.test在mail.c.test上的密码", "alice@c.test", true},
      {"<alice@c.test>", "alice@c.test", true},
      {"Input password for malice@c.test on mail.c.test", "alice@c.test", false},
      {"Input password for alice@c.test.org on mail.c.test", "alice@c.test", false},
      {"Input password for alice@c.test on mail.c.test", "alice", false},
      {"Input password for bob on imap.mail.c.test", "mail.c.test", false},
      {"Input password for al on alice.al", "al", true},  // the second of three places
      {"Input password", "", false},
      {"", "alice", false},
  }));
  CAPTURE(text, name);

  CHECK(mentions(text, name) == found);
}
