// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/peer_error.h"

#include <glib.h>

#include <algorithm>
#include <string>

#include "base/i18n.h"
#include "base/peer_text.h"

namespace mail_oauth::oauth {

namespace {

constexpr std::size_t kGuidLength = 36;
constexpr std::size_t kMostDetails = 8;

void add_detail(Error& error, const std::string& code) {
  const bool known =
      std::find(error.details.begin(), error.details.end(), code) != error.details.end();
  if (!code.empty() && !known && error.details.size() < kMostDetails) error.details.push_back(code);
}

/// "... Correlation ID: <guid> ..." of Microsoft's texts, which is all that a redirect has.
std::string correlation_id_in(std::string_view description) {
  constexpr std::string_view kLabel = "correlation id: ";
  const auto at = std::search(description.begin(), description.end(), kLabel.begin(), kLabel.end(),
                              [](char a, char b) { return g_ascii_tolower(a) == b; });
  const auto label_at = static_cast<std::size_t>(at - description.begin());
  if (label_at == description.size()) return {};
  return peer_guid(description.substr(label_at + kLabel.size(), kGuidLength));
}

}  // namespace

void keep_description(Error& error, std::string_view description) {
  error.peer = Error::Peer::kProvider;
  add_detail(error, leading_code(description));
  if (error.correlation_id.empty()) error.correlation_id = correlation_id_in(description);
  error.said = peer_words(description);
  if (error.said.empty()) return;
  error.what += " ";
  error.what += format(_("It says: {}"), {error.said});
}

void keep_details(Error& error, const Json& body) {
  error.correlation_id = peer_guid(body.string_at("correlation_id").value_or(""));
  keep_description(error, body.string_at("error_description").value_or(""));
  for (const char* name : {"suberror", "error_subtype"}) {
    add_detail(error, peer_code(body.string_at(name).value_or("")));
  }
  const auto codes = body.at("error_codes");
  if (!codes || codes->type() != Json::Type::kArray) return;
  for (const Json& code : codes->items()) {
    if (const auto number = code.as_integer()) add_detail(error, std::to_string(*number));
  }
}

}  // namespace mail_oauth::oauth
