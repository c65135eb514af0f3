// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/login_feedback.h"

#include <glib.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "crypto/digest.h"
#include "explain/explanation.h"
#include "sasl/xoauth2.h"

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

/// The words of an answer; "3 NO words" and "3 BAD words" have tag and result before them. Empty
/// when it is none: untagged, a continuation, or one of the host's own lines.
std::string_view words_of_no(std::string_view answer) {
  if (answer.empty() || std::string_view("*+[").find(answer.front()) != std::string_view::npos ||
      answer.substr(0, 9) == "Login to " || answer.substr(0, 20) == "Error logging in to ") {
    return {};
  }
  const auto result = answer.find(' ');
  for (const std::string_view no : {" NO ", " BAD "}) {
    if (result != std::string_view::npos && answer.substr(result, no.size()) == no)
      return answer.substr(result + no.size());
  }
  return answer;
}

/// SMTP's, RFC 5321 section 4.2; 0 where there is none.
int status_of(std::string_view answer) {
  int status = 0;
  const std::string_view digits = answer.substr(0, 3);
  std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return status;
}

/// "535 5.7.3 words": the words begin with the finer code.
std::string without_number(std::string_view answer) {
  return std::string(answer.substr(answer.size() > 4 ? 4 : answer.size()));
}

/// What is known of these words. By the first of them SMTP's finer codes are found.
explain::Explanation known_as(Error::Peer peer, const std::string& said) {
  Error error = make_error(Error::Kind::kRefused, said, said.substr(0, said.find(' ')));
  error.peer = peer;
  error.said = said;
  return explain::explain(error);
}

/// Known, and it does not pass by waiting.
bool says_why(Error::Peer peer, const std::string& said) {
  const auto explanation = known_as(peer, said);
  return explanation.known() && explanation.who != explain::Who::kProvider;
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

Result<sasl::Refusal> refusal_in(std::string_view challenge) {
  const auto json = crypto::base64_decoded(challenge);
  return sasl::parse_refusal(json.value_or(""));
}

/// XOAUTH2's way to say no, before the server's own one, also where nobody can read why. The host
/// takes it for a yes and goes on: what the server says then is about the command that it takes for
/// our answer.
LoginVerdict challenged(LoginVerdict verdict, std::string_view challenge) {
  const auto refusal = refusal_in(challenge);
  verdict.challenge = challenge;
  verdict.doubtful = !refusal || refusal->stale_token();
  return verdict;
}

}  // namespace

std::optional<LoginVerdict> LoginFeedback::read(std::string_view line) {
  if (begins_pop_session(line)) return std::nullopt;
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
    imap_said_.clear();
    return std::nullopt;
  }
  const auto words = after(line, "IMAP< ");
  // Asked for before each login: "* CAPABILITY ..." or "* OK [CAPABILITY ...] ready".
  if (words && words->find("CAPABILITY ") != std::string_view::npos &&
      words->find("AUTH=") != std::string_view::npos) {
    imap_unspoken_ = offers_only_the_other(*words);
    return std::nullopt;
  }
  if (!words) return std::nullopt;
  if (imap_open_ && words->find("authenticated but not connected") != std::string_view::npos) {
    auto unopened = std::exchange(imap_open_, std::nullopt);
    unopened->accepted = false;
    unopened->after_login = true;
    unopened->said = words_of_no(*words);
    return unopened;
  }
  if (!imap_) return std::nullopt;
  auto verdict = imap_;
  if (*words == "Login to " + imap_->server + " successful") {
    imap_.reset();
    verdict->accepted = true;
    imap_open_ = verdict;
    return verdict;
  }
  if (*words == "Error logging in to " + imap_->server) {
    imap_.reset();
    verdict->unspoken = imap_unspoken_ || imap_unsupported_;
    verdict->said = imap_said_;
    verdict->doubtful = imap_refused_ && !verdict->unspoken;
    const bool clear =
        imap_refused_ || verdict->unspoken || says_why(Error::Peer::kImap, verdict->said);
    return clear ? verdict : std::nullopt;
  }
  if (const auto said = words_of_no(*words); !said.empty()) imap_said_ = said;
  imap_unsupported_ = imap_unsupported_ || says_unspoken(*words);
  imap_refused_ = imap_refused_ || says_refused(*words);
  return std::nullopt;
}

bool LoginFeedback::begins_pop_session(std::string_view line) {
  const auto session = connecting_to_pop_.values(line);
  if (!session || session->size() < 2) return false;
  pop_session_.account = session->at(0);
  pop_session_.server = session->at(1);
  pop_ = false;
  pop_asked_.clear();
  return true;
}

std::optional<LoginVerdict> LoginFeedback::read_pop(std::string_view line) {
  if (line.find("POP> AUTH XOAUTH2") != std::string_view::npos) {
    pop_ = true;
    pop_asked_.clear();
    return std::nullopt;
  }
  LoginVerdict verdict = pop_session_;
  verdict.protocol = Protocol::kPop;
  if (const auto sent = after(line, "POP> ")) {
    // Else it was the token's own line that the server asked for, in its own words.
    const bool goes_on = *sent == "STAT" || *sent == "QUIT";
    const std::string asked = std::exchange(pop_asked_, {});
    if (asked.empty() || !goes_on) return std::nullopt;
    pop_ = false;
    return challenged(std::move(verdict), asked);
  }
  const auto words = after(line, "POP< ");
  if (!pop_ || !words || *words == "+") return std::nullopt;
  if (words->substr(0, 2) == "+ " && !refusal_in(words->substr(2))) {
    pop_asked_ = words->substr(2);
    return std::nullopt;
  }
  pop_ = false;
  verdict.accepted = words->substr(0, 3) == "+OK";
  if (verdict.accepted) return verdict;
  if (words->substr(0, 2) == "+ ") return challenged(std::move(verdict), words->substr(2));
  verdict.unspoken = says_unspoken(*words);
  verdict.said = words->substr(0, 5) == "-ERR " ? words->substr(5) : *words;
  verdict.doubtful = !verdict.unspoken && says_refused(*words);
  const bool clear =
      verdict.unspoken || verdict.doubtful || says_why(Error::Peer::kPop, verdict.said);
  return clear ? std::optional(verdict) : std::nullopt;
}

std::optional<LoginVerdict> LoginFeedback::read_smtp(std::string_view line) {
  if (line.find("ESMTP> [AUTH XOAUTH2]") != std::string_view::npos) {
    smtp_ = true;
    smtp_open_ = false;
    return std::nullopt;
  }
  if (auto verdict = read_offer(line)) return verdict;
  if (smtp_open_) return read_sending(line);
  const auto words = after(line, "ESMTP< ");
  if (!smtp_ || !words) return std::nullopt;
  LoginVerdict verdict;
  verdict.protocol = Protocol::kSmtp;
  if (words->substr(0, 3) == "334") {
    const std::string_view challenge = words->substr(std::min<std::size_t>(4, words->size()));
    if (challenge.empty()) return std::nullopt;  // a question
    smtp_ = false;
    return challenged(verdict, challenge);
  }
  smtp_ = false;
  verdict.accepted = smtp_open_ = words->substr(0, 3) == "235";
  if (verdict.accepted) return verdict;
  verdict.number = status_of(*words);
  verdict.said = without_number(*words);
  // 5.7.139 is a policy of the mailbox (SMTP AUTH is off), and no token helps.
  const bool policy = words->find("5.7.139") != std::string_view::npos;
  verdict.unspoken = verdict.number == 504 || says_unspoken(*words);
  verdict.doubtful = verdict.number == 535 && !policy && !verdict.unspoken;
  const bool clear = verdict.unspoken || verdict.doubtful ||
                     (verdict.number >= 500 && says_why(Error::Peer::kSmtp, verdict.said));
  return clear ? std::optional(verdict) : std::nullopt;
}

/// Only the sender's rights are ours: a recipient who does not exist is between two people.
std::optional<LoginVerdict> LoginFeedback::read_sending(std::string_view line) {
  if (after(line, "SMTP> QUIT")) {
    smtp_open_ = smtp_sent_ = false;
  } else if (after(line, "SMTP> . (EOM)")) {
    smtp_sent_ = true;
  }
  const auto words = after(line, "SMTP< ");
  if (!words || words->size() < 4) return std::nullopt;
  const bool sent = std::exchange(smtp_sent_, false) && words->front() == '2';
  LoginVerdict verdict;
  verdict.protocol = Protocol::kSmtp;
  verdict.after_login = true;
  verdict.accepted = sent;
  if (!sent) {
    verdict.number = status_of(*words);
    verdict.said = without_number(*words);
  }
  const bool refused =
      verdict.number >= 500 && known_as(Error::Peer::kSmtp, verdict.said).id == "send-as";
  return sent || refused ? std::optional(verdict) : std::nullopt;
}

/// The host does not try what is not on the server's list: it goes on without a login, or leaves.
std::optional<LoginVerdict> LoginFeedback::read_offer(std::string_view line) {
  if (after(line, "ESMTP> EHLO")) {  // another session: the last one may have broken off
    smtp_ = smtp_open_ = smtp_sent_ = smtp_unspoken_ = false;
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
