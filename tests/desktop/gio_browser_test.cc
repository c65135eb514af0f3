// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/gio_browser.h"

#include <glib/gstdio.h>

#include "base/cptr.h"
#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;

namespace {

using Commands = std::vector<std::vector<std::string>>;
const std::string kUrl = "https://login.example/a?b=c&d=$(touch x)";

/// $BROWSER for one test.
struct BrowserVariable {
  explicit BrowserVariable(const std::string& value) { g_setenv("BROWSER", value.c_str(), TRUE); }
  ~BrowserVariable() { g_unsetenv("BROWSER"); }
};

}  // namespace

TEST_CASE("$BROWSER is split as people write it", "[desktop][browser]") {
  const auto [value, commands] = GENERATE(table<std::string, Commands>({
      {"firefox", {{"firefox", kUrl}}},
      {"firefox:w3m -N", {{"firefox", kUrl}, {"w3m", "-N", kUrl}}},
      {"xterm -e 'my browser' %s", {{"xterm", "-e", "my browser", kUrl}}},
      {"open --url=%s 100%%", {{"open", "--url=" + kUrl, "100%"}}},
      {"::firefox:", {{"firefox", kUrl}}},
      {"it's broken:firefox", {{"firefox", kUrl}}},
      {"", {}},
  }));
  CAPTURE(value);
  CHECK(browser_commands(value, kUrl) == commands);
}

TEST_CASE("the address reaches the program as one argument, without a shell",
          "[desktop][browser]") {
  const GCharPtr folder(g_dir_make_tmp("browser-XXXXXX", nullptr));
  const std::string file = std::string(folder.get()) + "/seen";
  const BrowserVariable variable("/nonexistent/browser:/bin/sh -c 'printf %%s \"$1\" >" + file +
                                 ".new && mv " + file + ".new " + file + "' sh %s");

  REQUIRE(GioBrowser().open(kUrl).has_value());

  const guint tick = g_timeout_add(
      5, [](gpointer) -> gboolean { return TRUE; }, nullptr);
  CHECK(test::run_until([&] { return g_file_test(file.c_str(), G_FILE_TEST_EXISTS) != FALSE; }));
  g_source_remove(tick);
  char* text = nullptr;
  g_file_get_contents(file.c_str(), &text, nullptr, nullptr);
  CHECK(std::string(GCharPtr(text).get()) == kUrl);
  g_unlink(file.c_str());
  g_rmdir(folder.get());
}

TEST_CASE("a browser that does not start is a mistake in the settings", "[desktop][browser]") {
  const BrowserVariable variable("/nonexistent/browser");

  const auto opened = GioBrowser().open(kUrl);

  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().kind == Error::Kind::kConfig);
  CHECK(opened.error().what.find("login.example") == std::string::npos);
}

TEST_CASE("a desktop without a browser is told in words", "[desktop][browser]") {
  g_unsetenv("BROWSER");
  const auto opened = GioBrowser().open("no-such-scheme-of-mail-oauth:x");

  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().kind == Error::Kind::kConfig);
  CHECK(opened.error().what.find("$BROWSER") != std::string::npos);
}
