// SPDX-License-Identifier: GPL-3.0-or-later
//
// `login --device`: a code, an address and a QR code for another device, and the waiting. Main
// thread.
#pragma once

#include "cli/login_talk.h"
#include "cli/output.h"
#include "cli/qr_choice.h"
#include "signin/device_code_flow.h"

namespace mail_oauth::cli {

/// How the code is shown.
struct DeviceShow {
  QrChoice qr;
  bool terminal = false;  ///< Somebody watches: the time left is written over again and again.
};

/// What --qr (empty: not given), the locale and the terminal say. Without a terminal a QR code is
/// drawn only when it was asked for. kConfig: see qr_choice.
Result<DeviceShow> device_show(const std::string& words);

/// Runs the flow; Ctrl-C ends it as SignInWait says.
Result<signin::SignedIn> sign_in_by_code(const signin::DevicePorts& ports,
                                         signin::SignInRequest request, const DeviceShow& show,
                                         const Output& output, LoginTalk& talk);

}  // namespace mail_oauth::cli
