// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps the host from asking for the password of an account that has none.
//
// After a managed account got no token, the host opens its password prompt, and what a person types
// there would leave as a bearer token. The prompt is recognised by its hidden-text entry and by the
// user and server it names, in any language, and cancelled before it is painted. Prompts of all
// other accounts, of the primary passphrase and of other plugins stay. Main thread only.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "claws/host.h"

namespace mail_oauth::claws {

class PromptSuppressor {
 public:
  PromptSuppressor();
  ~PromptSuppressor();
  PromptSuppressor(const PromptSuppressor&) = delete;
  PromptSuppressor& operator=(const PromptSuppressor&) = delete;

  /// A prompt for this user and server within this time is for a managed account ...
  void arm(const std::string& user, const std::string& server, std::chrono::seconds time);
  /// ... or for somebody else, who asked last.
  void disarm(const std::string& user, const std::string& server) { armed_.erase({user, server}); }

 private:
  static gboolean on_realize(GSignalInvocationHint*, guint count, const GValue* values,
                             gpointer self);
  static gboolean on_show(GSignalInvocationHint*, guint count, const GValue* values, gpointer self);
  bool is_ours(GtkWidget* dialog) const;

  using Steady = std::chrono::steady_clock;
  std::map<std::pair<std::string, std::string>, Steady::time_point> armed_;  ///< Until when.
  guint realize_ = 0, show_ = 0;                                             ///< GTK's signals.
  gulong realize_hook_ = 0, show_hook_ = 0;
};

}  // namespace mail_oauth::claws
