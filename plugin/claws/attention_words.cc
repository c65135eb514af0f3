// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/attention_words.h"

#include "base/i18n.h"
#include "explain/explanation.h"

namespace mail_oauth::claws {

using Cause = Attention::Cause;

std::string headline(const Attention::Mark& mark) {
  const std::string& who = mark.grant.identity;
  switch (mark.cause) {
    case Cause::kSignIn:
      return format(_("Not receiving: {} has to sign in."), {who});
    case Cause::kPassing:
      if (mark.account_id == 0) {
        return format(_("Not receiving for some time: the sign-in of {} cannot be renewed."),
                      {who});
      }
      return mark.sending
                 ? format(
                       _("Not sending for some time: the mail server of the account \"{}\" fails."),
                       {mark.account})
                 : format(_("Not receiving for some time: the mail server of the account \"{}\" "
                            "fails."),
                          {mark.account});
    case Cause::kStorage:
      return format(_("Not receiving: the sign-in of {} cannot be read."), {who});
    case Cause::kSetting:
      return mark.sending ? format(_("Not sending: a setting of the account \"{}\" is wrong."),
                                   {mark.account})
                          : format(_("Not receiving: a setting of the account \"{}\" is wrong."),
                                   {mark.account});
    case Cause::kRefused:
      return format(_("Not receiving: the provider refuses {}."), {who});
    case Cause::kServer:
      return mark.sending ? format(_("Not sending: the mail server refuses the account \"{}\"."),
                                   {mark.account})
                          : format(_("Not receiving: the mail server refuses the account \"{}\"."),
                                   {mark.account});
    case Cause::kOurs:
      break;
  }
  return format(_("Not receiving: something went wrong with the account \"{}\"."), {mark.account});
}

std::string reason(const Attention::Mark& mark) {
  const Error& error = mark.error;
  std::string words = error.what;
  const auto explanation = explain::explain(error);
  // The button says what to do.
  if (mark.offers_sign_in()) return explanation.known() ? words + "\n" + explanation.what : words;
  for (const std::string& line : explain::lines(explanation)) words += "\n" + line;
  if (!error.correlation_id.empty()) {
    words += " " + format(_("(correlation id {})"), {error.correlation_id});
  }
  return words;
}

std::string notification_body(const Attention::Mark& mark) {
  switch (mark.cause) {
    case Cause::kSignIn:
      return _("Open Claws Mail and choose \"Sign in\".");
    case Cause::kStorage:
      return _("Unlock the keyring. Mail then comes by itself.");
    case Cause::kPassing:
      return _("It is tried again by itself.");
    default:
      return _("The reason is in the window of Claws Mail.");
  }
}

}  // namespace mail_oauth::claws
