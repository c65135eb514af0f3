// SPDX-License-Identifier: GPL-3.0-or-later
//
// POP3 (RFC 1939, 2449, 5034). Always two lines: Exchange Online closes the connection otherwise.
#include <glib.h>
#include <libetpan/mailpop3.h>

#include <cstring>

#include "base/i18n.h"
#include "etpan/dialogue.h"
#include "etpan/refusal.h"

namespace mail_oauth::etpan {

namespace {

// libetpan's own states, which its headers do not show.
constexpr int kAuthorization = 1;
constexpr int kTransaction = 2;
constexpr int kMostLines = 100;

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

class PopDialogue : public Dialogue {
 public:
  PopDialogue(mailpop3* session, Stream& stream) : Dialogue(stream), session_(session) {}

  Protocol protocol() const override { return Protocol::kPop; }
  bool ready() const override { return session_->pop3_state == kAuthorization; }

  /// Not mailpop3_capa: when the connection ends within the list it reads on for ever, and takes
  /// memory with each line that is not there.
  Result<std::vector<std::string>> offered() override {
    if (!stream().add("CAPA\r\n") || !stream().send()) return connection_lost();
    const auto begun = hear();
    if (!begun && begun.error().kind == Error::Kind::kTransient) return begun.error();
    // A server without CAPA offers nothing that we could use.
    if (!begun || begun->kind != Reply::Kind::kDone) return std::vector<std::string>();
    features_.clear();
    std::vector<std::string> mechanisms;
    for (int lines = 0; lines < kMostLines; ++lines) {
      const char* line = read_line();
      if (!line) return connection_lost();
      if (std::strcmp(line, ".") == 0) return mechanisms;
      const auto words = words_of(line);
      if (words.empty()) continue;
      if (g_ascii_strcasecmp(words[0].c_str(), "SASL") == 0) {
        mechanisms.insert(mechanisms.end(), words.begin() + 1, words.end());
      }
      features_.push_back(joined(words));
    }
    return unexpected_answer(Protocol::kPop);
  }

  std::vector<std::string> features() const override { return features_; }

  bool one_line(std::size_t) const override { return false; }
  std::size_t command_size() const override { return std::strlen("AUTH "); }

  bool begin(std::string_view mechanism) override {
    return stream().add("AUTH ") && stream().add(mechanism);
  }

  Result<Reply> hear() override {
    const char* line = read_line();
    if (!line) return connection_lost();
    std::string text(line);
    Reply reply;
    if (text[0] == '+' && (text.size() == 1 || text[1] == ' ')) {
      reply.kind = Reply::Kind::kContinue;
      reply.text = text.substr(text.size() > 1 ? 2 : 1);
      return reply;
    }
    if (text.rfind("+OK", 0) == 0) {
      reply.kind = Reply::Kind::kDone;
      text.erase(0, 3);
    } else if (text.rfind("-ERR", 0) == 0) {
      reply.kind = Reply::Kind::kNo;
      text.erase(0, 4);
    } else {
      return unexpected_answer(Protocol::kPop);
    }
    text.erase(0, text.find_first_not_of(' '));
    reply.code = take_response_code(text);
    reply.text = text;
    if (mmap_string_assign(session_->pop3_response_buffer, text.c_str())) {
      session_->pop3_response = session_->pop3_response_buffer->str;
    }
    return reply;
  }

  void signed_in() override { session_->pop3_state = kTransaction; }

  Result<Reply> probe() override {
    if (!stream().add("STAT\r\n") || !stream().send()) return connection_lost();
    return hear();
  }

 private:
  /// Null at the end of the connection, which libetpan tells as an empty line. POP3 has no other.
  const char* read_line() {
    const char* line = stream().read_line(session_->pop3_stream_buffer);
    return line && *line ? line : nullptr;
  }

  mailpop3* session_;
  std::vector<std::string> features_;
};

}  // namespace

std::unique_ptr<Dialogue> pop_dialogue(mailpop3* session, Stream& stream) {
  return std::make_unique<PopDialogue>(session, stream);
}

}  // namespace mail_oauth::etpan
