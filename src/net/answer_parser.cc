// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/answer_parser.h"

#include <glib.h>

#include <boost/beast/http/error.hpp>
#include <cstring>

#include "base/cptr.h"

namespace mail_oauth::net {

AnswerParser::AnswerParser() {
  header_limit(kMostHeader);
  body_limit(BodyBuffer::kLimit);
}

HttpAnswer AnswerParser::answer() const { return {status_, headers_, body_.copy(size_)}; }

void AnswerParser::on_response_impl(int status, Text, int, ErrorCode& error) {
  status_ = status;
  error = {};
}

void AnswerParser::on_field_impl(Field, Text name, Text value, ErrorCode& error) {
  error = {};
  if (!in_head_) return;
  const GCharPtr lower(g_ascii_strdown(name.data(), static_cast<gssize>(name.size())));
  std::string& all = headers_[lower.get()];
  if (!all.empty()) all += ", ";
  all.append(value.data(), value.size());
}

void AnswerParser::on_header_impl(ErrorCode& error) {
  in_head_ = false;
  error = {};
}

std::size_t AnswerParser::on_body_impl(Text piece, ErrorCode& error) {
  if (piece.size() > BodyBuffer::kLimit - size_) {
    error = boost::beast::http::error::body_limit;
    return 0;
  }
  std::memcpy(body_.bytes() + size_, piece.data(), piece.size());
  size_ += piece.size();
  error = {};
  return piece.size();
}

std::size_t AnswerParser::on_chunk_body_impl(std::uint64_t, Text piece, ErrorCode& error) {
  return on_body_impl(piece, error);
}

void AnswerParser::on_request_impl(boost::beast::http::verb, Text, Text, int, ErrorCode& error) {
  error = {};
}

void AnswerParser::on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode& error) {
  error = {};
}

void AnswerParser::on_chunk_header_impl(std::uint64_t, Text, ErrorCode& error) { error = {}; }

void AnswerParser::on_finish_impl(ErrorCode& error) { error = {}; }

void AnswerParser::on_trailer_field_impl(Field, Text, Text, ErrorCode& error) { error = {}; }

}  // namespace mail_oauth::net
