// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sign_out_desk.h"

#include "claws/accounts.h"
#include "claws/notices.h"
#include "signin/metadata_fetcher.h"

namespace mail_oauth::claws {
namespace {

bool agreed(GtkWindow* parent, const std::string& question) {
  GtkWidget* dialog = gtk_message_dialog_new(parent, GTK_DIALOG_MODAL, GTK_MESSAGE_QUESTION,
                                             GTK_BUTTONS_NONE, "%s", question.c_str());
  gtk_window_set_title(GTK_WINDOW(dialog), _("Sign out"));
  gtk_dialog_add_button(GTK_DIALOG(dialog), _("_Cancel"), GTK_RESPONSE_CANCEL);
  gtk_dialog_add_button(GTK_DIALOG(dialog), _("Sign o_ut"), GTK_RESPONSE_ACCEPT);
  gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_CANCEL);
  const int answer = gtk_dialog_run(GTK_DIALOG(dialog));
  gtk_widget_destroy(dialog);
  return answer == GTK_RESPONSE_ACCEPT;
}

}  // namespace

void SignOutDesk::start(GtkWindow* parent, int account_id, const AccountIntent& intent,
                        Ended ended) {
  const auto key = engine_.grant(intent);
  if (!key) return ended(in_words(key.error()), false);
  const auto ports =
      engine_.sign_in_ports(place_of_word(intent.store).value_or(GrantPlace::kKeyring));
  if (!ports) return ended(in_words(ports.error()), false);
  const auto provider = engine_.provider(intent.provider);
  const auto others = others_with_grant(account_id, intent, account_views(), engine_.grant_of());
  const bool elsewhere = provider && provider->revocation_ends_other_devices;
  if (!agreed(parent, sign_out_question(key->identity, others, elsewhere))) return;
  ended_ = std::move(ended);
  sign_out_ = std::make_unique<signin::SignOut>(
      signin::SignOut::Ports{ports->store, ports->keeper, ports->http, ports->clock},
      provider ? std::optional<Provider>(*provider) : std::nullopt, *key,
      signin::metadata_folder());
  sign_out_->start([this, identity = key->identity](const Result<signin::SignedOut>& result) {
    finished(identity, result);
  });
}

void SignOutDesk::finished(const std::string& identity, const Result<signin::SignedOut>& result) {
  sign_out_.reset();
  const auto ended = std::exchange(ended_, nullptr);
  std::string words;
  if (!result) {
    words = in_words(result.error());
  } else if (result->not_revoked) {
    words = format(_("{1} is signed out here. {2}"), {identity, result->not_revoked->what});
  } else {
    words = format(_("{} is signed out."), {identity});
  }
  tell(words);
  if (ended) ended(words, result.has_value());
}

}  // namespace mail_oauth::claws
