// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the browser shows at the end of a sign-in: a small static page, and the headers that keep it
// out of caches, frames and Referer. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace mail_oauth::desktop {

/// The whole HTTP/1.1 answer. `title` and `text` are plain text and are escaped. With `head_only`,
/// as HEAD wants it, without the page.
std::string result_page(int status, std::string_view title, std::string_view text,
                        bool head_only = false);

}  // namespace mail_oauth::desktop
