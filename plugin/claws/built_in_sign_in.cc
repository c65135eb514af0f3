// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/built_in_sign_in.h"

#include <algorithm>

namespace mail_oauth::claws {

bool can_be_taken_over(const BuiltInSignIn& built_in) {
  return built_in.used && built_in.renewable && !built_in.client.empty() &&
         !built_in.providers.empty();
}

bool fits_built_in(const BuiltInSignIn& built_in, const FormValues& form) {
  const auto& providers = built_in.providers;
  return can_be_taken_over(built_in) && form.client == built_in.client &&
         std::find(providers.begin(), providers.end(), form.provider) != providers.end();
}

}  // namespace mail_oauth::claws
