// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/receiving.h"

#include <algorithm>

#include "base/guarded.h"
#include "claws/host.h"

namespace mail_oauth::claws {
namespace {

/// It compares whole seconds and wants more than two between; it counts from the end of the
/// connection, which comes after the request for a password.
constexpr gint64 kPause = 3'500'000;

gint64& last_failure() {
  static gint64 microseconds = -kPause;
  return microseconds;
}

void receive(const std::vector<int>& account_ids) {
  MainWindow* window = mainwindow_get_mainwindow();
  if (!window || inc_lock_count || prefs_common.work_offline || claws_is_exiting()) return;
  GList* list = nullptr;
  for (const int id : account_ids) {
    PrefsAccount* account = account_find_from_id(id);
    if (account) list = g_list_append(list, account);
  }
  if (list) inc_account_list_mail(window, list, TRUE, FALSE);
  g_list_free(list);
}

}  // namespace

void login_failed() { last_failure() = g_get_monotonic_time(); }

guint pause_after_failure() {
  const gint64 left = last_failure() + kPause - g_get_monotonic_time();
  return static_cast<guint>(std::max<gint64>(left, 0) / 1000);
}

void receive_soon(std::vector<int> account_ids) {
  if (account_ids.empty()) return;
  g_timeout_add_full(
      G_PRIORITY_LOW, pause_after_failure(),
      [](gpointer data) -> gboolean {
        guarded("receiving", [&] { receive(*static_cast<std::vector<int>*>(data)); });
        return G_SOURCE_REMOVE;
      },
      new std::vector<int>(std::move(account_ids)),
      [](gpointer data) { delete static_cast<std::vector<int>*>(data); });
}

}  // namespace mail_oauth::claws
