// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/refusal.h"

#include <glib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/i18n.h"
#include "base/peer_text.h"

namespace mail_oauth::etpan {

namespace {

struct Known {
  std::string_view code;
  bool transient;
  bool stale;
};

constexpr std::array<Known, 17> kCodes = {{
    {"ALERT", false, true},
    {"AUTH", false, true},
    {"AUTHENTICATIONFAILED", false, true},
    {"AUTHORIZATIONFAILED", false, false},
    {"CONTACTADMIN", false, false},
    {"EXPIRED", false, true},
    {"IN-USE", true, false},
    {"INUSE", true, false},
    {"LIMIT", true, false},
    {"LOGIN-DELAY", true, false},
    {"NOPERM", false, false},
    {"OVERQUOTA", false, false},
    {"PRIVACYREQUIRED", false, false},
    {"SERVERBUG", true, false},
    {"SYS/PERM", false, false},
    {"SYS/TEMP", true, false},
    {"UNAVAILABLE", true, false},
}};

const Known* known(std::string_view code) {
  const auto* found = std::find_if(kCodes.begin(), kCodes.end(),
                                   [&](const Known& row) { return row.code == code; });
  return found == kCodes.end() ? nullptr : found;
}

/// 535 is the token or the name. 5.7.139 on it is a policy of Exchange Online (SMTP AUTH switched
/// off), which no token mends.
Known smtp_meaning(const Reply& reply) {
  const bool policy = reply.code == "5.7.139";
  return {"", reply.number >= 400 && reply.number < 500, reply.number == 535 && !policy};
}

Known meaning(Protocol protocol, const Reply& reply) {
  if (reply.kind == Reply::Kind::kBye) return {"", true, false};
  if (protocol == Protocol::kSmtp) return smtp_meaning(reply);
  if (const Known* row = known(reply.code)) return *row;
  return {"", false, reply.kind == Reply::Kind::kNo};
}

Error::Peer peer_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::kImap:
      return Error::Peer::kImap;
    case Protocol::kPop:
      return Error::Peer::kPop;
    case Protocol::kSmtp:
      return Error::Peer::kSmtp;
  }
  return Error::Peer::kImap;
}

/// As they are shown.
std::string or_none(const std::string& words) {
  return words.empty() ? _("(no reason given)") : words;
}

}  // namespace

Refusal judge(Protocol protocol, const Reply& reply, const std::optional<Challenge>& challenge,
              std::string_view user) {
  Known what = meaning(protocol, reply);
  // Dovecot 2.4.1 says no more in its reply than for a bad token, 2.4.5 does.
  const bool failed_itself = challenge && challenge->passing;
  if (failed_itself) what.transient = true;
  Refusal refusal;
  refusal.stale = !what.transient && what.stale && (!challenge || challenge->stale);
  refusal.error.kind = what.transient ? Error::Kind::kTransient : Error::Kind::kRefused;
  refusal.error.code = reply.code;
  if (failed_itself || (challenge && reply.code.empty())) refusal.error.code = challenge->code;
  refusal.error.peer = peer_of(protocol);
  refusal.error.said = peer_words(reply.text);
  const std::string words = or_none(refusal.error.said);
  const std::string_view title = protocol_title(protocol);
  refusal.error.what =
      what.transient
          ? format(_("The {1} server cannot sign \"{2}\" in at the moment: {3}"),
                   {title, user, words})
          : format(_("The {1} server refused to sign \"{2}\" in: {3}"), {title, user, words});
  if (!what.transient && challenge && !challenge->scope.empty()) {
    refusal.error.what += " ";
    refusal.error.what += format(_("It wants the permission {}."), {challenge->scope});
  }
  return refusal;
}

Error mailbox_refused(Protocol protocol, const Reply& reply, std::string_view user) {
  const bool transient = meaning(protocol, reply).transient;
  const std::string words = peer_words(reply.text);
  Error error = make_error(
      transient ? Error::Kind::kTransient : Error::Kind::kRefused,
      format(
          _("The server took the token but does not open the mailbox \"{1}\": {2} Check that this "
            "is the name of the mailbox and that the person who signed in may open it."),
          {user, or_none(words)}),
      reply.code.empty() && !transient ? "not-connected" : reply.code);
  error.peer = peer_of(protocol);
  error.said = words;
  return error;
}

Error sending_refused(const Reply& reply, std::string_view user, std::string_view sender) {
  const bool transient = smtp_meaning(reply).transient;
  const std::string words = peer_words(reply.text);
  Error error = make_error(transient ? Error::Kind::kTransient : Error::Kind::kRefused,
                           format(_("The SMTP server does not let \"{1}\" send as \"{2}\": {3}"),
                                  {user, sender, or_none(words)}),
                           reply.code);
  error.peer = Error::Peer::kSmtp;
  error.said = words;
  return error;
}

std::string take_response_code(std::string& text) {
  if (text.empty() || text.front() != '[') return {};
  const auto end = text.find(']');
  if (end == std::string::npos) return {};
  std::string code = text.substr(1, std::min(end, text.find(' ')) - 1);
  std::transform(code.begin(), code.end(), code.begin(), [](char c) { return g_ascii_toupper(c); });
  text.erase(0, text.find_first_not_of(' ', end + 1));
  return known(code) ? code : std::string();
}

std::string enhanced_status(std::string_view text) {
  const std::string_view word = text.substr(0, text.find(' '));
  const bool digits = std::all_of(word.begin(), word.end(),
                                  [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; });
  const bool three = std::count(word.begin(), word.end(), '.') == 2;
  const bool classed = !word.empty() && std::string_view("245").find(word[0]) != std::string::npos;
  return digits && three && classed && word.size() <= 9 ? std::string(word) : std::string();
}

}  // namespace mail_oauth::etpan
