// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/password_block.h"

#include <sstream>

namespace mail_oauth::claws {
namespace {

constexpr char kStoreFile[] = "passwordstorerc";  // As the host names it.

/// "name encrypted", line by line.
std::vector<std::string> lines_on_disk() {
  const GCharPtr path(g_build_filename(get_rc_dir(), kStoreFile, nullptr));
  char* text = nullptr;
  if (!g_file_get_contents(path.get(), &text, nullptr, nullptr)) return {};
  const GCharPtr contents(text);
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  const std::string ours = std::string("[plugin:") + kPasswordBlock + "]";
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.front() == '[') {
      inside = line == ours;
    } else if (inside && line.find(' ') != std::string::npos) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

}  // namespace

bool passphrase_is_there() {
  return !primary_passphrase_is_set() || primary_passphrase_is_entered();
}

std::vector<std::string> names_on_disk(std::string_view prefix) {
  std::vector<std::string> names;
  for (const auto& line : lines_on_disk()) {
    if (line.compare(0, prefix.size(), prefix) == 0)
      names.push_back(line.substr(0, line.find(' ')));
  }
  return names;
}

std::string entry_on_disk(const std::string& name) {
  for (const auto& line : lines_on_disk()) {
    if (line.compare(0, name.size() + 1, name + " ") == 0) return line.substr(name.size() + 1);
  }
  return {};
}

}  // namespace mail_oauth::claws
