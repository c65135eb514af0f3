// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/host_line.h"

#include "support/catch.h"

using namespace mail_oauth::claws;

using Values = std::vector<std::string>;

TEST_CASE("a line of the host gives its values back, in whatever language", "[claws][log]") {
  const auto [format, line, values] = GENERATE(table<std::string, std::string, Values>({
      {"Account '%s': Connecting to POP3 server: %s:%d...",
       "Account 'Work': Connecting to POP3 server: pop.c.test:995...\n",
       {"Work", "pop.c.test", "995"}},
      {"Compte « %s » : connexion au serveur POP3 : %s:%d..",
       "Compte « Travail » : connexion au serveur POP3 : pop.c.test:995..\n",
       {"Travail", "pop.c.test", "995"}},
      {"%2$s:%3$d (%1$s)", "pop.c.test:995 (Work)\n", {"Work", "pop.c.test", "995"}},
      {"Server %s", "[10:00:00] Server x", {"x"}},
      // A name that looks like the words around it.
      {"Account '%s': Connecting to POP3 server: %s:%d...",
       "Account 'a': Connecting to POP3 server: b:1...': Connecting to POP3 server: c:995...",
       {"a': Connecting to POP3 server: b:1...", "c", "995"}},
  }));
  CAPTURE(line);

  CHECK(HostLine(format).values(line) == values);
}

TEST_CASE("another line of the host gives nothing", "[claws][log]") {
  const auto [format, line] = GENERATE(table<std::string, std::string>({
      {"Account '%s': Connecting to POP3 server: %s:%d...",
       "Account 'Work': Connecting to SMTP server: smtp.c.test:465...\n"},
      {"Account '%s': Connecting to POP3 server: %s:%d...", "POP< +OK\n"},
      {"Account '%s': Connecting to POP3 server: %s:%d...", ""},
      {"Session timeout", "Session timeout"},
      {"%9$s is wrong", "x is wrong"},
      {"", "x"},
  }));
  CAPTURE(format, line);

  CHECK_FALSE(HostLine(format).values(line).has_value());
}
