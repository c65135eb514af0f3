// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/redirect_wait.h"

#include <utility>

#include "base/i18n.h"
#include "signin/when_idle.h"

namespace mail_oauth::signin {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// What follows "?" and stands before "#"; a text without "?" is taken for a query.
std::string_view query_of(std::string_view text) {
  text = trimmed(text);
  text = text.substr(0, text.find('#'));
  const auto mark = text.find('?');
  return mark == std::string_view::npos ? text : text.substr(mark + 1);
}

Error registered_address_missing() {
  return make_error(
      Error::Kind::kConfig,
      _("This provider sends the browser only to the address that the client was registered with. "
        "Set that one: mail-oauth client set, with --redirect-uri."));
}

}  // namespace

RedirectWait::RedirectWait(Clock& clock, Done<AuthorizationCode> done)
    : clock_(clock), done_(std::move(done)) {}

Result<void> RedirectWait::listen(RedirectListenerFactory& listeners, const RedirectRule& rule,
                                  oauth::ExpectedRedirect expected, std::chrono::seconds limit) {
  expected_ = std::move(expected);
  if (rule.kind == RedirectKind::kRegistered) {
    if (rule.uri.empty()) return registered_address_missing();
    registered_ = rule.uri;
  } else {
    auto listener = listeners.listen(rule, [this](std::string_view query) { return judge(query); });
    if (!listener) return listener.error();
    listener_ = *std::move(listener);
  }
  limit_ = wait_until(clock_, clock_.uptime() + limit, [this] {
    settle(make_error(Error::Kind::kTransient,
                      _("Nobody finished the sign-in in the browser in time. Try again."),
                      "nobody-came"));
  });
  return {};
}

RedirectVerdict RedirectWait::judge(std::string_view query) {
  RedirectVerdict verdict;
  if (settled_ || !oauth::carries_state(query, expected_.state)) return verdict;
  auto code = oauth::parse_redirect(query, expected_);
  if (code) {
    verdict.kind = RedirectVerdict::Kind::kSignedIn;
    verdict.title = _("Almost done");
    verdict.text =
        _("The sign-in came back to your mail program, which finishes it now. You can "
          "close this page.");
  } else {
    verdict.kind = RedirectVerdict::Kind::kFailed;
    verdict.title = _("The sign-in failed");
    verdict.text = code.error().what;
  }
  settle(std::move(code));
  return verdict;
}

Result<void> RedirectWait::paste(std::string_view text) {
  const std::string_view query = query_of(text);
  if (settled_ || !oauth::carries_state(query, expected_.state)) {
    return make_error(Error::Kind::kProtocol,
                      _("This address does not belong to this sign-in. Paste the whole address on "
                        "which the browser ended."));
  }
  settle(oauth::parse_redirect(query, expected_));
  return {};
}

void RedirectWait::settle(Result<AuthorizationCode> answer) {
  settled_ = true;
  limit_.cancel();
  // Later, so that the listener can show its page first.
  auto kept = std::make_shared<Result<AuthorizationCode>>(std::move(answer));
  delivery_ = when_idle([this, kept] {
    listener_.reset();  // nobody else has anything to say here
    const auto done = std::exchange(done_, nullptr);
    if (done) done(std::move(*kept));  // may destroy this
  });
}

}  // namespace mail_oauth::signin
