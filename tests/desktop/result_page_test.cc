// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/result_page.h"

#include "support/catch.h"

using mail_oauth::desktop::result_page;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the page escapes what it shows", "[desktop][result_page]") {
  const std::string page = result_page(400, "<b>&", "\"><script>alert('x')</script>");

  CHECK(has(page, "<h1>&lt;b&gt;&amp;</h1>"));
  CHECK(has(page, "<p>&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</p>"));
  CHECK_FALSE(has(page, "<script"));
}

TEST_CASE("the page is kept out of caches, frames and Referer", "[desktop][result_page]") {
  const std::string page = result_page(200, "t", "x");
  CHECK(page.rfind("HTTP/1.1 200 OK\r\n", 0) == 0);
  CHECK(has(page, "\r\nCache-Control: no-store\r\n"));
  CHECK(has(page, "\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "));
  CHECK(has(page, "\r\nReferrer-Policy: no-referrer\r\n"));
  CHECK(has(page, "\r\nX-Content-Type-Options: nosniff\r\n"));
  CHECK(has(page, "\r\nConnection: close\r\n"));
}

TEST_CASE("the length that is told is the length of the page", "[desktop][result_page]") {
  const std::string page = result_page(200, "Grüße", "x");
  const std::size_t body = page.find("\r\n\r\n") + 4;

  CHECK(has(page, "Content-Length: " + std::to_string(page.size() - body) + "\r\n"));
  CHECK(result_page(200, "Grüße", "x", true) == page.substr(0, body));
}
