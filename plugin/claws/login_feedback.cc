// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/login_feedback.h"

#include <glib.h>

#include <utility>

namespace mail_oauth::claws {
namespace {

/// What follows `mark` in the line; nothing when it is not there.
std::optional<std::string_view> after(std::string_view line, std::string_view mark) {
  const auto at = line.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  auto rest = line.substr(at + mark.size());
  while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r' || rest.back() == ' ')) {
    rest.remove_suffix(1);
  }
  return rest;
}

std::string lower_case(std::string_view words) {
  std::string lower(words);
  for (char& c : lower) c = g_ascii_tolower(c);
  return lower;
}

/// "AUTHENTICATE failed." (Exchange), "Authentication failed." (Dovecot), "Authentication failure:
/// ..."
bool says_refused(std::string_view words) {
  const std::string lower = lower_case(words);
  const bool temporary = lower.find("tempora") != std::string::npos ||
                         lower.find("unavailable") != std::string::npos ||
                         lower.find("[sys/temp]") != std::string::npos;
  const bool refused = lower.find("authenticate failed") != std::string::npos ||
                       lower.find("authentication fail") != std::string::npos ||
                       lower.find("invalid credentials") != std::string::npos;
  return refused && !temporary;
}

/// "Unsupported authentication mechanism." (Dovecot), "504 5.7.4 Unrecognized authentication type"
/// (Exchange), "Invalid SASL mechanism", "unknown mechanism". Says nothing about the token.
bool says_unspoken(std::string_view words) {
  const std::string lower = lower_case(words);
  const auto holds = [&](const char* part) { return lower.find(part) != std::string::npos; };
  const bool subject = holds("mechanism") || holds("authentication type");
  return subject && (holds("unsupported") || holds("not supported") || holds("unrecognized") ||
                     holds("unknown") || holds("invalid") || holds("not available"));
}

/// Of a list of mechanisms, after "AUTH=" or "AUTH ".
bool offers_only_the_other(std::string_view list) {
  return list.find("OAUTHBEARER") != std::string_view::npos &&
         list.find("XOAUTH2") == std::string_view::npos;
}

std::optional<LoginVerdict> login_line(std::string_view words) {
  const auto to = words.rfind(" to ");
  const auto by = words.rfind(" using XOAUTH2");
  if (to == std::string_view::npos || by == std::string_view::npos || by < to) return std::nullopt;
  LoginVerdict login;
  login.user = words.substr(0, to);
  login.server = words.substr(to + 4, by - to - 4);
  return login;
}

}  // namespace

std::optional<LoginVerdict> LoginFeedback::read(std::string_view line) {
  if (line.find("IMAP") != std::string_view::npos) {
    if (auto verdict = read_imap(line)) return verdict;
  }
  if (line.find("SMTP") != std::string_view::npos) return read_smtp(line);
  if (line.find("POP") != std::string_view::npos) return read_pop(line);
  return std::nullopt;
}

std::optional<LoginVerdict> LoginFeedback::read_imap(std::string_view line) {
  if (const auto words = after(line, "IMAP> Logging ")) {
    imap_ = login_line(*words);
    imap_refused_ = false;
    imap_unsupported_ = false;
    return std::nullopt;
  }
  const auto words = after(line, "IMAP< ");
  // Asked for before each login: "* CAPABILITY ..." or "* OK [CAPABILITY ...] ready".
  if (words && words->find("CAPABILITY ") != std::string_view::npos &&
      words->find("AUTH=") != std::string_view::npos) {
    imap_unspoken_ = offers_only_the_other(*words);
    return std::nullopt;
  }
  if (!imap_ || !words) return std::nullopt;
  auto verdict = imap_;
  if (*words == "Login to " + imap_->server + " successful") {
    imap_.reset();
    verdict->accepted = true;
    return verdict;
  }
  if (*words == "Error logging in to " + imap_->server) {
    imap_.reset();
    verdict->unspoken = imap_unspoken_ || imap_unsupported_;
    return imap_refused_ || verdict->unspoken ? verdict : std::nullopt;
  }
  imap_unsupported_ = imap_unsupported_ || says_unspoken(*words);
  imap_refused_ = imap_refused_ || says_refused(*words);
  return std::nullopt;
}

std::optional<LoginVerdict> LoginFeedback::read_pop(std::string_view line) {
  if (line.find("POP> AUTH XOAUTH2") != std::string_view::npos) {
    pop_ = true;
    return std::nullopt;
  }
  const auto words = after(line, "POP< ");
  if (!pop_ || !words || *words == "+" || *words == "+ ") return std::nullopt;
  pop_ = false;
  LoginVerdict verdict;
  verdict.protocol = Protocol::kPop;
  verdict.accepted = words->substr(0, 3) == "+OK";
  verdict.unspoken = !verdict.accepted && says_unspoken(*words);
  if (verdict.accepted || verdict.unspoken || says_refused(*words)) return verdict;
  return std::nullopt;
}

std::optional<LoginVerdict> LoginFeedback::read_smtp(std::string_view line) {
  if (line.find("ESMTP> [AUTH XOAUTH2]") != std::string_view::npos) {
    smtp_ = true;
    return std::nullopt;
  }
  if (auto verdict = read_offer(line)) return verdict;
  const auto words = after(line, "ESMTP< ");
  if (!smtp_ || !words || words->substr(0, 3) == "334") return std::nullopt;
  smtp_ = false;
  LoginVerdict verdict;
  verdict.protocol = Protocol::kSmtp;
  verdict.accepted = words->substr(0, 3) == "235";
  // 5.7.139 is a policy of the mailbox (SMTP AUTH is off), and no token helps.
  const bool policy = words->find("5.7.139") != std::string_view::npos;
  const bool refused = words->substr(0, 3) == "535" && !policy;
  verdict.unspoken = words->substr(0, 3) == "504" || says_unspoken(*words);
  if (verdict.accepted || refused || verdict.unspoken) return verdict;
  return std::nullopt;
}

/// The host does not try what is not on the server's list: it goes on without a login, or leaves.
std::optional<LoginVerdict> LoginFeedback::read_offer(std::string_view line) {
  if (after(line, "ESMTP> EHLO")) {
    smtp_unspoken_ = false;
  } else if (const auto offer = after(line, "ESMTP< 250")) {
    if (offer->size() > 1 && offer->substr(1, 5) == "AUTH ")
      smtp_unspoken_ = offers_only_the_other(*offer);
  } else if (after(line, "SMTP> ") && !after(line, "SMTP> STARTTLS") &&
             std::exchange(smtp_unspoken_, false)) {
    LoginVerdict verdict;
    verdict.protocol = Protocol::kSmtp;
    verdict.unspoken = true;
    return verdict;
  }
  return std::nullopt;
}

}  // namespace mail_oauth::claws
