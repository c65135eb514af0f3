// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/device_code_flow.h"

#include <algorithm>
#include <utility>

#include "base/i18n.h"
#include "oauth/retry_after.h"
#include "oauth/token_request.h"
#include "ports/form_post.h"
#include "signin/redemption.h"
#include "signin/when_idle.h"

namespace mail_oauth::signin {

namespace {

using std::chrono::seconds;

constexpr seconds kSecond{1};

std::optional<seconds> wish_of(const HttpAnswer& answer, WallTime now) {
  const auto header = answer.headers.find("retry-after");
  return header == answer.headers.end() ? std::nullopt : oauth::retry_after(header->second, now);
}

Error not_offered(const Provider& provider) {
  return make_error(Error::Kind::kConfig,
                    format(_("{} offers no sign-in with a code. Sign in with the browser, or with "
                             "the browser of another machine (--paste)."),
                           {provider.name}));
}

}  // namespace

Result<void> device_flow_offered(const Provider& provider) {
  const DeviceFlow declared = provider.declared_device_flow.value_or(DeviceFlow::kMail);
  if (declared == DeviceFlow::kNotForMail) {
    return make_error(
        Error::Kind::kConfig,
        format(_("{}'s sign-in with a code does not give access to mail. Sign in with the browser, "
                 "or with the browser of another machine (--paste)."),
               {provider.name}));
  }
  const bool unknown = provider.needs_metadata() && declared == DeviceFlow::kMail;
  if (unknown || provider.device_flow() == DeviceFlow::kMail) return {};
  return not_offered(provider);
}

DeviceCodeFlow::DeviceCodeFlow(DevicePorts ports, SignInRequest request, DeviceTalk talk)
    : ports_(ports),
      request_(std::move(request)),
      talk_(std::move(talk)),
      preparation_(std::make_unique<Preparation>(ports.store, ports.http, ports.clock, request_)) {}

DeviceCodeFlow::~DeviceCodeFlow() = default;

void DeviceCodeFlow::start(Done<SignedIn> done) {
  done_ = std::move(done);
  if (const auto offered = device_flow_offered(request_.provider); !offered) {
    current_ = when_idle([this, error = offered.error()] { finish(error); });
    return;
  }
  preparation_->start([this](Result<Prepared> prepared) {
    if (!prepared) return finish(prepared.error());
    prepared_ = *std::move(prepared);
    ask_for_code();
  });
}

void DeviceCodeFlow::ask_for_code() {
  const Provider& provider = prepared_.provider;
  if (provider.device_flow() != DeviceFlow::kMail) return finish(not_offered(provider));
  current_ = ports_.http.send(
      form_post(provider, prepared_.client, provider.endpoints.device_authorization,
                oauth::device_authorization_body(prepared_.client, prepared_.scope,
                                                 provider.token_parameters)),
      [this](Result<HttpAnswer> answer) {
        if (!answer) return finish(answer.error());
        show(*answer);
      });
}

void DeviceCodeFlow::show(const HttpAnswer& answer) {
  auto given = oauth::parse_device_authorization(answer.status, answer.body.reveal());
  if (!given) return finish(given.error());
  code_ = std::move(given->device_code);
  expires_at_ = ports_.clock.uptime() + given->expires_in;
  pace_ = oauth::PollPace(given->interval);
  const DevicePrompt prompt{given->user_code, given->verification_uri,
                            given->verification_uri_complete, given->expires_in};
  wait(pace_.wait(left()));
  const std::weak_ptr<int> alive = alive_;
  const auto shown = talk_.prompt;  // which may destroy this
  if (shown) shown(prompt);
  if (!alive.expired() && code_.size() > 0) count_down();
}

void DeviceCodeFlow::count_down() {
  second_ = ports_.clock.after(kSecond, [this] { count_down(); });
  const auto time_left = talk_.time_left;  // which may destroy this
  if (time_left) time_left(std::max(left(), seconds(0)));
}

void DeviceCodeFlow::wait(seconds pause) {
  const BootTime due = std::min<BootTime>(ports_.clock.uptime() + pause, expires_at_);
  current_ = wait_until(ports_.clock, due, [this] {
    if (left().count() <= 0) return finish(oauth::device_code_expired());
    poll();
  });
}

void DeviceCodeFlow::poll() {
  current_ = ports_.http.send(
      form_post(
          prepared_.provider, prepared_.client, prepared_.provider.endpoints.token,
          oauth::device_poll_body(prepared_.client, code_, prepared_.provider.token_parameters)),
      [this](Result<HttpAnswer> answer) { take_poll(std::move(answer)); });
}

void DeviceCodeFlow::take_poll(Result<HttpAnswer> answer) {
  using Kind = oauth::PollVerdict::Kind;
  if (!answer) {
    const Error error = answer.error();
    if (error.kind == Error::Kind::kTransient) return back_off(error, std::nullopt);
    return finish(error);
  }
  const auto verdict = oauth::judge_poll(answer->status, answer->body.reveal());
  if (verdict.kind == Kind::kTokens) return redeem(*answer);
  if (verdict.kind == Kind::kFailed) return finish(verdict.error);
  if (verdict.kind == Kind::kUnreachable) {
    return back_off(verdict.error, wish_of(*answer, ports_.clock.now()));
  }
  in_trouble_ = false;
  if (verdict.kind == Kind::kSlowDown) {
    pace_.slow_down();
  } else {
    pace_.pending();
  }
  wait(pace_.wait(left()));
}

void DeviceCodeFlow::back_off(const Error& why, std::optional<seconds> wish) {
  pace_.unreachable(wish);
  wait(pace_.wait(left()));
  const bool first = !std::exchange(in_trouble_, true);
  const auto trouble = talk_.trouble;  // which may destroy this
  if (first && trouble) trouble(why);
}

void DeviceCodeFlow::redeem(const HttpAnswer& answer) {
  second_.cancel();
  code_ = DeviceCode();
  adoption_ = std::make_unique<Adoption>(
      Adoption::Ports{ports_.http, ports_.keeper, ports_.clock}, prepared_, request_,
      talk_.confirm_identity, [this](Result<SignedIn> result) { finish(std::move(result)); });
  adoption_->take(answer);
}

seconds DeviceCodeFlow::left() const {
  return std::chrono::ceil<seconds>(expires_at_ - ports_.clock.uptime());
}

bool DeviceCodeFlow::cancel() {
  if (!done_ || (adoption_ && adoption_->handed_over())) return false;
  preparation_.reset();
  adoption_.reset();
  second_.cancel();
  code_ = DeviceCode();
  const Error error = make_error(Error::Kind::kCancelled, _("The sign-in was cancelled."));
  current_ = when_idle([this, error] { finish(error); });
  return true;
}

void DeviceCodeFlow::finish(Result<SignedIn> result) {
  second_.cancel();
  const auto done = std::exchange(done_, nullptr);
  if (done) done(std::move(result));  // may destroy this
}

}  // namespace mail_oauth::signin
