// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an answer over HTTP/1 says (RFC 9112), piece by piece as Boost.Beast reads it.
//
// Beast's own message throws where a header is longer than 64 KiB. This one keeps what the answer
// needs, the body in memory that is gone afterwards, and throws nothing but bad_alloc.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "net/body_buffer.h"
#include "ports/http_client.h"

namespace mail_oauth::net {

class AnswerParser : public boost::beast::http::basic_parser<false> {
 public:
  static constexpr std::uint32_t kMostHeader = 256 * 1024;

  AnswerParser();

  int status() const { return status_; }
  /// An interim answer has no body, and is not the one that counts (RFC 9110 section 15.2).
  bool interim() const { return status_ >= 100 && status_ < 200; }
  /// RFC 9110 section 15.3.
  bool success() const { return status_ >= 200 && status_ < 300; }
  /// What was read so far; names in lower case, several of one name in one line with commas between
  /// (RFC 9110 section 5.3). Trailers are left out.
  HttpAnswer answer() const;

 private:
  using Text = boost::beast::string_view;
  using ErrorCode = boost::system::error_code;
  using Field = boost::beast::http::field;

  void on_request_impl(boost::beast::http::verb, Text, Text, int, ErrorCode& error) override;
  void on_response_impl(int status, Text reason, int version, ErrorCode& error) override;
  void on_field_impl(Field, Text name, Text value, ErrorCode& error) override;
  void on_header_impl(ErrorCode& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode& error) override;
  std::size_t on_body_impl(Text piece, ErrorCode& error) override;
  void on_chunk_header_impl(std::uint64_t size, Text extensions, ErrorCode& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t left, Text piece, ErrorCode& error) override;
  void on_finish_impl(ErrorCode& error) override;
  /// Pure since Boost 1.84, unknown before.
  // NOLINTNEXTLINE(modernize-use-override)
  virtual void on_trailer_field_impl(Field, Text name, Text value, ErrorCode& error);

  int status_ = 0;
  bool in_head_ = true;
  std::map<std::string, std::string> headers_;
  BodyBuffer body_;
  std::size_t size_ = 0;
};

}  // namespace mail_oauth::net
