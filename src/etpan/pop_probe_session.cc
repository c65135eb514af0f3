// SPDX-License-Identifier: GPL-3.0-or-later
#include <libetpan/mailpop3.h>

#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/peer_text.h"
#include "etpan/probe_session.h"
#include "etpan/start_tls.h"

namespace mail_oauth::etpan {

namespace {

class PopProbeSession : public ProbeSession {
 public:
  explicit PopProbeSession(std::chrono::seconds patience)
      : patience_(patience), session_(mailpop3_new(0, nullptr)) {
    mailpop3_set_timeout(session_.get(), patience_.count());
  }

  Result<std::string> greet(mailstream* stream) override {
    if (mailpop3_connect(session_.get(), stream) == MAILPOP3_NO_ERROR) return peer_words(words());
    return no_greeting(Protocol::kPop, false, words());
  }

  Result<void> start_tls(const std::string& host) override {
    return etpan::start_tls(session_.get(), host, patience_);
  }
  mailstream* stream() override { return session_->pop3_stream; }
  void drop() override {
    if (auto* open = std::exchange(session_->pop3_stream, nullptr)) mailstream_close(open);
  }
  std::unique_ptr<Dialogue> dialogue(Stream& stream) override {
    return pop_dialogue(session_.get(), stream);
  }
  Result<Mechanism> login(const Login& login) override {
    return etpan::login(session_.get(), login);
  }

  Result<std::string> open_mailbox(const MailProbeTarget& target) override {
    const auto probed = etpan::open_mailbox(session_.get(), target.user, patience_);
    if (!probed) return probed.error();
    const std::string text = words();
    return format(_("messages: {}"), {peer_words(text.substr(0, text.find(' ')))});
  }

 private:
  const char* words() const { return session_->pop3_response ? session_->pop3_response : ""; }

  const std::chrono::seconds patience_;
  CPtr<mailpop3, mailpop3_free> session_;
};

}  // namespace

std::unique_ptr<ProbeSession> pop_probe_session(std::chrono::seconds patience) {
  return std::make_unique<PopProbeSession>(patience);
}

}  // namespace mail_oauth::etpan
