// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words that a peer sent, made fit to be shown: an error text of a provider or of a mail server may
// hold anything, an echoed token and terminal escapes among it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace mail_oauth {

/// The first line that is not blank, at most 300 characters of valid UTF-8, without control and
/// formatting characters (bidirectional overrides among them), token-like runs replaced as in the
/// log.
std::string peer_words(std::string_view text);

/// `text` when it has the form of an error code ("invalid_grant", "use_dpop_nonce"), else "": up to
/// 48 characters, and from 20 on only those that no random token is made of (a-z and "_").
std::string peer_code(std::string_view text);

/// The number in front of a text, with the letters before it: "AADSTS50076" of "AADSTS50076: Due
/// to ...". Empty when the text does not start with one and a colon, or it is no peer_code.
std::string leading_code(std::string_view text);

/// `text` when it is a GUID, the form of correlation ids, else "".
std::string peer_guid(std::string_view text);

}  // namespace mail_oauth
