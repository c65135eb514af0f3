// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/gio_browser.h"

#include <gio/gio.h>

#include <algorithm>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/log.h"

namespace mail_oauth {

namespace {

using StringsPtr = CPtr<char*, g_strfreev>;

std::string filled(std::string_view word, const std::string& url, bool& used) {
  std::string out;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const std::string_view pair = word.substr(at, 2);
    if (pair == "%s") {
      out += url;
      used = true;
      ++at;
    } else if (pair == "%%") {
      out += '%';
      ++at;
    } else {
      out += word[at];
    }
  }
  return out;
}

bool spawn(std::vector<std::string> command) {
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  GError* raw = nullptr;
  if (g_spawn_async(nullptr, argv.data(), nullptr, G_SPAWN_SEARCH_PATH, nullptr, nullptr, nullptr,
                    &raw)) {
    return true;
  }
  const GErrorPtr error(raw);
  log_debug("desktop", "could not start " + command.front());
  return false;
}

}  // namespace

std::vector<std::vector<std::string>> browser_commands(std::string_view browser,
                                                       const std::string& url) {
  std::vector<std::vector<std::string>> commands;
  while (!browser.empty()) {
    const std::size_t end = std::min(browser.find(':'), browser.size());
    char** raw = nullptr;
    const std::string one(browser.substr(0, end));
    browser.remove_prefix(std::min(end + 1, browser.size()));
    if (!g_shell_parse_argv(one.c_str(), nullptr, &raw, nullptr)) continue;
    const StringsPtr words(raw);
    std::vector<std::string> command;
    bool used = false;
    for (char** word = raw; *word; ++word) command.push_back(filled(*word, url, used));
    if (!used) command.push_back(url);
    commands.push_back(std::move(command));
  }
  return commands;
}

Result<void> GioBrowser::open(const std::string& url) {
  const char* wanted = g_getenv("BROWSER");
  if (wanted && *wanted) {
    for (auto& command : browser_commands(wanted, url)) {
      if (spawn(std::move(command))) return {};
    }
    return make_error(
        Error::Kind::kConfig,
        format(_("No browser could be started: none of $BROWSER ({}) runs."), {wanted}));
  }
  GError* raw = nullptr;
  if (g_app_info_launch_default_for_uri(url.c_str(), nullptr, &raw)) return {};
  const GErrorPtr error(raw);  // its text may repeat the address
  return make_error(
      Error::Kind::kConfig,
      _("No browser could be started: the desktop knows none. Set $BROWSER, or open the "
        "address yourself."));
}

}  // namespace mail_oauth
