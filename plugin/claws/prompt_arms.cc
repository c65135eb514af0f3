// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/prompt_arms.h"

#include <algorithm>

#include "claws/prompt_match.h"

namespace mail_oauth::claws {
namespace {

bool is_about(std::string_view text, const PromptArms::Login& login) {
  return mentions(text, std::get<1>(login)) && mentions(text, std::get<2>(login));
}

}  // namespace

void PromptArms::arm(const Login& login) {
  armed_.insert(login);
  let_.reset();  // It asked last.
}

void PromptArms::let(const Login& login) {
  disarm(login);
  let_ = login;
}

bool PromptArms::keep_away(std::string_view text) const {
  if (let_ && is_about(text, *let_)) return false;
  return std::any_of(armed_.begin(), armed_.end(),
                     [&](const Login& login) { return is_about(text, login); });
}

}  // namespace mail_oauth::claws
