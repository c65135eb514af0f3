// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small window with a cancel button, for waits that take longer than a moment. It neither takes
// the focus nor stops the other windows. Main thread only.
#pragma once

#include <string>

#include "claws/host.h"

namespace mail_oauth::claws {

class WaitWindow {
 public:
  explicit WaitWindow(std::string text) : text_(std::move(text)) {}
  ~WaitWindow();
  WaitWindow(const WaitWindow&) = delete;
  WaitWindow& operator=(const WaitWindow&) = delete;

  /// Harmless when it is shown already.
  void show();
  bool cancelled() const { return cancelled_; }

 private:
  static void on_response(GtkDialog*, int, gpointer self);

  std::string text_;
  GtkWidget* dialog_ = nullptr;
  bool cancelled_ = false;
};

}  // namespace mail_oauth::claws
