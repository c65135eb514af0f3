// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading one HTTP request from a browser, or from anybody else on this machine (RFC 9112). Only
// the head counts; a body is never looked at. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

namespace mail_oauth::desktop {

constexpr std::size_t kLongestRequest = 16 * 1024;

/// Views into the bytes that were read.
struct RedirectRequest {
  std::string_view method;
  std::string_view path;   ///< As sent, from "/" up to "?".
  std::string_view query;  ///< Behind "?"; may be empty. Holds the authorization code.
  std::string_view host;   ///< The Host header, with its port.
};

struct NeedsMore {};
struct BadRequest {
  int status = 400;  ///< 400: not HTTP/1. 431: too large.
};

/// What `received` is so far.
std::variant<NeedsMore, BadRequest, RedirectRequest> read_request(std::string_view received);

}  // namespace mail_oauth::desktop
