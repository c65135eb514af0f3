// SPDX-License-Identifier: GPL-3.0-or-later
//
// The window of a sign-in under way: what is happening, what the person can do, and how it ended.
//
// Shows and asks; knows nothing of flows. Modal only above a modal window, which would keep all
// input from it: else mail goes on being read beside it, and the host can be told to end. Main
// thread only.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/secret.h"
#include "claws/host.h"
#include "qr/matrix.h"
#include "signin/device_code_flow.h"

namespace mail_oauth::claws {

class SignInWindow {
 public:
  /// Each may destroy the window.
  struct Reactions {
    std::function<void()> closed;  ///< Cancel, Close, Escape and the close box.
    std::function<void()> open_again;
    std::function<void(const Secret&)> pasted;  ///< It holds a code.
    std::function<void()> again;
  };

  /// `parent` may be null: the main window then.
  SignInWindow(GtkWindow* parent, std::string account, Reactions reactions);
  ~SignInWindow();
  SignInWindow(const SignInWindow&) = delete;
  SignInWindow& operator=(const SignInWindow&) = delete;

  GtkWindow* window() const { return GTK_WINDOW(dialog_); }

  void say(const std::string& status);
  /// Beside the status, until the window closes.
  void remark(const std::string& words);
  /// The browser was sent to `url`, which is shown to be copied.
  void show_browser(const std::string& url);
  void show_code(const signin::DevicePrompt& prompt);
  void show_time_left(std::chrono::seconds left);
  /// In plain words, and what support asks for below "Details".
  void show_failure(const Error& error);
  /// Closes by itself after a while.
  void show_success(const std::string& line);

 private:
  GtkWidget* clear();
  GtkWidget* add_button(GtkWidget* box, const char* label, GCallback clicked);
  void add_paste_field(GtkWidget* body);
  void add_qr(GtkWidget* body, const signin::DevicePrompt& prompt);
  void add_details(GtkWidget* body, const Error& error);
  void end_with_close();
  void copy(const std::string& text);

  static gboolean on_key(GtkWidget*, GdkEventKey* key, gpointer self);
  static void on_response(GtkDialog*, int response, gpointer self);
  static void on_open_again(GtkButton*, gpointer self);
  static void on_copy_address(GtkButton*, gpointer self);
  static void on_copy_code(GtkButton*, gpointer self);
  static void on_pasted(GtkWidget*, gpointer self);
  static gboolean on_draw_qr(GtkWidget* area, cairo_t* cr, gpointer self);
  static gboolean on_over(gpointer self);

  Reactions reactions_;
  GtkWidget* dialog_ = nullptr;
  GtkWidget* status_ = nullptr;
  GtkWidget* remark_ = nullptr;
  GtkWidget* spinner_ = nullptr;
  GtkWidget* body_ = nullptr;
  GtkWidget* pasted_ = nullptr;
  GtkWidget* time_left_ = nullptr;
  GtkWidget* cancel_ = nullptr;
  std::string address_;
  std::string code_;
  std::optional<qr::Matrix> qr_;
  guint over_ = 0;
};

}  // namespace mail_oauth::claws
