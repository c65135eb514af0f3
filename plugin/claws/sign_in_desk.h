// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sign-in that somebody asked for, with its window: with the browser, or by a code. It goes on
// when the account window is closed meanwhile, and then brings its result to the account itself.
// One at a time. Main thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/secret.h"
#include "claws/engine.h"
#include "claws/field_follower.h"
#include "claws/sign_in_way.h"
#include "claws/sign_in_window.h"
#include "signin/device_code_flow.h"

namespace mail_oauth::claws {

class SignInDesk {
 public:
  /// Both have to outlive it.
  SignInDesk(Engine& engine, FieldFollower& follower) : engine_(engine), follower_(follower) {}
  ~SignInDesk();
  SignInDesk(const SignInDesk&) = delete;
  SignInDesk& operator=(const SignInDesk&) = delete;

  /// Called once this very sign-in, or its repetition, has brought somebody in.
  using SignedIn = std::function<void(const std::string& who)>;

  /// Ends another one that is under way. Failures are shown in the window, and told to the watcher
  /// like all else.
  void start(int account_id, const std::string& account_name, const AccountIntent& intent,
             SignInWay way = SignInWay::kBrowser, SignedIn then = nullptr);
  /// False where it is too late: the sign-in is being stored.
  bool cancel();

  /// Brings the window of a sign-in that is under way to the front, which says so when it is
  /// another account's. False when there is none, or when it is this account's and goes the other
  /// way: that way was chosen instead.
  bool present(int account_id, const std::string& account_name, SignInWay way);
  bool busy() const { return browser_flow_ || code_flow_; }
  int account_id() const { return account_id_; }
  const std::string& line() const { return line_; }  ///< The state, in words.
  bool good() const { return good_; }
  bool ended_well() const { return ended_well_; }  ///< The last one, and none is under way.

  /// The page that is open: called at every change, with who signed in once somebody did, and where
  /// windows belong.
  struct Watcher {
    std::function<void(const std::optional<std::string>& identity)> changed;
    GtkWindow* window = nullptr;
    int account_id = 0;  ///< What happens to another account is not for it.
  };
  void watch(Watcher watcher) { watcher_ = std::move(watcher); }
  void unwatch();

 private:
  bool watched() const { return watcher_.changed && watcher_.account_id == account_id_; }
  void open_window();
  void begin(const signin::SignInRequest& request, const signin::Ports& ports);
  void begin_with_code(const signin::SignInRequest& request, const signin::Ports& ports);
  void fail(const Error& error);
  void open_browser_again();
  void paste(const Secret& text);
  void window_closed();
  void ask_about(const std::string& asked, const std::string& found,
                 std::function<void(bool)> decide);
  void finished(Result<signin::SignedIn> result);
  void signed_in(const signin::SignedIn& result);
  void say(std::string line, bool good);
  void close_question();
  void end_flows();
  static void on_answer(GtkDialog*, int response, gpointer self);

  Engine& engine_;
  FieldFollower& follower_;
  Watcher watcher_;
  SignedIn then_;
  std::unique_ptr<SignInWindow> window_;
  std::unique_ptr<signin::AuthorizationCodeFlow> browser_flow_;
  std::unique_ptr<signin::DeviceCodeFlow> code_flow_;
  int account_id_ = 0;
  std::string account_name_;
  AccountIntent intent_;
  SignInWay way_ = SignInWay::kBrowser;
  std::string line_;
  bool good_ = true;
  bool ended_well_ = false;
  std::string address_;
  GtkWidget* question_ = nullptr;
  std::function<void(bool)> decide_;
};

}  // namespace mail_oauth::claws
