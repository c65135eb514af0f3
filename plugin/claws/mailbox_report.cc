// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/mailbox_report.h"

#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/notices.h"
#include "claws/server_refusal.h"
#include "explain/explanation.h"

namespace mail_oauth::claws {
namespace {

void show(const std::string& text) {
  MainWindow* main_window = mainwindow_get_mainwindow();
  GtkWindow* parent = main_window ? GTK_WINDOW(main_window->window) : nullptr;
  GtkWidget* dialog =
      gtk_message_dialog_new(parent, GTK_DIALOG_DESTROY_WITH_PARENT, GTK_MESSAGE_WARNING,
                             GTK_BUTTONS_CLOSE, "%s", text.c_str());
  gtk_window_set_title(GTK_WINDOW(dialog), _("Shared mailbox"));
  // Nothing of ours is needed to close it: it may outlive the plugin.
  g_signal_connect(dialog, "response", G_CALLBACK(gtk_widget_destroy), nullptr);
  gtk_widget_show(dialog);
}

}  // namespace

MailboxReport::MailboxReport(const PrefsAccount& account)
    : account_(text_of(account.account_name)), mailbox_(text_of(account.userid)) {
  hook_ = hooks_register_hook(LOG_APPEND_TEXT_HOOKLIST, on_log, this);
}

MailboxReport::~MailboxReport() { hooks_unregister_hook(LOG_APPEND_TEXT_HOOKLIST, hook_); }

gboolean MailboxReport::on_log(gpointer data, gpointer self) {
  return guarded("log hook", FALSE, [&] {
    const auto* line = static_cast<const LogText*>(data);
    if (line->instance != LOG_PROTOCOL || !line->text) return FALSE;
    static_cast<MailboxReport*>(self)->refusal_.read(line->text);
    return FALSE;  // Others want to read it too.
  });
}

void MailboxReport::tell_soon(std::unique_ptr<MailboxReport> report) {
  g_idle_add_full(
      G_PRIORITY_LOW,
      [](gpointer data) -> gboolean {
        guarded("mailbox report", [&] { static_cast<MailboxReport*>(data)->tell_now(); });
        return G_SOURCE_REMOVE;
      },
      report.release(), [](gpointer data) { delete static_cast<MailboxReport*>(data); });
}

void MailboxReport::tell_now() const {
  if (refusal_.words().empty()) {
    const std::string text =
        format(_("The account \"{}\" was added, but the folders of {} could not be read yet. The "
                 "reason is in the network log. \"Get mail\" tries again."),
               {account_, mailbox_});
    return prefs_common.work_offline ? tell(text) : show(text);
  }
  Error error =
      make_error(Error::Kind::kRefused,
                 format(_("The account \"{}\" was added, but the server does not open {}: {}"),
                        {account_, mailbox_, refusal_.words()}),
                 unlogged_code(refusal_.words()));
  error.peer = Error::Peer::kImap;
  error.said = refusal_.words();
  error.details.push_back(explain::kSharedMailbox);
  tell(account_, error);
  show(in_words(error) + "\n\n" +
       _("\"Get mail\" tries again. If the address was wrong, delete the account in the list of "
         "accounts."));
}

}  // namespace mail_oauth::claws
