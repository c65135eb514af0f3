// SPDX-License-Identifier: GPL-3.0-or-later
#include <libetpan/mailsmtp.h>

#include <algorithm>
#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/peer_text.h"
#include "etpan/probe_session.h"
#include "etpan/refusal.h"
#include "etpan/start_tls.h"

namespace mail_oauth::etpan {

namespace {

/// Not longer than what libetpan's buffer of 513 bytes takes, and nothing that ends the path.
bool usable(const std::string& address) {
  return !address.empty() && address.size() <= 320 &&
         std::all_of(address.begin(), address.end(),
                     [](unsigned char c) { return c > 0x20 && c != 0x7f && c != '<' && c != '>'; });
}

Error unusable(const std::string& address) {
  return make_error(Error::Kind::kConfig,
                    format(_("\"{}\" cannot stand in a message as an address."), {address}));
}

class SmtpProbeSession : public ProbeSession {
 public:
  explicit SmtpProbeSession(std::chrono::seconds patience)
      : patience_(patience), session_(mailsmtp_new(0, nullptr)) {
    mailsmtp_set_timeout(session_.get(), patience_.count());
  }

  Result<std::string> greet(mailstream* stream) override {
    const int result = mailsmtp_connect(session_.get(), stream);
    if (result == MAILSMTP_NO_ERROR) return peer_words(words());
    return no_greeting(Protocol::kSmtp, result == MAILSMTP_ERROR_STREAM, words());
  }

  Result<void> start_tls(const std::string& host) override {
    return etpan::start_tls(session_.get(), host, patience_);
  }
  mailstream* stream() override { return session_->stream; }
  void drop() override {
    if (auto* open = std::exchange(session_->stream, nullptr)) mailstream_close(open);
  }
  std::unique_ptr<Dialogue> dialogue(Stream& stream) override {
    return smtp_dialogue(session_.get(), stream, 0);
  }
  Result<Mechanism> login(const Login& login) override {
    return etpan::login(session_.get(), login);
  }

  Result<std::string> open_mailbox(const MailProbeTarget& target) override {
    if (!usable(target.sender)) return unusable(target.sender);
    if (mailsmtp_mail(session_.get(), target.sender.c_str()) != MAILSMTP_NO_ERROR) {
      return refused(target);
    }
    if (mailsmtp_reset(session_.get()) != MAILSMTP_NO_ERROR) return refused(target);
    return format(_("may send as {}"), {target.sender});
  }

  Result<std::string> send_message(const MailProbeTarget& target) override {
    if (!usable(target.sender)) return unusable(target.sender);
    if (!usable(target.recipient)) return unusable(target.recipient);
    const std::string text = message(target);
    const bool sent =
        mailsmtp_mail(session_.get(), target.sender.c_str()) == MAILSMTP_NO_ERROR &&
        mailsmtp_rcpt(session_.get(), target.recipient.c_str()) == MAILSMTP_NO_ERROR &&
        mailsmtp_data(session_.get()) == MAILSMTP_NO_ERROR &&
        mailsmtp_data_message(session_.get(), text.data(), text.size()) == MAILSMTP_NO_ERROR;
    if (!sent) return refused(target);
    return format(_("from {1} to {2}: {3}"),
                  {target.sender, target.recipient, peer_words(words())});
  }

 private:
  const char* words() const { return session_->response ? session_->response : ""; }

  static std::string message(const MailProbeTarget& target) {
    const CPtr<GDateTime, g_date_time_unref> now(g_date_time_new_now_utc());
    const GCharPtr id(g_uuid_string_random());
    // RFC 5322 wants English names whatever the locale; the day of the week is optional.
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const GCharPtr time(g_date_time_format(now.get(), "%H:%M:%S +0000"));
    return "From: " + target.sender + "\r\nTo: " + target.recipient +
           "\r\nSubject: mail-oauth check\r\nDate: " +
           std::to_string(g_date_time_get_day_of_month(now.get())) + " " +
           kMonths[g_date_time_get_month(now.get()) - 1] + " " +
           std::to_string(g_date_time_get_year(now.get())) + " " + time.get() +
           "\r\nMessage-ID: <" + id.get() +
           "@mail-oauth.invalid>\r\nAuto-Submitted: auto-generated\r\n" +
           "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n" +
           "Content-Transfer-Encoding: 8bit\r\n\r\n" +
           _("This message was sent by \"mail-oauth check --send-test\". Nothing is to be done.") +
           "\r\n";
  }

  Error refused(const MailProbeTarget& target) const {
    Reply reply;
    reply.number = session_->response_code;
    reply.text = words();
    if (reply.text.empty() || reply.number / 100 < 4) return connection_lost();
    reply.kind = Reply::Kind::kNo;
    reply.code = enhanced_status(reply.text);
    if (reply.code.empty()) reply.code = std::to_string(reply.number);
    return sending_refused(reply, target.user, target.sender);
  }

  const std::chrono::seconds patience_;
  CPtr<mailsmtp, mailsmtp_free> session_;
};

}  // namespace

std::unique_ptr<ProbeSession> smtp_probe_session(std::chrono::seconds patience) {
  return std::make_unique<SmtpProbeSession>(patience);
}

}  // namespace mail_oauth::etpan
