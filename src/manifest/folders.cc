// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/folders.h"

#include <glib.h>

#include <algorithm>

namespace mail_oauth::manifest {

namespace {

// Relative paths in these variables are invalid and ignored, as the XDG specification says.
// GLib's own look-ups are cached per process; ours are not, so that tests can move them.
std::string home_based(const char* variable, const char* below_home) {
  const char* value = g_getenv(variable);
  if (value && value[0] == '/') return value;
  return std::string(g_get_home_dir()) + "/" + below_home;
}

void append_each(std::vector<std::string>& folders, const char* variable, const char* fallback) {
  const char* value = g_getenv(variable);
  std::string rest = value && *value ? value : fallback;
  while (!rest.empty()) {
    const std::string folder = rest.substr(0, rest.find(':'));
    rest.erase(0, folder.size() + 1);
    if (folder.empty() || folder[0] != '/') continue;
    folders.push_back(folder + "/mail-oauth/providers");
  }
}

}  // namespace

std::string user_folder() {
  return home_based("XDG_CONFIG_HOME", ".config") + "/mail-oauth/providers";
}

std::vector<std::string> standard_folders() {
  std::vector<std::string> all = {user_folder()};
  append_each(all, "XDG_CONFIG_DIRS", "/etc/xdg");
  all.push_back(MAIL_OAUTH_DISTRIBUTOR_CLIENTS);
  append_each(all, "XDG_DATA_DIRS", "/usr/local/share:/usr/share");
  all.push_back(MAIL_OAUTH_SHIPPED_MANIFESTS);
  std::vector<std::string> once;
  for (const std::string& folder : all) {
    if (std::find(once.begin(), once.end(), folder) == once.end()) once.push_back(folder);
  }
  return once;
}

std::string cache_folder() { return home_based("XDG_CACHE_HOME", ".cache") + "/mail-oauth"; }

}  // namespace mail_oauth::manifest
