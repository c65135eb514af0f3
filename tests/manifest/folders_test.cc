// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/folders.h"

#include <glib.h>

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("folders: the person's wins, then the administrator's, the distributor's, the shipped",
          "[manifest]") {
  g_setenv("XDG_CONFIG_HOME", "/home/me/conf", TRUE);
  g_setenv("XDG_CONFIG_DIRS", "/etc/site:relative:/etc/xdg", TRUE);
  g_setenv("XDG_DATA_DIRS", "/opt/share", TRUE);

  const auto folders = manifest::standard_folders();

  REQUIRE(folders.size() == 6);
  CHECK(folders[0] == "/home/me/conf/mail-oauth/providers");
  CHECK(folders[1] == "/etc/site/mail-oauth/providers");
  CHECK(folders[2] == "/etc/xdg/mail-oauth/providers");
  CHECK(folders[3].find("/mail-oauth/clients") != std::string::npos);
  CHECK(folders[4] == "/opt/share/mail-oauth/providers");
  CHECK(folders[5].find("/mail-oauth/providers") != std::string::npos);
  CHECK(manifest::user_folder() == folders[0]);
}

TEST_CASE("a relative folder in the environment is ignored", "[manifest]") {
  g_setenv("XDG_CONFIG_HOME", "conf", TRUE);
  g_setenv("XDG_CACHE_HOME", "", TRUE);

  CHECK(manifest::user_folder()[0] == '/');
  CHECK(manifest::cache_folder()[0] == '/');
}
