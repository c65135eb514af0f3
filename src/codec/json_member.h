// SPDX-License-Identifier: GPL-3.0-or-later
//
// One member of a text that Json::parse refuses, for what must not be lost with it. Pure; any
// thread.
#pragma once

#include <string_view>

#include "base/secret.h"

namespace mail_oauth {

/// The string under `name` in the outermost object of `text`; the last one, where keys repeat.
/// Empty: there is none, or the text breaks off or breaks JSON before the object's end.
Secret last_text_at(std::string_view text, std::string_view name);

}  // namespace mail_oauth
