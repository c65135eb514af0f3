// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a web server sends, in pieces of any size.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "fuzz/targets.h"
#include "net/answer_parser.h"

namespace mail_oauth::fuzz {

void http_answer(std::string_view bytes) {
  const std::size_t piece = take_byte(bytes) + 1;
  net::AnswerParser parser;
  parser.eager(true);
  std::string unread;
  boost::system::error_code error = boost::beast::http::error::need_more;
  while (!parser.is_done() && !bytes.empty() &&
         (!error || error == boost::beast::http::error::need_more)) {
    const std::size_t size = std::min(piece, bytes.size());
    unread.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    const std::size_t used = parser.put(boost::asio::buffer(unread), error);
    promise(used <= unread.size(), "no more is read than there is");
    unread.erase(0, used);
  }
  const HttpAnswer answer = parser.answer();
  promise(answer.body.size() <= net::BodyBuffer::kLimit, "a body has a limit");
  promise(!parser.interim() || answer.body.empty(), "an interim answer has no body");
  for (const auto& [name, value] : answer.headers) {
    promise(
        !name.empty() && std::none_of(name.begin(), name.end(),
                                      [](char c) { return c <= ' ' || (c >= 'A' && c <= 'Z'); }),
        "a name of a header is a word in lower case");
    promise(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
            "a header is one line");
  }
}

}  // namespace mail_oauth::fuzz
