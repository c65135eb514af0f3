// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/redirect_request.h"

#include <algorithm>
#include <optional>

namespace mail_oauth::desktop {

namespace {

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return value > 0x20 && value < 0x7f;
  });
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte >= '0' && byte <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(byte) != std::string_view::npos;
  });
}

bool is_host(std::string_view name) {
  constexpr std::string_view kHost = "host";
  return name.size() == kHost.size() && std::equal(name.begin(), name.end(), kHost.begin(),
                                                   [](char a, char b) { return (a | 0x20) == b; });
}

std::string_view trimmed(std::string_view value) {
  const std::size_t begin = value.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return value.substr(begin, value.find_last_not_of(" \t") - begin + 1);
}

/// "GET /path?query HTTP/1.1"
bool read_request_line(std::string_view line, RedirectRequest& request) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return false;
  request.method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(request.method) || (version != "HTTP/1.1" && version != "HTTP/1.0")) return false;
  if (target.empty() || target.front() != '/' || !printable(target)) return false;
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
  return true;
}

/// One "Name: value"; a second Host would leave open whom the browser meant.
bool read_header(std::string_view line, RedirectRequest& request) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return false;
  if (!is_host(line.substr(0, colon))) return true;
  if (!request.host.empty()) return false;
  request.host = trimmed(line.substr(colon + 1));
  return !request.host.empty() && printable(request.host);
}

std::optional<RedirectRequest> read_head(std::string_view head) {
  RedirectRequest request;
  bool first = true;
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    if (!(first ? read_request_line(line, request) : read_header(line, request))) return {};
    first = false;
    head.remove_prefix(std::min(head.size(), line.size() + 2));
  }
  if (request.host.empty()) return {};
  return request;
}

}  // namespace

std::variant<NeedsMore, BadRequest, RedirectRequest> read_request(std::string_view received) {
  // An empty line in front of a request is to be skipped (RFC 9112 section 2.2).
  while (received.substr(0, 2) == "\r\n") received.remove_prefix(2);
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    // What begins as TLS or as any other protocol will never end its line.
    if (!received.empty() && !is_token(received.substr(0, 1))) return BadRequest{};
    if (received.size() >= kLongestRequest) return BadRequest{431};
    return NeedsMore{};
  }
  if (end + 4 > kLongestRequest) return BadRequest{431};
  const auto request = read_head(received.substr(0, end));
  if (!request) return BadRequest{};
  return *request;
}

}  // namespace mail_oauth::desktop
