// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words of servers and of people that end up before somebody's eyes.
#include "base/log.h"
#include "base/peer_text.h"
#include "etpan/refusal.h"
#include "explain/explanation.h"
#include "explain/old_name.h"
#include "fuzz/targets.h"

namespace mail_oauth::fuzz {

namespace {

void explained(const Error& error) {
  promise_fit(error);
  promise(error.kind == Error::Kind::kRefused || error.kind == Error::Kind::kTransient,
          "a mail server never asks for a new sign-in");
  for (const bool shared : {false, true}) {
    const auto words = explain::explain(error, {shared});
    promise(!words.what.empty(), "an explanation says something");
    for (const auto& line : explain::lines(words)) promise(fit_to_show(line), "line by line");
  }
}

}  // namespace

void server_words(std::string_view bytes) {
  promise(fit_to_show(peer_words(bytes)), "a peer's words are fit to be shown");
  promise(peer_code(bytes).size() <= 48, "a code is short");
  promise(fit_to_show(leading_code(bytes)), "a leading code is fit to be shown");
  promise(peer_guid(bytes).empty() || peer_guid(bytes) == bytes, "a GUID is itself");
  const std::string line = redacted(bytes);
  promise(line.find('\n') == std::string::npos, "a log line is one line");

  etpan::Reply reply;
  reply.kind = static_cast<etpan::Reply::Kind>(2 + take_byte(bytes) % 3);
  const auto number = take_line(bytes);
  reply.number = number.empty() ? 0 : 400 + static_cast<unsigned char>(number.front()) % 200;
  reply.text = std::string(bytes);
  reply.code = etpan::take_response_code(reply.text);
  if (reply.code.empty()) reply.code = etpan::enhanced_status(reply.text);
  for (const auto protocol : {Protocol::kImap, Protocol::kPop, Protocol::kSmtp}) {
    explained(etpan::judge(protocol, reply, std::nullopt, "alice@contoso.com").error);
    explained(etpan::mailbox_refused(protocol, reply, "alice@contoso.com"));
  }
  explained(etpan::sending_refused(reply, "alice@contoso.com", "support@contoso.com"));
}

void old_name(std::string_view bytes) {
  const auto domain = explain::domain_of(take_line(bytes));
  if (domain.find_first_of("\\/") != std::string_view::npos) return;
  const auto meaning = explain::from_old_name(bytes, domain);
  if (!meaning) return;
  promise(!explain::old_name_words(bytes, *meaning).empty(), "something is said about it");
  promise(meaning->identity.empty() || meaning->identity.find('\\') == std::string::npos,
          "an identity is no old name itself");
}

}  // namespace mail_oauth::fuzz
