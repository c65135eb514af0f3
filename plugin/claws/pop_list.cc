// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/pop_list.h"

#include <glib/gstdio.h>

#include <optional>

#include "claws/host.h"

namespace mail_oauth::claws {
namespace {

std::string path_of(const std::string& name) {
  const GCharPtr path(g_build_filename(get_rc_dir(), "uidl", name.c_str(), nullptr));
  return path.get();
}

std::optional<timespec> written(const std::string& path) {
  GStatBuf status;
  if (g_stat(path.c_str(), &status) != 0) return std::nullopt;
  return status.st_mtim;
}

bool before(const timespec& one, const timespec& other) {
  return one.tv_sec != other.tv_sec ? one.tv_sec < other.tv_sec : one.tv_nsec < other.tv_nsec;
}

}  // namespace

std::string pop_list_name(const std::string& server, const std::string& user) {
  const GCharPtr text(g_strdup(user.c_str()));
  subst_for_filename(text.get());  // As the host does it.
  return server + "-" + text.get();
}

void copy_pop_list(const std::string& from, const std::string& to) {
  const auto ours = written(path_of(from));
  const auto theirs = written(path_of(to));
  if (!ours || (theirs && !before(*theirs, *ours))) return;
  char* text = nullptr;
  gsize size = 0;
  if (!g_file_get_contents(path_of(from).c_str(), &text, &size, nullptr)) return;
  const GCharPtr list(text);
  g_file_set_contents(path_of(to).c_str(), text, static_cast<gssize>(size), nullptr);
}

}  // namespace mail_oauth::claws
