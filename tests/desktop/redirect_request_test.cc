// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/redirect_request.h"

#include <string>

#include "support/catch.h"

using namespace mail_oauth::desktop;

namespace {

int status_of(std::string_view received) {
  const auto read = read_request(received);
  if (const auto* bad = std::get_if<BadRequest>(&read)) return bad->status;
  return std::holds_alternative<RedirectRequest>(read) ? 200 : 0;
}

}  // namespace

TEST_CASE("read_request takes a browser's request apart", "[desktop][redirect_request]") {
  const std::string received =
      "GET /cb?code=a%20b&state=x?y HTTP/1.1\r\nHost: localhost:1234\r\nAccept: text/html\r\n\r\n";

  const auto read = read_request(received);

  REQUIRE(std::holds_alternative<RedirectRequest>(read));
  const auto& request = std::get<RedirectRequest>(read);
  CHECK(request.method == "GET");
  CHECK(request.path == "/cb");
  CHECK(request.query == "code=a%20b&state=x?y");
  CHECK(request.host == "localhost:1234");
}

TEST_CASE("read_request waits for the whole head", "[desktop][redirect_request]") {
  const std::string whole = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(status_of(whole.substr(0, size)) == 0);
  }
  CHECK(status_of(whole) == 200);
  CHECK(status_of(whole + "and more") == 200);
}

TEST_CASE("read_request judges what is not quite HTTP", "[desktop][redirect_request]") {
  const auto [received, status] = GENERATE(table<std::string, int>({
      {"\r\nGET / HTTP/1.1\r\nhOsT:h\r\n\r\n", 200},  // RFC 9112 2.2
      {"GET / HTTP/1.0\r\nHost: h\r\n\r\n", 200},
      {"GET / HTTP/1.1\r\n\r\n", 400},                        // no Host
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},               // an empty one
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},  // two
      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"GET / HTTP/2\r\nHost: h\r\n\r\n", 400},
      {"GET /\r\nHost: h\r\n\r\n", 400},
      {"GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},  // as to a proxy
      {"GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"G@T / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\n folded: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nno colon\r\nHost: h\r\n\r\n", 400},
      {"\x16\x03\x01\x02", 400},  // TLS: told at once
  }));
  CAPTURE(received);
  CHECK(status_of(received) == status);
}

TEST_CASE("read_request takes 16 KiB and no more", "[desktop][redirect_request]") {
  const std::string front = "GET /?";
  const std::string back = " HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string fits(kLongestRequest - front.size() - back.size(), 'x');

  CHECK(status_of(front + fits + back) == 200);
  CHECK(status_of(front + fits + "x" + back) == 431);
  CHECK(status_of(front + std::string(kLongestRequest, 'x')) == 431);
}
