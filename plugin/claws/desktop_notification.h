// SPDX-License-Identifier: GPL-3.0-or-later
//
// One notification of the desktop (org.freedesktop.Notifications), sent and forgotten.
//
// Nothing waits for it, and that there is no bus or nobody who shows it is no error. Main thread
// only.
// https://specifications.freedesktop.org/notification-spec/latest/
#pragma once

#include <gio/gio.h>

#include <string>

#include "base/cptr.h"

namespace mail_oauth::claws {

class DesktopNotifier {
 public:
  DesktopNotifier() = default;
  /// What is not sent yet is not sent.
  ~DesktopNotifier();
  DesktopNotifier(const DesktopNotifier&) = delete;
  DesktopNotifier& operator=(const DesktopNotifier&) = delete;

  /// Both plain text: what looks like markup is shown as it is.
  void show(const std::string& title, const std::string& body);

 private:
  GRef<GCancellable> ended_ = GRef<GCancellable>::adopt(g_cancellable_new());
};

}  // namespace mail_oauth::claws
