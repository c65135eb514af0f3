// SPDX-License-Identifier: GPL-3.0-or-later
//
// "Add a shared mailbox..." on the account page: the button, its dialog, and the line that says
// what will be added. Nothing is added here: whoever saves the page takes the mailboxes.
//
// Main thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "claws/host.h"
#include "claws/shared_mailbox.h"

namespace mail_oauth::claws {

class SharedMailboxAdder {
 public:
  /// `source` is asked at each click: the account as the page says it now, or what is wrong with
  /// it. `trouble` shows that.
  struct Questions {
    std::function<Result<AccountIntent>()> source;
    std::function<void(const Error&)> trouble;
  };
  SharedMailboxAdder(GtkWindow* window, std::string account, Questions questions);
  ~SharedMailboxAdder();
  SharedMailboxAdder(const SharedMailboxAdder&) = delete;
  SharedMailboxAdder& operator=(const SharedMailboxAdder&) = delete;

  /// Owned by whoever packs it.
  GtkWidget* widget() const { return box_; }
  void set_sensitive(bool sensitive) { gtk_widget_set_sensitive(button_, sensitive); }

  /// What was entered since the last time.
  std::vector<SharedMailbox> take();

 private:
  class Dialog;

  void open();
  Result<SharedMailbox> checked(const std::string& typed, bool pop) const;
  void add(SharedMailbox mailbox);
  static void on_clicked(GtkButton*, gpointer self);

  GtkWindow* window_;
  std::string account_;
  Questions questions_;
  AccountIntent source_;  ///< As it was when the dialog came up.
  std::vector<SharedMailbox> wanted_;
  std::unique_ptr<Dialog> dialog_;
  GtkWidget* box_ = nullptr;
  GtkWidget* button_ = nullptr;
  GtkWidget* line_ = nullptr;
};

}  // namespace mail_oauth::claws
