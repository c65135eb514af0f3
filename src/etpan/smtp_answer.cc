// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/smtp_answer.h"

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cstring>
#include <string_view>

#include "etpan/dialogue.h"
#include "etpan/refusal.h"

namespace mail_oauth::etpan {

namespace {

constexpr int kMostLines = 100;

struct Extension {
  const char* keyword;
  int flag;
};

constexpr std::array<Extension, 7> kExtensions = {{{"EXPN", MAILSMTP_ESMTP_EXPN},
                                                   {"8BITMIME", MAILSMTP_ESMTP_8BITMIME},
                                                   {"SIZE", MAILSMTP_ESMTP_SIZE},
                                                   {"ETRN", MAILSMTP_ESMTP_ETRN},
                                                   {"STARTTLS", MAILSMTP_ESMTP_STARTTLS},
                                                   {"DSN", MAILSMTP_ESMTP_DSN},
                                                   {"PIPELINING", MAILSMTP_ESMTP_PIPELINING}}};

bool three_digits(std::string_view line) {
  return line.size() >= 3 && std::isdigit(static_cast<unsigned char>(line[0])) &&
         std::isdigit(static_cast<unsigned char>(line[1])) &&
         std::isdigit(static_cast<unsigned char>(line[2]));
}

/// RFC 5321 section 4.1.3.
std::string address_literal(Stream& stream) {
  sockaddr_storage own = {};
  socklen_t size = sizeof own;
  const int fd = mailstream_low_get_fd(mailstream_get_low(stream.get()));
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (fd < 0 || getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) != 0) own = {};
  if (own.ss_family == AF_INET6) {
    sockaddr_in6 six = {};
    std::memcpy(&six, &own, sizeof six);
    inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
    return std::string("[IPv6:") + text.data() + "]";
  }
  sockaddr_in four = {};
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);  // where the connection is no socket
  if (own.ss_family == AF_INET) std::memcpy(&four, &own, sizeof four);
  inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
  return std::string("[") + text.data() + "]";
}

void keep_extension(mailsmtp* session, std::string_view line) {
  const auto words = words_of(line);
  if (words.empty()) return;
  for (const Extension& known : kExtensions) {
    if (g_ascii_strcasecmp(words[0].c_str(), known.keyword) == 0) session->esmtp |= known.flag;
  }
  if (g_ascii_strcasecmp(words[0].c_str(), "SIZE") == 0 && words.size() > 1) {
    std::size_t most = 0;
    const std::string& size = words[1];
    const auto read = std::from_chars(size.data(), size.data() + size.size(), most);
    if (read.ec == std::errc()) session->smtp_max_msg_size = most;
  }
}

}  // namespace

Result<SmtpAnswer> read_smtp_answer(mailsmtp* session, Stream& stream, char separator) {
  SmtpAnswer answer;
  for (int count = 0; count < kMostLines; ++count) {
    const char* read = stream.read_line(session->line_buffer);
    if (!read || !*read) return connection_lost();
    const std::string_view line(read);
    if (!three_digits(line)) return unexpected_answer(Protocol::kSmtp);
    answer.number = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (count > 0) answer.text += separator;
    answer.text += line.substr(std::min<std::size_t>(line.size(), 4));
    if (line.size() == 3 || line[3] != '-') return answer;
  }
  return unexpected_answer(Protocol::kSmtp);
}

Result<void> say_ehlo(mailsmtp* session, Stream& stream) {
  if (!stream.add("EHLO " + address_literal(stream) + "\r\n") || !stream.send()) {
    return connection_lost();
  }
  const auto answer = read_smtp_answer(session, stream, '\n');
  if (!answer) return answer.error();
  session->response_code = answer->number;
  session->response = mmap_string_assign(session->response_buffer, answer->text.c_str())
                          ? session->response_buffer->str
                          : nullptr;
  if (answer->number / 100 != 2) return unexpected_answer(Protocol::kSmtp);
  session->esmtp = MAILSMTP_ESMTP;
  session->auth = MAILSMTP_AUTH_NOT_CHECKED;
  session->smtp_max_msg_size = 0;
  std::string_view left(answer->text);
  while (!left.empty()) {
    const auto end = left.find('\n');
    keep_extension(session, left.substr(0, end));
    left = end == std::string_view::npos ? std::string_view() : left.substr(end + 1);
  }
  return {};
}

}  // namespace mail_oauth::etpan
