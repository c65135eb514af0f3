// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sign_out_words.h"

#include "base/i18n.h"

namespace mail_oauth::claws {

std::vector<std::string> others_with_grant(int id, const AccountIntent& intent,
                                           const std::vector<AccountView>& accounts,
                                           const GrantOf& grant_of) {
  AccountView asked;
  asked.intent = intent;
  std::vector<std::string> names;
  for (const auto& account : accounts) {
    if (account.id != id && share_a_grant(asked, account, grant_of)) {
      names.push_back(account.name);
    }
  }
  return names;
}

std::string sign_out_question(const std::string& identity, const std::vector<std::string>& others,
                              bool ends_other_devices) {
  std::string text =
      format(_("Sign {} out? Mail comes and goes again after a new sign-in."), {identity});
  if (!others.empty()) {
    std::string names;
    for (const auto& name : others) names += (names.empty() ? "" : ", ") + name;
    text +=
        "\n\n" + format(translated_plural("This account uses the same sign-in: {}",
                                          "These accounts use the same sign-in: {}", others.size()),
                        {names});
  }
  if (ends_other_devices) {
    text += "\n\n";
    text += _("At this provider it ends the sign-ins on your other devices, too.");
  }
  return text;
}

}  // namespace mail_oauth::claws
