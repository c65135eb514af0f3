// SPDX-License-Identifier: GPL-3.0-or-later
//
// How somebody signs in.
#pragma once

namespace mail_oauth::claws {

enum class SignInWay {
  kBrowser,  ///< On this computer: the authorization code flow.
  kCode,     ///< On any device: the device code flow.
};

}  // namespace mail_oauth::claws
