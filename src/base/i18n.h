// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words that a person sees. `_("...")` marks and translates one; `N_` only marks; `format` fills
// in "{}" from left to right, or "{1}", "{2}" where a translation needs another order.
//
// Inside a host, the host owns the default text domain: everything goes through our own.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#define MAIL_OAUTH_TEXT_DOMAIN "mail-oauth"

namespace mail_oauth {

/// Binds our text domain to the catalogues in "locale" below a folder of XDG_DATA_DIRS, or to the
/// installed ones. Once, at start, after the locale is set. Leaves the locale alone.
void bind_text_domain();

/// The translation of `text`, in UTF-8; `text` itself where there is none.
const char* translated(const char* text);
const char* translated_plural(const char* one, const char* many, unsigned long count);

/// `text` with "{}" or "{1}".."{9}" replaced. A placeholder without a value stays as it is.
std::string format(std::string_view text, std::initializer_list<std::string_view> values);

}  // namespace mail_oauth

// A host's header may have defined it for its own domain; our files want ours.
#undef _
#undef N_
#define _(text) ::mail_oauth::translated(text)
#define N_(text) text
