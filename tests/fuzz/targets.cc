// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/targets.h"

#include <glib.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace mail_oauth::fuzz {

const std::vector<Target>& targets() {
  static const std::vector<Target> all = {
      {"http_answer", http_answer},     {"token_answer", token_answer},
      {"device_answer", device_answer}, {"metadata", metadata},
      {"id_token", id_token},           {"redirect", redirect},
      {"retry_after", retry_after},     {"sasl_challenge", sasl_challenge},
      {"sasl_response", sasl_response}, {"manifest", manifest},
      {"server_words", server_words},   {"old_name", old_name},
      {"mail_server", mail_server},     {"grant_item", grant_item},
      {"item_file", item_file},         {"intent", intent},
  };
  return all;
}

void promise(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

bool fit_to_show(std::string_view text) {
  return g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void promise_fit(const Error& error) {
  std::string what = error.what;
  std::replace(what.begin(), what.end(), '\n', ' ');
  promise(!what.empty(), "an error says something");
  if (!fit_to_show(what)) std::fprintf(stderr, "%s\n", g_strescape(what.c_str(), nullptr));
  promise(fit_to_show(what), "an error is fit to be shown");
  promise(fit_to_show(error.code) && fit_to_show(error.said), "a peer's words are fit to be shown");
  promise(fit_to_show(error.correlation_id), "a correlation id is fit to be shown");
  for (const auto& detail : error.details)
    promise(fit_to_show(detail), "a detail is fit to be shown");
}

unsigned take_byte(std::string_view& bytes) {
  if (bytes.empty()) return 0;
  const auto byte = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  return byte;
}

std::string_view take_line(std::string_view& bytes) {
  const auto end = std::min(bytes.find('\n'), bytes.size());
  const auto line = bytes.substr(0, end);
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return line;
}

}  // namespace mail_oauth::fuzz
