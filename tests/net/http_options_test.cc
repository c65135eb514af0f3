// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http_options.h"

#include <glib.h>

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("the proxy is read from the environment, lower case first", "[net]") {
  g_setenv("HTTPS_PROXY", "http://upper:1", TRUE);
  g_setenv("NO_PROXY", "upper.example", TRUE);
  g_unsetenv("https_proxy");
  g_unsetenv("no_proxy");
  CHECK(http_options_from_environment().proxy == "http://upper:1");
  CHECK(http_options_from_environment().proxy_variable == "HTTPS_PROXY");
  CHECK(http_options_from_environment().no_proxy == "upper.example");

  g_setenv("https_proxy", "http://lower:2", TRUE);
  g_setenv("no_proxy", "lower.example", TRUE);
  CHECK(http_options_from_environment().proxy == "http://lower:2");
  CHECK(http_options_from_environment().proxy_variable == "https_proxy");
  CHECK(http_options_from_environment().no_proxy == "lower.example");
}
