// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which protocols a granted scope serves; declared in token_answer.h.
#include <algorithm>
#include <set>

#include "oauth/token_answer.h"

namespace mail_oauth::oauth {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// What two spellings of one scope share: of an https scope with a path only the path, since a
/// resource may go by several host names; all of any other. Without a slash at the end.
std::string spelling(std::string_view scope) {
  std::string text = lower(scope);
  while (!text.empty() && text.back() == '/') text.pop_back();
  constexpr std::string_view kScheme = "https://";
  if (text.compare(0, kScheme.size(), kScheme) != 0) return text;
  const std::size_t path = text.find('/', kScheme.size());
  return path == std::string::npos ? text : text.substr(path);
}

std::set<std::string> spellings(std::string_view scopes) {
  std::set<std::string> all;
  while (!scopes.empty()) {
    const std::size_t end = std::min(scopes.find(' '), scopes.size());
    if (end > 0) all.insert(spelling(scopes.substr(0, end)));
    scopes.remove_prefix(std::min(end + 1, scopes.size()));
  }
  return all;
}

/// As a server names it that gives tokens for one resource and leaves that out.
std::string within(const std::string& resource, const std::string& scope) {
  const bool inside = !resource.empty() && scope.compare(0, resource.size(), resource) == 0;
  return inside ? lower(std::string_view(scope).substr(resource.size())) : spelling(scope);
}

}  // namespace

bool scope_serves(const Provider& provider, Protocol protocol, std::string_view granted) {
  const auto mail = provider.scopes.mail.find(protocol);
  if (mail == provider.scopes.mail.end() || mail->second.empty()) return false;
  const std::set<std::string> all = spellings(granted);
  if (all.empty()) return true;
  return std::all_of(mail->second.begin(), mail->second.end(), [&](const std::string& scope) {
    return all.count(spelling(scope)) > 0 || all.count(within(provider.scopes.resource, scope)) > 0;
  });
}

std::vector<Protocol> missing_protocols(const Provider& provider,
                                        const std::vector<Protocol>& wanted,
                                        std::string_view granted) {
  std::vector<Protocol> missing;
  for (const Protocol protocol : wanted) {
    if (!scope_serves(provider, protocol, granted)) missing.push_back(protocol);
  }
  return missing;
}

}  // namespace mail_oauth::oauth
