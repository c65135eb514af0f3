// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/start_tls.h"

#include <gio/gio.h>
#include <libetpan/mailimap.h>
#include <libetpan/mailpop3.h>
#include <libetpan/mailsmtp.h>

#include "base/i18n.h"
#include "base/peer_text.h"
#include "etpan/answer_limit.h"
#include "etpan/smtp_answer.h"
#include "etpan/stream.h"
#include "oauth/protocol.h"

namespace mail_oauth::etpan {

namespace {

Error refused(Protocol protocol, const char* words) {
  return make_error(
      Error::Kind::kRefused,
      format(_("The {1} server does not begin an encrypted connection (STARTTLS): {2}"),
             {protocol_title(protocol), peer_words(words ? words : "")}),
      "no-tls");
}

Error injected() {
  return make_error(
      Error::Kind::kProtocol,
      _("Something followed the server's answer to STARTTLS. Somebody may be interfering "
        "with the connection."),
      "leftover");
}

void name_host(mailstream_ssl_context* context, void* host) {
  mailstream_ssl_set_server_name(context, static_cast<char*>(host));
}

Result<void> upgrade(mailstream* stream, const std::string& host, time_t limit) {
  mailstream_low* plain = mailstream_get_low(stream);
  const int fd = mailstream_low_get_fd(plain);
  mailstream_low* encrypted = fd < 0 ? nullptr : begin_tls(fd, host, limit);
  if (!encrypted) {
    return make_error(Error::Kind::kTransient,
                      _("The encrypted connection to the mail server could not be set up."), "tls");
  }
  mailstream_low_free(plain);
  mailstream_set_low(stream, encrypted);
  return {};
}

}  // namespace

mailstream_low* begin_tls(int fd, const std::string& host, time_t limit) {
  ReadWatch watch(fd);
  watch.arm(ReadWatch::Clock::now() + host_limit(limit));
  mailstream_low* encrypted = nullptr;
  // RFC 6066 section 3: addresses are not named.
  if (host.empty() || g_hostname_is_ip_address(host.c_str())) {
    encrypted = mailstream_low_tls_open_timeout(fd, limit);
  } else {
    std::string name = host;
    encrypted = mailstream_low_tls_open_with_callback_timeout(fd, limit, name_host, name.data());
  }
  if (!encrypted) watch.stop_reading();
  return encrypted;
}

Result<void> start_tls(mailimap* session, const std::string& host, std::chrono::seconds patience) {
  int result = MAILIMAP_NO_ERROR;
  {
    const Stream patient(session->imap_stream, patience);
    result = mailimap_starttls(session);
  }
  if (session->imap_stream->read_buffer_len != 0) return injected();
  if (result == MAILIMAP_ERROR_STARTTLS || result == MAILIMAP_ERROR_PROTOCOL) {
    return refused(Protocol::kImap, session->imap_response);
  }
  if (result != MAILIMAP_NO_ERROR) return connection_lost();
  return upgrade(session->imap_stream, host, session->imap_timeout);
}

Result<void> start_tls(mailpop3* session, const std::string& host, std::chrono::seconds patience) {
  int result = MAILPOP3_NO_ERROR;
  {
    const Stream patient(session->pop3_stream, patience);
    result = mailpop3_stls(session);
  }
  if (session->pop3_stream->read_buffer_len != 0) return injected();
  // Then the words are still those of the greeting.
  if (result == MAILPOP3_ERROR_STREAM) return connection_lost();
  if (result != MAILPOP3_NO_ERROR && session->pop3_response) {
    return refused(Protocol::kPop, session->pop3_response);
  }
  if (result != MAILPOP3_NO_ERROR) return connection_lost();
  return upgrade(session->pop3_stream, host, session->pop3_timeout);
}

Result<void> start_tls(mailsmtp* session, const std::string& host, std::chrono::seconds patience) {
  int result = MAILSMTP_NO_ERROR;
  {
    Stream patient(session->stream, patience);
    const auto said = say_ehlo(session, patient);
    if (!said) return said.error();
    result = mailesmtp_starttls(session);
  }
  if (session->stream->read_buffer_len != 0) return injected();
  if (result == MAILSMTP_ERROR_STREAM || result == MAILSMTP_ERROR_STARTTLS_TEMPORARY_FAILURE) {
    return connection_lost();
  }
  if (result != MAILSMTP_NO_ERROR) return refused(Protocol::kSmtp, session->response);
  return upgrade(session->stream, host, session->smtp_timeout);
}

}  // namespace mail_oauth::etpan
