// SPDX-License-Identifier: GPL-3.0-or-later
//
// The notices in the host's main window, one bar for each mark, between its toolbar and its
// folders.
//
// They stand in the window's outermost box, which the host keeps when its layout changes; a new
// window's would be found at the next change of the marks. Knows nothing of tokens. Main thread
// only.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "claws/attention.h"
#include "claws/host.h"

namespace mail_oauth::claws {

class NoticeBar {
 public:
  /// `sign_in` is called from the button of a mark that offers it.
  explicit NoticeBar(std::function<void(const GrantKey&)> sign_in) : sign_in_(std::move(sign_in)) {}
  ~NoticeBar();
  NoticeBar(const NoticeBar&) = delete;
  NoticeBar& operator=(const NoticeBar&) = delete;

  /// These and no others. What did not change keeps its widgets, and so the focus.
  void show(const std::vector<Attention::Mark>& marks);

 private:
  struct Row {
    std::string text;
    GrantKey grant;
    GtkWidget* bar = nullptr;
  };

  bool place();
  void remove();
  void add_row(const Attention::Mark& mark, const std::string& text);
  static void on_response(GtkInfoBar* bar, int response, gpointer self);
  static void on_destroy(GtkWidget* box, gpointer self);

  std::function<void(const GrantKey&)> sign_in_;
  GtkWidget* box_ = nullptr;
  std::vector<Row> rows_;
  std::set<std::string> hidden_;  ///< By the person, until they change or are mended.
};

}  // namespace mail_oauth::claws
