// SPDX-License-Identifier: GPL-3.0-or-later
#include <libetpan/mailimap.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/peer_text.h"
#include "etpan/probe_session.h"
#include "etpan/refusal.h"
#include "etpan/start_tls.h"

namespace mail_oauth::etpan {

namespace {

class ImapProbeSession : public ProbeSession {
 public:
  explicit ImapProbeSession(std::chrono::seconds patience)
      : patience_(patience), session_(mailimap_new(0, nullptr)) {
    mailimap_set_timeout(session_.get(), patience_.count());
  }

  Result<std::string> greet(mailstream* stream) override {
    const int result = mailimap_connect(session_.get(), stream);
    if (result == MAILIMAP_NO_ERROR_NON_AUTHENTICATED) return words();
    // Somebody who is signed in before a token was sent is nobody whom we know.
    if (result == MAILIMAP_NO_ERROR_AUTHENTICATED) return unexpected_answer(Protocol::kImap);
    return no_greeting(Protocol::kImap, result == MAILIMAP_ERROR_STREAM, line());
  }

  Result<void> start_tls(const std::string& host) override {
    return etpan::start_tls(session_.get(), host, patience_);
  }
  mailstream* stream() override { return session_->imap_stream; }
  void drop() override {
    if (auto* open = std::exchange(session_->imap_stream, nullptr)) mailstream_close(open);
  }
  std::unique_ptr<Dialogue> dialogue(Stream& stream) override {
    return imap_dialogue(session_.get(), stream);
  }
  Result<Mechanism> login(const Login& login) override {
    return etpan::login(session_.get(), login);
  }

  Result<std::string> open_mailbox(const MailProbeTarget& target) override {
    const auto probed = etpan::open_mailbox(session_.get(), target.user, patience_);
    if (!probed) return probed.error();
    const int result = mailimap_examine(session_.get(), "INBOX");
    if (result == MAILIMAP_ERROR_STREAM) return connection_lost();
    if (result != MAILIMAP_NO_ERROR || !session_->imap_selection_info) {
      Reply reply;
      reply.kind = Reply::Kind::kNo;
      reply.text = session_->imap_response ? session_->imap_response : "";
      return mailbox_refused(Protocol::kImap, reply, target.user);
    }
    return format(_("INBOX, messages: {}"),
                  {std::to_string(session_->imap_selection_info->sel_exists)});
  }

 private:
  const char* line() const { return session_->imap_stream_buffer->str; }

  /// Of "* OK [CAPABILITY ...] Hello", the "Hello".
  std::string words() const {
    std::string text = line();
    text.erase(0, std::min(text.size(), std::strlen("* OK ")));
    take_response_code(text);
    return peer_words(text);
  }

  const std::chrono::seconds patience_;
  CPtr<mailimap, mailimap_free> session_;
};

}  // namespace

std::unique_ptr<ProbeSession> imap_probe_session(std::chrono::seconds patience) {
  return std::make_unique<ImapProbeSession>(patience);
}

}  // namespace mail_oauth::etpan
