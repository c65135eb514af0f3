// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signs a person in with a code that they enter on another device (RFC 8628): for machines without
// a browser.
//
// The store has to prove that it can keep a grant before anybody is given a code. Everything
// happens on the GMainContext that was thread-default at start(). Destroying the flow cancels it:
// nothing is called any more.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "oauth/device_authorization.h"
#include "oauth/device_poll.h"
#include "ports/clock.h"
#include "ports/grant_keeper.h"
#include "ports/http_client.h"
#include "ports/token_store.h"
#include "signin/adoption.h"
#include "signin/preparation.h"
#include "signin/sign_in.h"

namespace mail_oauth::signin {

/// What the flow works with; all borrowed, and outliving it.
struct DevicePorts {
  TokenStore& store;
  GrantKeeper& keeper;
  HttpClient& http;
  Clock& clock;
};

/// What the person needs.
struct DevicePrompt {
  std::string user_code;
  std::string verification_uri;           ///< Where the code is entered.
  std::string verification_uri_complete;  ///< The same with the code in it; may be empty.
  std::chrono::seconds expires_in{0};

  /// For a QR code or a link: nothing has to be typed there where the provider permits that.
  const std::string& link() const {
    return verification_uri_complete.empty() ? verification_uri : verification_uri_complete;
  }
};

/// What the flow tells and asks on the way. Each may be empty, and each may end the flow or destroy
/// it.
struct DeviceTalk {
  /// Once; the waiting begins.
  std::function<void(const DevicePrompt& prompt)> prompt;
  /// Every second of the waiting, from the first on.
  std::function<void(std::chrono::seconds left)> time_left;
  /// The provider cannot be reached just now; it is tried again. Once per run of failures.
  std::function<void(const Error& why)> trouble;
  ConfirmIdentity confirm_identity;
};

/// Whether a sign-in by code can serve mail there, as far as it is known: an endpoint may still
/// come from the issuer. kConfig: it cannot, in words that name the other ways.
Result<void> device_flow_offered(const Provider& provider);

class DeviceCodeFlow {
 public:
  DeviceCodeFlow(DevicePorts ports, SignInRequest request, DeviceTalk talk);
  ~DeviceCodeFlow();
  DeviceCodeFlow(const DeviceCodeFlow&) = delete;
  DeviceCodeFlow& operator=(const DeviceCodeFlow&) = delete;

  /// Once. `done` comes once, later; it may destroy the flow.
  ///
  /// kConfig: not offered (see above); tenant, scopes or client wrong. kStorage: the store cannot
  /// keep a grant. kCancelled: the person said no, here or at the provider. kTransient: the
  /// provider could not be asked for a code, or the code ran out. kRefused: the provider will not,
  /// or granted none of the protocols. kProtocol: broken answers, no refresh token. kReauthorize:
  /// the provider forgot the code. Once there is a code, being unable to reach the provider ends
  /// nothing.
  void start(Done<SignedIn> done);

  /// Ends it with kCancelled. False where it is too late: its grant has gone to its keeper, who
  /// does not let go of it, and `done` says how that ends.
  bool cancel();

 private:
  void ask_for_code();
  void show(const HttpAnswer& answer);
  void count_down();
  void wait(std::chrono::seconds pause);
  void poll();
  void take_poll(Result<HttpAnswer> answer);
  void back_off(const Error& why, std::optional<std::chrono::seconds> wish);
  void redeem(const HttpAnswer& answer);
  std::chrono::seconds left() const;
  void finish(Result<SignedIn> result);

  DevicePorts ports_;
  SignInRequest request_;
  DeviceTalk talk_;
  Done<SignedIn> done_;
  std::unique_ptr<Preparation> preparation_;
  Prepared prepared_;
  DeviceCode code_;
  BootTime expires_at_;
  oauth::PollPace pace_{std::chrono::seconds(5)};
  bool in_trouble_ = false;
  Call current_;
  Call second_;
  std::unique_ptr<Adoption> adoption_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace mail_oauth::signin
