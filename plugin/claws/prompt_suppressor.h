// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps the host from asking for the password of an account that has none.
//
// After a managed account got no token, the host opens its password prompt, and what a person types
// there would leave as a bearer token. The prompt is recognised by its hidden-text entry and by the
// user and server it names, in any language, and cancelled before it is painted. Prompts of all
// other accounts, of the primary passphrase and of other plugins stay. Main thread only.
#pragma once

#include "claws/host.h"
#include "claws/prompt_arms.h"

namespace mail_oauth::claws {

class PromptSuppressor {
 public:
  PromptSuppressor();
  ~PromptSuppressor();
  PromptSuppressor(const PromptSuppressor&) = delete;
  PromptSuppressor& operator=(const PromptSuppressor&) = delete;

  /// As prompt_arms.h has it.
  void arm(const PromptArms::Login& login) { arms_.arm(login); }
  void disarm(const PromptArms::Login& login) { arms_.disarm(login); }
  /// A prompt that the host opens before its main loop runs again is for this login of its own.
  void let(const PromptArms::Login& login);

 private:
  static gboolean on_realize(GSignalInvocationHint*, guint count, const GValue* values,
                             gpointer self);
  static gboolean on_show(GSignalInvocationHint*, guint count, const GValue* values, gpointer self);
  static gboolean on_idle(gpointer self);
  bool is_ours(GtkWidget* dialog) const;

  PromptArms arms_;
  guint idle_ = 0;
  guint realize_ = 0, show_ = 0;  ///< GTK's signals.
  gulong realize_hook_ = 0, show_hook_ = 0;
};

}  // namespace mail_oauth::claws
