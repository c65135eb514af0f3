// SPDX-License-Identifier: GPL-3.0-or-later
//
// A whole mail server: greeting, capabilities (EHLO, CAPA, CAPABILITY) and answers to a login, read
// by libetpan and by us.
#include <libetpan/libetpan.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

#include "etpan/dialogue.h"
#include "fuzz/targets.h"

namespace mail_oauth::fuzz {

namespace {

constexpr std::size_t kLongest = 64 * 1024;  // fits a socket's buffer
constexpr std::size_t kSmtpLine = 512;

/// Our end of a connection whose other end has said all that it will.
int connected_to(std::string_view server) {
  int ends[2];
  promise(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "there are sockets");
  const auto sent = send(ends[1], server.data(), server.size(), MSG_NOSIGNAL);
  promise(sent == static_cast<ssize_t>(server.size()), "the server could say it");
  shutdown(ends[1], SHUT_WR);
  // The other end stays open for what we say: its number is kept by the duplicate that reads.
  static int open_end = -1;
  if (open_end >= 0) close(open_end);
  open_end = ends[1];
  return ends[0];
}

void talk(etpan::Dialogue& dialogue) {
  const auto offered = dialogue.offered();
  if (!offered) promise_fit(offered.error());
  (void)dialogue.features();
  if (!dialogue.begin("XOAUTH2") || !dialogue.stream().add("\r\n") || !dialogue.stream().send()) {
    return;
  }
  for (int answers = 0; answers < 3; ++answers) {
    const auto reply = dialogue.hear();
    if (!reply) return promise_fit(reply.error());
  }
  if (const auto reply = dialogue.probe(); !reply) promise_fit(reply.error());
}

void talk_imap(mailstream* stream) {
  const std::unique_ptr<mailimap, void (*)(mailimap*)> session(mailimap_new(0, nullptr),
                                                               mailimap_free);
  if (mailimap_connect(session.get(), stream) > MAILIMAP_NO_ERROR_NON_AUTHENTICATED) return;
  etpan::Stream borrowed(session->imap_stream, std::chrono::seconds(5));
  talk(*etpan::imap_dialogue(session.get(), borrowed));
}

void talk_pop(mailstream* stream) {
  const std::unique_ptr<mailpop3, void (*)(mailpop3*)> session(mailpop3_new(0, nullptr),
                                                               mailpop3_free);
  if (mailpop3_connect(session.get(), stream) != MAILPOP3_NO_ERROR) return;
  etpan::Stream borrowed(session->pop3_stream, std::chrono::seconds(5));
  talk(*etpan::pop_dialogue(session.get(), borrowed));
}

void talk_smtp(mailstream* stream) {
  const std::unique_ptr<mailsmtp, void (*)(mailsmtp*)> session(mailsmtp_new(0, nullptr),
                                                               mailsmtp_free);
  if (mailsmtp_connect(session.get(), stream) != MAILSMTP_NO_ERROR) return;
  etpan::Stream borrowed(session->stream, std::chrono::seconds(5));
  talk(*etpan::smtp_dialogue(session.get(), borrowed, kSmtpLine));
}

}  // namespace

void mail_server(std::string_view bytes) {
  const unsigned protocol = take_byte(bytes) % 3;
  auto* stream = mailstream_socket_open(connected_to(bytes.substr(0, kLongest)));
  promise(stream != nullptr, "there is a stream");
  if (protocol == 0) return talk_imap(stream);
  if (protocol == 1) return talk_pop(stream);
  talk_smtp(stream);
}

}  // namespace mail_oauth::fuzz
