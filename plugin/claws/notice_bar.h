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
#include "claws/sign_in_way.h"

namespace mail_oauth::claws {

class NoticeBar {
 public:
  struct Reactions {
    /// From the buttons of a mark that offers it.
    std::function<void(const GrantKey&, SignInWay)> sign_in;
    /// Asked once for each such mark: whether there is a button for codes, too.
    std::function<bool(const GrantKey&)> offers_code;
  };

  explicit NoticeBar(Reactions reactions) : reactions_(std::move(reactions)) {}
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
  void add_buttons(GtkInfoBar* bar, const Attention::Mark& mark);
  static void on_response(GtkInfoBar* bar, int response, gpointer self);
  static void on_destroy(GtkWidget* box, gpointer self);

  Reactions reactions_;
  GtkWidget* box_ = nullptr;
  std::vector<Row> rows_;
  std::set<std::string> hidden_;  ///< By the person, until they change or are mended.
};

}  // namespace mail_oauth::claws
