// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sign-in with the browser that an account page started. It goes on when the window is closed
// meanwhile, and then brings its result to the account itself. One at a time. Main thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "claws/engine.h"
#include "claws/field_follower.h"

namespace mail_oauth::claws {

class SignInDesk {
 public:
  /// Both have to outlive it.
  SignInDesk(Engine& engine, FieldFollower& follower) : engine_(engine), follower_(follower) {}
  ~SignInDesk();
  SignInDesk(const SignInDesk&) = delete;
  SignInDesk& operator=(const SignInDesk&) = delete;

  /// Ends another one that is under way. Failures are told to the watcher like all else.
  void start(int account_id, const std::string& account_name, const AccountIntent& intent);
  void cancel();
  void paste(const std::string& text);

  bool busy() const { return flow_ != nullptr; }
  int account_id() const { return account_id_; }
  const std::string& line() const { return line_; }  ///< The state, in words.
  bool good() const { return good_; }
  const std::string& address() const { return address_; }  ///< For the browser; "" before.

  /// The page that is open: called at every change, with who signed in once somebody did, and where
  /// dialogs belong.
  struct Watcher {
    std::function<void(const std::optional<std::string>& identity)> changed;
    GtkWindow* window = nullptr;
  };
  void watch(Watcher watcher) { watcher_ = std::move(watcher); }
  void unwatch() { watcher_ = {}; }

 private:
  signin::SignInTalk talk();
  void ask_about(const std::string& asked, const std::string& found,
                 std::function<void(bool)> decide);
  void finished(Result<signin::SignedIn> result);
  void say(std::string line, bool good);
  void close_question();
  static void on_answer(GtkDialog*, int response, gpointer self);

  Engine& engine_;
  FieldFollower& follower_;
  Watcher watcher_;
  std::unique_ptr<signin::AuthorizationCodeFlow> flow_;
  int account_id_ = 0;
  std::string account_name_;
  AccountIntent intent_;
  std::string line_;
  bool good_ = true;
  std::string address_;
  GtkWidget* question_ = nullptr;
  std::function<void(bool)> decide_;
};

}  // namespace mail_oauth::claws
