// SPDX-License-Identifier: GPL-3.0-or-later
//
// SMTP (RFC 5321, 4954). The response stands on the line of the command only while that line is one
// that every server takes.
#include <glib.h>
#include <libetpan/mailsmtp.h>

#include <cstring>
#include <utility>

#include "etpan/dialogue.h"
#include "etpan/refusal.h"
#include "etpan/smtp_answer.h"

namespace mail_oauth::etpan {

namespace {

/// The mechanisms of an EHLO answer as libetpan keeps it: one keyword a line, without codes.
/// "AUTH=" is what old servers write.
std::vector<std::string> auth_words(std::string_view response) {
  std::vector<std::string> found;
  while (!response.empty()) {
    const auto end = response.find('\n');
    const std::string line(response.substr(0, end));
    response = end == std::string_view::npos ? std::string_view() : response.substr(end + 1);
    const bool auth = g_ascii_strncasecmp(line.c_str(), "AUTH ", 5) == 0 ||
                      g_ascii_strncasecmp(line.c_str(), "AUTH=", 5) == 0;
    if (!auth) continue;
    for (auto& word : words_of(std::string_view(line).substr(5))) found.push_back(std::move(word));
  }
  return found;
}

class SmtpDialogue : public Dialogue {
 public:
  SmtpDialogue(mailsmtp* session, Stream& stream, std::size_t line_limit)
      : Dialogue(stream), session_(session), line_limit_(line_limit) {}

  Protocol protocol() const override { return Protocol::kSmtp; }
  bool ready() const override { return true; }

  Result<std::vector<std::string>> offered() override {
    auto words = auth_words(session_->response ? session_->response : "");
    if (!words.empty()) return words;
    // The host's last command was another one, or its EHLO was before STARTTLS.
    const auto said = say_ehlo(session_, stream());
    if (!said) return said.error();
    if (!session_->response) return connection_lost();
    return auth_words(session_->response);
  }

  /// The first line is a greeting.
  std::vector<std::string> features() const override {
    std::vector<std::string> lines;
    std::string_view left(session_->response ? session_->response : "");
    for (bool first = true; !left.empty(); first = false) {
      const auto end = left.find('\n');
      if (!first && end != 0) lines.emplace_back(left.substr(0, end));
      left = end == std::string_view::npos ? std::string_view() : left.substr(end + 1);
    }
    return lines;
  }

  bool one_line(std::size_t size) const override { return size <= line_limit_; }
  std::size_t command_size() const override { return std::strlen("AUTH "); }

  bool begin(std::string_view mechanism) override {
    return stream().add("AUTH ") && stream().add(mechanism);
  }

  Result<Reply> hear() override {
    auto answer = read_smtp_answer(session_, stream(), ' ');
    if (!answer) return answer.error();
    Reply reply;
    reply.number = answer->number;
    reply.text = std::move(answer->text);
    return finished(std::move(reply));
  }

  void signed_in() override {}

  Result<Reply> probe() override { return Reply{Reply::Kind::kDone, {}, {}}; }

 private:
  Result<Reply> finished(Reply reply) {
    session_->response_code = reply.number;
    if (mmap_string_assign(session_->response_buffer, reply.text.c_str())) {
      session_->response = session_->response_buffer->str;
    }
    if (reply.number == 334) {
      reply.kind = Reply::Kind::kContinue;
      return reply;
    }
    reply.code = enhanced_status(reply.text);
    if (reply.number == 421) {
      reply.kind = Reply::Kind::kBye;
    } else if (reply.number / 100 == 2) {
      reply.kind = Reply::Kind::kDone;
    } else if (reply.number / 100 == 4 || reply.number / 100 == 5) {
      reply.kind = Reply::Kind::kNo;
      if (reply.code.empty()) reply.code = std::to_string(reply.number);
    } else {
      return unexpected_answer(Protocol::kSmtp);
    }
    return reply;
  }

  mailsmtp* session_;
  std::size_t line_limit_;
};

}  // namespace

std::unique_ptr<Dialogue> smtp_dialogue(mailsmtp* session, Stream& stream, std::size_t line_limit) {
  return std::make_unique<SmtpDialogue>(session, stream, line_limit);
}

}  // namespace mail_oauth::etpan
