// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/result_page.h"

namespace mail_oauth::desktop {

namespace {

const char* reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 421:
      return "Misdirected Request";
    case 431:
      return "Request Header Fields Too Large";
    default:
      return "Bad Request";
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    switch (byte) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += byte;
    }
  }
  return out;
}

constexpr std::string_view kStyle =
    "body{font:1.1em/1.5 sans-serif;max-width:32em;margin:15vh auto;padding:0 1em;"
    "color:#222;background:#fff}h1{font-size:1.4em}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#222}}";

}  // namespace

std::string result_page(int status, std::string_view title, std::string_view text, bool head_only) {
  std::string page = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">";
  page += "<meta name=\"viewport\" content=\"width=device-width\">";
  page += "<title>" + escaped(title) + "</title><style>" + std::string(kStyle) + "</style></head>";
  page += "<body><h1>" + escaped(title) + "</h1><p>" + escaped(text) + "</p></body></html>\n";

  std::string answer = "HTTP/1.1 " + std::to_string(status) + " " + reason(status) + "\r\n";
  answer += "Content-Type: text/html; charset=utf-8\r\n";
  answer += "Content-Length: " + std::to_string(page.size()) + "\r\n";
  answer += "Cache-Control: no-store\r\n";
  answer +=
      "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
      "form-action 'none'; frame-ancestors 'none'\r\n";
  answer += "Referrer-Policy: no-referrer\r\n";
  answer += "X-Content-Type-Options: nosniff\r\n";
  answer += "Connection: close\r\n\r\n";
  return head_only ? answer : answer + page;
}

}  // namespace mail_oauth::desktop
