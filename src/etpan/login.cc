// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/login.h"

#include <libetpan/mailimap.h>
#include <libetpan/mailpop3.h>
#include <libetpan/mailsmtp.h>

#include <memory>
#include <optional>
#include <utility>

#include "base/i18n.h"
#include "base/log.h"
#include "etpan/dialogue.h"
#include "etpan/quiet_log.h"
#include "etpan/refusal.h"
#include "ports/wait.h"

namespace mail_oauth::etpan {

namespace {

/// How one token fared: nothing means that the server took it.
using Outcome = Result<std::optional<Refusal>>;

class Exchange {
 public:
  Exchange(Dialogue& dialogue, const Login& login, Mechanism mechanism)
      : dialogue_(dialogue), login_(login), mechanism_(mechanism) {}

  Outcome attempt(const AccessToken& token) {
    const Peer& peer = login_.peer;
    const auto response = encoded_response(mechanism_, {login_.user, peer.host, peer.port}, token);
    if (!response) return response.error();
    const std::string_view name = mechanism_name(mechanism_);
    if (!dialogue_.begin(name)) return connection_lost();
    if (dialogue_.one_line(dialogue_.command_size() + name.size() + 1 + response->size() + 2)) {
      if (!dialogue_.stream().add(" ")) return connection_lost();
    } else {
      auto ready = go_ahead();
      if (!ready) return ready.error();
      if (*ready) return ready;
    }
    const QuietLog quiet;  // there are servers that answer with the line that they did not like
    if (!dialogue_.stream().send_private(*response)) return connection_lost();
    return verdict();
  }

 private:
  /// Sends the command alone. A refusal of it says nothing about the token.
  Outcome go_ahead() {
    if (!dialogue_.stream().add("\r\n") || !dialogue_.stream().send()) return connection_lost();
    auto reply = dialogue_.hear();
    if (!reply) return reply.error();
    if (reply->kind == Reply::Kind::kContinue) return std::optional<Refusal>();
    if (reply->kind == Reply::Kind::kDone) return unexpected_answer(dialogue_.protocol());
    Refusal refusal = judge(dialogue_.protocol(), *reply, std::nullopt, login_.user);
    refusal.stale = false;
    return std::optional<Refusal>(std::move(refusal));
  }

  Outcome verdict() {
    auto reply = dialogue_.hear();
    if (!reply) return reply.error();
    std::optional<Challenge> challenge;
    if (reply->kind == Reply::Kind::kContinue) {
      challenge = read_encoded_challenge(mechanism_, reply->text);
      if (!say_line(challenge_answer(mechanism_))) return connection_lost();
      reply = dialogue_.hear();
      if (!reply) return reply.error();
    }
    if (reply->kind == Reply::Kind::kContinue) return unexpected_answer(dialogue_.protocol());
    if (reply->kind == Reply::Kind::kDone && challenge) {
      return unexpected_answer(dialogue_.protocol());
    }
    if (reply->kind == Reply::Kind::kDone) return std::optional<Refusal>();
    return std::optional<Refusal>(judge(dialogue_.protocol(), *reply, challenge, login_.user));
  }

  bool say_line(std::string_view line) {
    Stream& stream = dialogue_.stream();
    return stream.add(line) && stream.add("\r\n") && stream.send();
  }

  Dialogue& dialogue_;
  const Login& login_;
  Mechanism mechanism_;
};

Error none_offered(Protocol protocol) {
  return make_error(
      Error::Kind::kRefused,
      format(_("The {} server does not offer a sign-in by token that this program knows. The "
               "provider or its administrator may have to switch it on."),
             {protocol_title(protocol)}),
      "no-mechanism");
}

/// The server hung up on us for the first token, before it could see the second.
Error hung_up(const Refusal& first) {
  Error error = first.error;
  error.kind = Error::Kind::kTransient;
  error.what += " ";
  error.what += _("It then closed the connection; the next one has a new token.");
  return error;
}

Result<void> sign_in(Exchange& exchange, const Login& login) {
  auto token = login.tokens.current();
  if (!token) return token.error();
  auto first = exchange.attempt(*token);
  if (!first) return first.error();
  if (!*first) return {};
  const Refusal& refusal = **first;
  if (!refusal.stale || !login.tokens.refused) return refusal.error;

  log_debug("etpan", "the mail server refused the token; asking for another");
  login.tokens.refused(token->reveal());
  auto second = login.tokens.current();
  if (!second) return second.error();
  if (second->equals(token->reveal())) return refusal.error;
  auto last = exchange.attempt(*second);
  if (!last) return last.error().code == "connection" ? hung_up(refusal) : last.error();
  if (!*last) return {};
  return (*last)->error;
}

Result<void> probed(Dialogue& dialogue, const std::string& user) {
  const auto reply = dialogue.probe();
  if (!reply) return reply.error();
  if (reply->kind == Reply::Kind::kDone) return {};
  if (reply->kind == Reply::Kind::kContinue) return unexpected_answer(dialogue.protocol());
  return mailbox_refused(dialogue.protocol(), *reply, user);
}

Error not_connected() {
  return make_error(Error::Kind::kConfig,
                    _("The mail session is not connected, or somebody is signed in already."));
}

Result<Mechanism> run(Dialogue& dialogue, const Login& login) {
  if (!dialogue.ready()) return not_connected();
  const auto fit = check_transport(dialogue.stream().get(), login.peer);
  if (!fit) return fit.error();
  const auto offered = dialogue.offered();
  if (!offered) return offered.error();
  const auto mechanism = choose_mechanism(*offered, login.preference);
  if (!mechanism) return none_offered(dialogue.protocol());
  Exchange exchange(dialogue, login, *mechanism);
  const auto signed_in = sign_in(exchange, login);
  if (!signed_in) return signed_in.error();
  dialogue.signed_in();
  if (login.probe) {
    const auto opened = probed(dialogue, login.user);
    if (!opened) return opened.error();
  }
  return *mechanism;
}

}  // namespace

Tokens tokens_of(TokenSource& source, GrantKey key, Protocol protocol) {
  Tokens tokens;
  tokens.current = [&source, key, protocol] {
    return wait_for_token(source, key, protocol, std::chrono::seconds(90));
  };
  tokens.refused = [&source, key](std::string_view token) { source.refused(key, token); };
  return tokens;
}

void follow_manifest(Login& login, const Provider& provider) {
  const bool bearer = provider.mechanism == Mechanism::kOauthbearer;
  login.preference = {provider.mechanism, bearer ? Mechanism::kXoauth2 : Mechanism::kOauthbearer};
  login.smtp_line_limit = provider.smtp_line_limit;
}

Result<Mechanism> login(mailimap* session, const Login& login) {
  if (!session->imap_stream) return not_connected();
  Stream stream(session->imap_stream, login.patience);
  return run(*imap_dialogue(session, stream), login);
}

Result<Mechanism> login(mailpop3* session, const Login& login) {
  if (!session->pop3_stream) return not_connected();
  Stream stream(session->pop3_stream, login.patience);
  return run(*pop_dialogue(session, stream), login);
}

Result<Mechanism> login(mailsmtp* session, const Login& login) {
  if (!session->stream) return not_connected();
  Stream stream(session->stream, login.patience);
  return run(*smtp_dialogue(session, stream, login.smtp_line_limit), login);
}

Result<void> open_mailbox(mailimap* session, const std::string& user,
                          std::chrono::seconds patience) {
  if (!session->imap_stream) return not_connected();
  Stream stream(session->imap_stream, patience);
  return probed(*imap_dialogue(session, stream), user);
}

Result<void> open_mailbox(mailpop3* session, const std::string& user,
                          std::chrono::seconds patience) {
  if (!session->pop3_stream) return not_connected();
  Stream stream(session->pop3_stream, patience);
  return probed(*pop_dialogue(session, stream), user);
}

}  // namespace mail_oauth::etpan
