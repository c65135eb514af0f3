// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"

#include <glib.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace mail_oauth {

namespace {

constexpr std::size_t kTokenLike = 20;
constexpr std::size_t kNameLike = 32;

std::mutex& sink_mutex() {
  static auto* mutex = new std::mutex;
  return *mutex;
}

std::shared_ptr<const LogSink>& current_sink() {
  static auto* sink = new std::shared_ptr<const LogSink>;
  return *sink;
}

bool token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_+/=.~%").find(c) != std::string_view::npos;
}

bool word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

/// Addresses, paths and host names are long runs too, and are what a log is read for: a run counts
/// as a token when it has 20 characters without a dot or a slash between. Names such as
/// interaction_required or SmtpClientAuthentication are shorter than 32 and have no digit, as one
/// token of 31 characters in a hundred would.
bool looks_like_token(std::string_view run) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= run.size(); ++at) {
    if (at < run.size() && run[at] != '.' && run[at] != '/') continue;
    const std::string_view piece = run.substr(begin, at - begin);
    begin = at + 1;
    const bool name =
        piece.size() < kNameLike && std::all_of(piece.begin(), piece.end(), word_character);
    if (piece.size() >= kTokenLike && !name) return true;
  }
  return false;
}

/// What may steer whoever shows the line: controls, C1 among them, and bidirectional overrides.
bool steers(gunichar c) {
  switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return true;
    default:
      return false;
  }
}

/// The first character of `text`, or "?" for one that is not fit to be shown. Returns its bytes.
std::size_t append_character(std::string& out, std::string_view text) {
  const gunichar c = g_utf8_get_char_validated(text.data(), static_cast<gssize>(text.size()));
  constexpr gunichar kLast = 0x10ffff;  // above: GLib says that it is none, or not a whole one
  if (c > kLast || steers(c)) out += '?';
  if (c > kLast) return 1;
  const auto size = static_cast<std::size_t>(g_unichar_to_utf8(c, nullptr));
  if (!steers(c)) out += text.substr(0, size);
  return size;
}

}  // namespace

std::string redacted(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && token_character(line[end])) ++end;
    if (end == at) {
      at += append_character(out, line.substr(at));
      continue;
    }
    const std::string_view run = line.substr(at, end - at);
    if (looks_like_token(run)) {
      out += "[" + std::to_string(run.size()) + " bytes]";
    } else {
      out += run;
    }
    at = end;
  }
  return out;
}

void set_log_sink(LogSink sink) {
  auto next = sink ? std::make_shared<const LogSink>(std::move(sink)) : nullptr;
  const std::lock_guard lock(sink_mutex());
  current_sink() = std::move(next);
}

void log_debug(std::string_view where, std::string_view line) {
  std::shared_ptr<const LogSink> sink;
  {
    const std::lock_guard lock(sink_mutex());
    sink = current_sink();
  }
  if (!sink) return;
  (*sink)(std::string(where) + ": " + redacted(line));
}

void log_internal(const char* where, const char* what) noexcept {
  try {
    log_debug(where, what);
  } catch (...) {  // a log that cannot be written must not end the host
  }
}

}  // namespace mail_oauth
