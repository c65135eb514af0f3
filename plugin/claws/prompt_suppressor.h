// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps the host from asking for the password of an account that has none.
//
// After a managed account got no token, the host opens its password prompt, and what a person types
// there would leave as a bearer token. The prompt is recognised by its hidden-text entry and by the
// user and server it names, in any language, and cancelled before it is painted. Prompts of all
// other accounts, of the primary passphrase and of other plugins stay. Main thread only.
#pragma once

#include <set>
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

  /// From now on a prompt for this user and server is for a managed account ...
  void arm(const std::string& user, const std::string& server) { armed_.emplace(user, server); }
  /// ... or for somebody else, who asked last.
  void disarm(const std::string& user, const std::string& server) { armed_.erase({user, server}); }

 private:
  static gboolean on_show(GSignalInvocationHint*, guint count, const GValue* values, gpointer self);
  void consider(GtkWidget* widget);
  bool is_ours(GtkWidget* dialog) const;

  std::set<std::pair<std::string, std::string>> armed_;
  gulong hook_ = 0;
  guint signal_ = 0;
};

}  // namespace mail_oauth::claws
