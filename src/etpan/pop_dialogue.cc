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

class PopDialogue : public Dialogue {
 public:
  PopDialogue(mailpop3* session, Stream& stream) : Dialogue(stream), session_(session) {}

  Protocol protocol() const override { return Protocol::kPop; }
  bool ready() const override { return session_->pop3_state == kAuthorization; }

  Result<std::vector<std::string>> offered() override {
    clist* answer = nullptr;
    const int result = mailpop3_capa(session_, &answer);
    if (result == MAILPOP3_ERROR_STREAM) return connection_lost();
    // A server without CAPA offers nothing that we could use.
    if (result != MAILPOP3_NO_ERROR || !answer) return std::vector<std::string>();
    features_.clear();
    std::vector<std::string> mechanisms;
    for (clistiter* at = clist_begin(answer); at; at = clist_next(at)) {
      const auto* row = static_cast<const struct mailpop3_capa*>(clist_content(at));
      const bool sasl = g_ascii_strcasecmp(row->cap_name, "SASL") == 0;
      std::string feature = row->cap_name;
      for (clistiter* word = clist_begin(row->cap_param); word; word = clist_next(word)) {
        const auto* text = static_cast<const char*>(clist_content(word));
        if (sasl) mechanisms.emplace_back(text);
        feature += ' ';
        feature += text;
      }
      features_.push_back(std::move(feature));
    }
    mailpop3_capa_resp_free(answer);
    return mechanisms;
  }

  std::vector<std::string> features() const override { return features_; }

  bool one_line(std::size_t) const override { return false; }
  std::size_t command_size() const override { return std::strlen("AUTH "); }

  bool begin(std::string_view mechanism) override {
    return stream().add("AUTH ") && stream().add(mechanism);
  }

  Result<Reply> hear() override {
    const char* line =
        mailstream_read_line_remove_eol(stream().get(), session_->pop3_stream_buffer);
    if (!line || !*line) return connection_lost();
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
  mailpop3* session_;
  std::vector<std::string> features_;
};

}  // namespace

std::unique_ptr<Dialogue> pop_dialogue(mailpop3* session, Stream& stream) {
  return std::make_unique<PopDialogue>(session, stream);
}

}  // namespace mail_oauth::etpan
