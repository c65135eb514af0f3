// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/check_report.h"

#include <glib.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/i18n.h"
#include "explain/explanation.h"

namespace mail_oauth::cli {

namespace {

using Outcome = CheckLink::Outcome;

/// The first is what has to be mended before anything else can be.
constexpr std::array<Error::Kind, 8> kWorstFirst = {
    Error::Kind::kInternal, Error::Kind::kCancelled,   Error::Kind::kConfig,
    Error::Kind::kStorage,  Error::Kind::kReauthorize, Error::Kind::kRefused,
    Error::Kind::kProtocol, Error::Kind::kTransient};

std::size_t rank(const Error& error) {
  const auto* found = std::find(kWorstFirst.begin(), kWorstFirst.end(), error.kind);
  return static_cast<std::size_t>(found - kWorstFirst.begin());
}

std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(g_utf8_strlen(text.c_str(), -1));
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t has = columns(text);
  return has < width ? text + std::string(width - has, ' ') : text;
}

const char* outcome_word(Outcome outcome) {
  switch (outcome) {
    case Outcome::kHolds:
      return "ok";
    case Outcome::kBroken:
      return "failed";
    case Outcome::kNotTried:
      break;
  }
  return "not_tried";
}

std::string outcome_title(Outcome outcome) {
  switch (outcome) {
    case Outcome::kHolds:
      return _("ok");
    case Outcome::kBroken:
      return _("FAILED");
    case Outcome::kNotTried:
      break;
  }
  return _("not tried");
}

std::size_t outcome_width() {
  std::size_t width = 0;
  for (const Outcome outcome : {Outcome::kHolds, Outcome::kBroken, Outcome::kNotTried}) {
    width = std::max(width, columns(outcome_title(outcome)));
  }
  return width;
}

const char* mender(const Error& error, explain::Who who) {
  if (error.kind == Error::Kind::kCancelled) return _("Stopped at \"{1}\".");
  switch (who) {
    case explain::Who::kYou:
      return _("It breaks at \"{1}\", and you can mend it: {2}");
    case explain::Who::kAdministrator:
      return _("It breaks at \"{1}\", and your administrator can mend it: {2}");
    case explain::Who::kProvider:
      return _("It breaks at \"{1}\", and that is with the provider, not with you: {2}");
    case explain::Who::kUs:
      break;
  }
  return _("It breaks at \"{1}\", and that is ours to mend: {2}");
}

/// "  0.012 s", always with a point: it may be compared.
std::string seconds(std::chrono::milliseconds time) {
  const auto count = time.count();
  std::string fraction = std::to_string(count % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  std::string text = std::to_string(count / 1000) + "." + fraction + " s";
  if (text.size() < 9) text.insert(0, 9 - text.size(), ' ');
  return text;
}

}  // namespace

CheckReport::CheckReport(const Output& output, Shortening shortening,
                         const std::vector<const char*>& titles)
    : output_(output), shortening_(std::move(shortening)) {
  for (const char* title : titles) width_ = std::max(width_, columns(_(title)));
}

void CheckReport::about(const char* name, const std::string& value) {
  about_.emplace_back(name, shortening_(value));
}

void CheckReport::heading(const std::string& words) {
  if (!output_.json()) output_.data(shortening_(words));
}

void CheckReport::add(CheckLink link) {
  if (!output_.json()) output_.data(line_of(link));
  links_.push_back(std::move(link));
}

std::string CheckReport::error_words(const Error& error) const {
  std::string text = shortening_(error.what);
  if (!error.code.empty()) text += " [" + error.code + "]";
  if (!error.correlation_id.empty()) {
    text += " " + format(_("(correlation id {})"), {error.correlation_id});
  }
  return text;
}

std::string CheckReport::line_of(const CheckLink& link) const {
  const bool tried = link.outcome != Outcome::kNotTried;
  std::string line = "  " + padded(_(link.title), width_) + "  " +
                     (tried ? seconds(link.took) : std::string("        -")) + "  " +
                     padded(outcome_title(link.outcome), outcome_width());
  const std::string words = link.error ? error_words(*link.error) : shortening_(link.finding.words);
  if (!words.empty()) line += "  " + words;
  while (line.back() == ' ') line.pop_back();
  return line;
}

Json CheckReport::json_of_link(const CheckLink& link) const {
  Json object = Json::object();
  if (link.protocol) object.set("protocol", Json::of(protocol_word(*link.protocol)));
  object.set("name", Json::of(std::string_view(link.name)));
  object.set("outcome", Json::of(std::string_view(outcome_word(link.outcome))));
  if (link.outcome != Outcome::kNotTried) {
    object.set("ms", Json::of(static_cast<std::int64_t>(link.took.count())));
  }
  if (!link.finding.words.empty()) {
    object.set("message", Json::of(shortening_(link.finding.words)));
  }
  if (!link.finding.items.empty()) {
    Json items = Json::array();
    for (const std::string& item : link.finding.items) items.append(Json::of(shortening_(item)));
    object.set("capabilities", std::move(items));
  }
  if (link.error) object.set("error", json_of(shortening_(*link.error)));
  return object;
}

const CheckLink* CheckReport::worst() const {
  const CheckLink* worst = nullptr;
  for (const CheckLink& link : links_) {
    if (link.error && (!worst || rank(*link.error) < rank(*worst->error))) worst = &link;
  }
  return worst;
}

/// What to do stands in the error's own words, or in those that follow on standard error.
std::string CheckReport::verdict(const CheckLink* worst) const {
  if (!worst) return _("All of it works.");
  const std::string part =
      worst->protocol ? std::string(protocol_title(*worst->protocol)) : _("Sign-in");
  const std::string where = part + ", " + _(worst->title);
  const auto explanation = explain::explain(*worst->error);
  const std::string& what = explanation.known() ? explanation.what : worst->error->what;
  return shortening_(format(mender(*worst->error, explanation.who), {where, what}));
}

Result<void> CheckReport::finish() {
  const CheckLink* broken = worst();
  std::optional<Error> error;
  if (broken) error = shortening_(*broken->error);
  if (output_.json()) {
    Json object = json_object();
    for (const auto& entry : about_) object.set(entry.first, Json::of(entry.second));
    Json links = Json::array();
    for (const CheckLink& link : links_) links.append(json_of_link(link));
    object.set("links", std::move(links));
    object.set("verdict", Json::of(verdict(broken)));
    if (error) object.set("error", json_of(*error));
    output_.last_object(object);
  } else {
    output_.data(verdict(broken));
  }
  if (error) return *std::move(error);
  return {};
}

}  // namespace mail_oauth::cli
