// SPDX-License-Identifier: GPL-3.0-or-later
#include "explain/explanation.h"

#include <glib.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/i18n.h"
#include "explain/rows.h"

namespace mail_oauth::explain {

namespace {

unsigned where(Error::Peer peer) {
  switch (peer) {
    case Error::Peer::kNone:
      return kHere;
    case Error::Peer::kProvider:
      return kOAuth;
    case Error::Peer::kImap:
      return kImap;
    case Error::Peer::kPop:
      return kPop;
    case Error::Peer::kSmtp:
      return kSmtp;
  }
  return kHere;
}

bool same_letter(char a, char b) { return g_ascii_tolower(a) == g_ascii_tolower(b); }

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_letter);
}

bool contains(std::string_view text, std::string_view part) {
  return part.empty() ||
         std::search(text.begin(), text.end(), part.begin(), part.end(), same_letter) != text.end();
}

/// 50076 of "AADSTS50076" and of "50076", else nothing.
std::optional<int> number_in(std::string_view detail) {
  constexpr std::string_view kPrefix = "AADSTS";
  if (detail.substr(0, kPrefix.size()) == kPrefix) detail.remove_prefix(kPrefix.size());
  if (detail.empty() || detail.size() > 9 ||
      !std::all_of(detail.begin(), detail.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  int number = 0;
  for (const char c : detail) number = number * 10 + (c - '0');
  return number;
}

const Row* by_number(const Error& error) {
  if (error.peer != Error::Peer::kProvider) return nullptr;
  for (const std::string& detail : error.details) {
    const auto number = number_in(detail);
    if (!number || *number == 0) continue;
    for (const Row& row : rows()) {
      const auto* end = std::end(row.numbers);
      if (std::find(row.numbers, end, *number) != end) return &row;
    }
  }
  return nullptr;
}

bool about_shared_mailbox(const Error& error, const Situation& situation) {
  return situation.shared_mailbox || std::find(error.details.begin(), error.details.end(),
                                               kSharedMailbox) != error.details.end();
}

bool fits(const Saying& saying, const Error& error, const Situation& situation) {
  if ((saying.where & where(error.peer)) == 0) return false;
  if (saying.shared && !about_shared_mailbox(error, situation)) return false;
  const std::string_view code = saying.code;
  const bool said = code.empty() || same(code, error.code) ||
                    std::any_of(error.details.begin(), error.details.end(),
                                [&](const std::string& detail) { return same(code, detail); });
  return said && contains(error.said, saying.words);
}

/// A row, and the link that fits how it was found.
struct Found {
  const Row* row = nullptr;
  const char* link = "";
};

Found by_saying(const Error& error, const Situation& situation) {
  for (const Row& row : rows()) {
    const auto* said =
        std::find_if(std::begin(row.sayings), std::end(row.sayings),
                     [&](const Saying& saying) { return fits(saying, error, situation); });
    if (said != std::end(row.sayings)) return {&row, said->anybody ? row.elsewhere : row.link};
  }
  return {};
}

Who usual_who(const Error& error) {
  switch (error.kind) {
    case Error::Kind::kInternal:
      return Who::kUs;
    case Error::Kind::kRefused:
      return error.peer == Error::Peer::kProvider ? Who::kProvider : Who::kAdministrator;
    case Error::Kind::kProtocol:
      return Who::kProvider;
    case Error::Kind::kTransient:
      return error.peer == Error::Peer::kNone ? Who::kYou : Who::kProvider;
    default:
      return Who::kYou;
  }
}

/// For what a peer said and no row knows. Errors of our own say themselves what to do.
std::string usual_advice(const Error& error) {
  if (error.peer == Error::Peer::kNone) return {};
  switch (error.kind) {
    case Error::Kind::kReauthorize:
      return _("Sign in again.");
    case Error::Kind::kTransient:
      return _("Wait a little and try again.");
    case Error::Kind::kConfig:
      return _("Check the client ID and what is registered for it.");
    case Error::Kind::kRefused:
      return error.peer == Error::Peer::kProvider
                 ? _("Show these words to the administrator of your mail account, or to the "
                     "provider's support.")
                 : _("Show these words to the administrator of the mail server.");
    default:
      return {};
  }
}

}  // namespace

const char* who_word(Who who) {
  switch (who) {
    case Who::kYou:
      return "you";
    case Who::kAdministrator:
      return "administrator";
    case Who::kProvider:
      return "provider";
    case Who::kUs:
      return "us";
  }
  return "us";
}

Explanation explain(const Error& error, const Situation& situation) {
  Found found{by_number(error)};
  if (found.row) {
    found.link = found.row->link;
  } else {
    found = by_saying(error, situation);
  }
  Explanation explanation;
  if (const Row* row = found.row) {
    explanation.id = row->id;
    explanation.who = row->who;
    explanation.what = translated(row->what);
    explanation.what_to_do = translated(row->what_to_do);
    explanation.link = found.link;
    return explanation;
  }
  explanation.who = usual_who(error);
  explanation.what = error.what;
  explanation.what_to_do = usual_advice(error);
  return explanation;
}

std::vector<std::string> lines(const Explanation& explanation) {
  std::vector<std::string> lines;
  if (explanation.known()) lines.push_back(explanation.what);
  if (!explanation.what_to_do.empty()) {
    const char* frame =
        explanation.who == Who::kYou             ? _("What you can do: {}")
        : explanation.who == Who::kAdministrator ? _("What your administrator can do: {}")
        : explanation.who == Who::kProvider      ? _("This is with the provider, not with you: {}")
                                                 : _("This is ours to mend: {}");
    lines.push_back(format(frame, {explanation.what_to_do}));
  }
  if (!explanation.link.empty()) lines.push_back(format(_("More: {}"), {explanation.link}));
  return lines;
}

}  // namespace mail_oauth::explain
