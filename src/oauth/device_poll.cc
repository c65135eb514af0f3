// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/device_poll.h"

#include <algorithm>
#include <string>

#include "base/i18n.h"
#include "codec/json.h"
#include "oauth/peer_error.h"
#include "oauth/token_answer.h"

namespace mail_oauth::oauth {

namespace {

using std::chrono::seconds;

constexpr seconds kSlowerBy{5};
constexpr seconds kLongestBackOff{300};
constexpr seconds kLongestWish{3600};
constexpr seconds kLastTry{1};  // before the code's end

PollVerdict over(Error error) { return {PollVerdict::Kind::kFailed, std::move(error)}; }

PollVerdict denied(const std::string& code, const Json& body) {
  const bool silent = body.string_at("error_description").value_or("").empty();
  if (silent || code == "authorization_declined") {
    return over(make_error(Error::Kind::kCancelled, _("The sign-in was declined."), code));
  }
  Error error = make_error(Error::Kind::kRefused, _("The provider refused the sign-in."), code);
  keep_details(error, body);
  return over(std::move(error));
}

PollVerdict judge_error(int status, std::string_view body) {
  Error error = classify_error(status, body);
  if (error.kind == Error::Kind::kTransient) {
    return {PollVerdict::Kind::kUnreachable, std::move(error)};
  }
  return over(std::move(error));
}

}  // namespace

Error device_code_expired() {
  return make_error(Error::Kind::kTransient,
                    _("The code ran out before the sign-in was done. Start again."),
                    "expired_token");
}

PollVerdict judge_poll(int status, std::string_view body) {
  const auto json = Json::parse(body);
  const std::string code = json ? json->string_at("error").value_or("") : std::string();
  if (code == "authorization_pending") return {PollVerdict::Kind::kPending, {}};
  if (code == "slow_down") return {PollVerdict::Kind::kSlowDown, {}};
  if (code == "expired_token") return over(device_code_expired());
  if (code == "access_denied" || code == "authorization_declined") {
    return denied(code, *json);
  }
  if (code == "bad_verification_code") {
    return over(make_error(Error::Kind::kProtocol,
                           _("The provider no longer knows the code that it gave out. Start "
                             "again."),
                           code));
  }
  if (status < 200 || status >= 300) return judge_error(status, body);
  return {PollVerdict::Kind::kTokens, {}};
}

void PollPace::slow_down() {
  interval_ += kSlowerBy;
  failures_ = 0;
}

void PollPace::unreachable(std::optional<seconds> wish) {
  ++failures_;
  wish_ = std::clamp(wish.value_or(seconds(0)), seconds(0), kLongestWish);
}

seconds PollPace::wait(seconds left) const {
  if (failures_ == 0) return interval_;
  const seconds doubled = interval_ * (1 << std::min(failures_, 10));
  const seconds back_off = std::max({interval_, std::min(doubled, kLongestBackOff), wish_});
  return std::max(interval_, std::min(back_off, left - kLastTry));
}

}  // namespace mail_oauth::oauth
