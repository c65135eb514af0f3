// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/probe_walk.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "base/i18n.h"
#include "base/peer_text.h"
#include "etpan/start_tls.h"

namespace mail_oauth::etpan {

namespace {

constexpr guint kConnectSeconds = 30;
constexpr time_t kGoodbyeSeconds = 2;
constexpr std::size_t kBuffer = 8192;

std::unique_ptr<ProbeSession> session_for(Protocol protocol, std::chrono::seconds patience) {
  switch (protocol) {
    case Protocol::kImap:
      return imap_probe_session(patience);
    case Protocol::kPop:
      return pop_probe_session(patience);
    case Protocol::kSmtp:
      break;
  }
  return smtp_probe_session(patience);
}

MailFinding finding(std::string words) { return {std::move(words), {}}; }

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

Error no_tls() {
  return make_error(Error::Kind::kTransient,
                    _("The encrypted connection to the mail server could not be set up."), "tls");
}

}  // namespace

ProbeWalk::ProbeWalk(MailProbeTarget target, std::chrono::seconds patience)
    : target_(std::move(target)),
      patience_(patience),
      server_(target_.provider.servers.at(target_.protocol)),
      cancellable_(GRef<GCancellable>::adopt(g_cancellable_new())),
      session_(session_for(target_.protocol, patience_)) {
  if (target_.tokens) door_.emplace(*target_.tokens, target_.grant, target_.protocol);
}

ProbeWalk::~ProbeWalk() {
  if (waiting_) mailstream_close(waiting_);
  if (socket_ >= 0) close(socket_);
}

Result<MailFinding> ProbeWalk::run(MailLink link) {
  switch (link) {
    case MailLink::kConnect:
      return connect();
    case MailLink::kTls:
      return begin_encryption();
    case MailLink::kCertificate:
      return check_certificate();
    case MailLink::kGreeting:
      return hear_greeting();
    case MailLink::kCapabilities:
      return ask_capabilities();
    case MailLink::kLogin:
      return sign_in();
    case MailLink::kMailbox: {
      const AnswerLimit limit(mailstream_get_low(stream()), patience_);
      auto words = session_->open_mailbox(target_);
      return words ? Result<MailFinding>(finding(*std::move(words))) : words.error();
    }
    case MailLink::kMessage: {
      const AnswerLimit limit(mailstream_get_low(stream()), patience_);
      auto words = session_->send_message(target_);
      return words ? Result<MailFinding>(finding(*std::move(words))) : words.error();
    }
  }
  return make_error(Error::Kind::kInternal, _("Something went wrong inside."));
}

void ProbeWalk::interrupt() {
  if (door_) door_->close();
  g_cancellable_cancel(cancellable_.get());
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!connection_) return;
  g_socket_shutdown(g_socket_connection_get_socket(connection_.get()), TRUE, TRUE, nullptr);
}

void ProbeWalk::hang_up(bool politely) {
  std::optional<AnswerLimit> limit;
  if (mailstream* open = session_->stream()) {
    mailstream_low_set_timeout(mailstream_get_low(open), kGoodbyeSeconds);
    limit.emplace(mailstream_get_low(open), std::chrono::seconds(kGoodbyeSeconds));
  }
  if (!politely) session_->drop();
  session_.reset();
}

Result<MailFinding> ProbeWalk::connect() {
  const auto client = GRef<GSocketClient>::adopt(g_socket_client_new());
  g_socket_client_set_timeout(client.get(), kConnectSeconds);
  g_socket_client_set_enable_proxy(client.get(), FALSE);  // mail programs use none
  const auto address = GRef<GSocketConnectable>::adopt(
      g_network_address_new(server_.host.c_str(), static_cast<guint16>(server_.port)));
  GError* raw = nullptr;
  auto connection = GRef<GSocketConnection>::adopt(
      g_socket_client_connect(client.get(), address.get(), cancellable_.get(), &raw));
  const GErrorPtr error(raw);
  if (!connection) {
    return make_error(
        Error::Kind::kTransient,
        format(_("{1} cannot be reached at port {2}: {3}"),
               {server_.host, std::to_string(server_.port), error ? error->message : ""}),
        "connection");
  }
  const auto taken = take(std::move(connection));
  if (!taken) return taken.error();
  return finding({});
}

/// libetpan wants a blocking socket that it may close.
Result<void> ProbeWalk::take(GRef<GSocketConnection> connection) {
  const int fd = g_socket_get_fd(g_socket_connection_get_socket(connection.get()));
  socket_ = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  const int flags = socket_ < 0 ? -1 : fcntl(socket_, F_GETFL);
  if (flags < 0 || fcntl(socket_, F_SETFL, flags & ~O_NONBLOCK) != 0) return connection_lost();
  const std::lock_guard<std::mutex> lock(mutex_);
  connection_ = std::move(connection);
  if (g_cancellable_is_cancelled(cancellable_.get())) return connection_lost();
  return {};
}

void ProbeWalk::take_stream(mailstream_low* low) {
  mailstream_low_set_timeout(low, patience_.count());
  waiting_ = mailstream_new(low, kBuffer);
  socket_ = -1;
}

mailstream* ProbeWalk::stream() const { return waiting_ ? waiting_ : session_->stream(); }

Result<MailFinding> ProbeWalk::begin_encryption() {
  if (server_.tls == TlsMode::kStartTls) {
    const auto begun = session_->start_tls(server_.host);
    if (!begun) return begun.error();
    return finding("STARTTLS");
  }
  mailstream_low* low = begin_tls(socket_, server_.host, patience_.count());
  if (!low) return no_tls();
  take_stream(low);
  return finding({});
}

Result<MailFinding> ProbeWalk::check_certificate() {
  auto anchors = crypto::TrustAnchors::of_system(target_.provider.ca_file);
  if (!anchors) return anchors.error();
  anchors_.emplace(*std::move(anchors));
  const auto fit = check_transport(stream(), {server_.host, server_.port, &*anchors_, false});
  if (!fit) return fit.error();
  return finding(format(_("holds for {}"), {server_.host}));
}

Result<MailFinding> ProbeWalk::hear_greeting() {
  if (!waiting_) take_stream(mailstream_low_socket_open(socket_));
  const AnswerLimit limit(mailstream_get_low(waiting_), patience_);
  // The session, or on failure SMTP's mailsmtp_connect(), closes it.
  auto words = session_->greet(std::exchange(waiting_, nullptr));
  if (!words) return words.error();
  return finding(*std::move(words));
}

Result<MailFinding> ProbeWalk::ask_capabilities() {
  Stream patient(stream(), patience_);
  const auto dialogue = session_->dialogue(patient);
  const auto offered = dialogue->offered();
  if (!offered) return offered.error();
  MailFinding found;
  for (const std::string& feature : dialogue->features())
    found.items.push_back(peer_words(feature));
  found.words = offered->empty() ? _("no way to sign in is offered")
                                 : format(_("sign-in by {}"), {peer_words(joined(*offered))});
  return found;
}

Result<MailFinding> ProbeWalk::sign_in() {
  if (!door_) return make_error(Error::Kind::kInternal, _("Something went wrong inside."));
  bool renewed = false;
  Login login;
  login.user = target_.user;
  login.peer = {server_.host, server_.port, &*anchors_, false};
  login.tokens = door_->tokens();
  const auto tell = login.tokens.refused;
  login.tokens.refused = [&renewed, &tell](std::string_view token) {
    renewed = true;
    tell(token);
  };
  login.patience = patience_;
  login.probe = false;  // a link of its own
  follow_manifest(login, target_.provider);
  const auto done = session_->login(login);
  if (!done) return done.error();
  const std::string_view name = mechanism_name(*done);
  return finding(renewed ? format(_("{1} as {2}, with a second token: the first was refused"),
                                  {name, target_.user})
                         : format(_("{1} as {2}"), {name, target_.user}));
}

}  // namespace mail_oauth::etpan
