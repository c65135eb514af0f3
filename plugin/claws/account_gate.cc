// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_gate.h"

#include <algorithm>
#include <utility>

#include "base/guarded.h"
#include "claws/accounts.h"

namespace mail_oauth::claws {
namespace {

/// As the host names the window, in all languages.
constexpr char kListWindowRole[] = "account";

const AccountGate*& the_gate() {
  static const AccountGate* gate = nullptr;
  return gate;
}

}  // namespace

/// A source of its own and not an idle: one that is not ready wakes nobody, however long the host
/// stays in a loop of its own.
struct AccountGate::Source {
  GSource base;
  AccountGate* gate;
};

AccountGate::AccountGate() {
  static GSourceFuncs functions{};
  functions.prepare = prepare;
  functions.check = check;
  functions.dispatch = dispatch;
  source_ = g_source_new(&functions, sizeof(Source));
  reinterpret_cast<Source*>(source_)->gate = this;
  g_source_set_priority(source_, G_PRIORITY_HIGH_IDLE);
  g_source_attach(source_, nullptr);
  the_gate() = this;
}

AccountGate::~AccountGate() {
  the_gate() = nullptr;
  g_source_destroy(source_);
  g_source_unref(source_);
}

const AccountGate* AccountGate::standing() { return the_gate(); }

void AccountGate::in_turn(Windows windows, std::function<void()> task) {
  tasks_.push_back({windows, std::move(task)});
}

/// 1: called from what the main loop dispatches, 0: while the host starts.
bool AccountGate::is_free() const { return windows_ == 0 && g_main_depth() <= 1; }

bool AccountGate::list_is_open() {
  bool open = false;
  GList* windows = gtk_window_list_toplevels();
  for (GList* item = windows; item; item = item->next) {
    auto* window = static_cast<GtkWidget*>(item->data);
    const bool shown = gtk_widget_get_visible(window);
    if (shown && text_of(gtk_window_get_role(GTK_WINDOW(window))) == kListWindowRole) open = true;
  }
  g_list_free(windows);
  return open;
}

void AccountGate::window_opened(PrefsAccount* account) {
  if (windows_++ > 0) return;
  note_all();
  kept_.clear();
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* listed = static_cast<PrefsAccount*>(item->data);
    kept_.emplace(listed->account_id, read_live(*listed));
  }
  kept_.emplace(account->account_id, read_live(*account));
}

void AccountGate::window_closed() {
  if (windows_ > 0) --windows_;
  if (windows_ == 0) kept_.clear();
}

void AccountGate::write() {
  unwritten_ = windows_ > 0;
  if (!unwritten_) return prefs_account_write_config_all(account_get_list());
  in_turn(Windows::kNoAccount, [this] {
    if (unwritten_) write();
  });
}

void AccountGate::remember() {
  if (windows_ == 0) note_all();
}

void AccountGate::note_all() {
  for (GList* item = account_get_list(); item; item = item->next) {
    note(read_live(*static_cast<PrefsAccount*>(item->data)).view);
  }
}

void AccountGate::note(const AccountView& view) {
  auto& logins = logins_[view.id];
  for (const auto* service : {&view.imap, &view.pop, &view.smtp}) {
    if (!*service) continue;
    const KnownLogin login{(*service)->user, (*service)->server};
    if (std::find(logins.begin(), logins.end(), login) == logins.end()) logins.push_back(login);
  }
}

const LiveAccount* AccountGate::kept(int account_id) const {
  const auto found = kept_.find(account_id);
  return found == kept_.end() ? nullptr : &found->second;
}

std::vector<KnownLogin> AccountGate::logins_of(int account_id) const {
  const auto found = logins_.find(account_id);
  return found == logins_.end() ? std::vector<KnownLogin>() : found->second;
}

void AccountGate::note_followed(int account_id, std::optional<Followed> followed) {
  followed_.erase(account_id);
  if (followed) followed_.emplace(account_id, std::move(*followed));
}

const AccountGate::Followed* AccountGate::followed(int account_id) const {
  const auto found = followed_.find(account_id);
  return found == followed_.end() ? nullptr : &found->second;
}

bool AccountGate::may_run(const Task& task) const {
  return task.windows == Windows::kNoAccount || !list_is_open();
}

bool AccountGate::has_turn() const {
  // While the host starts, it is inside its main(), which no loop runs around.
  if (tasks_.empty() || windows_ > 0 || g_main_depth() > 0 || gtk_main_level() != 1) return false;
  return std::any_of(tasks_.begin(), tasks_.end(),
                     [this](const Task& task) { return may_run(task); });
}

void AccountGate::take_turn() {
  std::vector<Task> tasks = std::exchange(tasks_, {});
  for (auto& task : tasks) {
    // What ran before it may have opened something, or iterated the loop.
    if (windows_ == 0 && may_run(task)) {
      guarded("accounts", task.run);
    } else {
      tasks_.push_back(std::move(task));
    }
  }
}

gboolean AccountGate::prepare(GSource* source, int* timeout) {
  *timeout = -1;
  return reinterpret_cast<Source*>(source)->gate->has_turn();
}

gboolean AccountGate::check(GSource* source) {
  return reinterpret_cast<Source*>(source)->gate->has_turn();
}

gboolean AccountGate::dispatch(GSource* source, GSourceFunc, gpointer) {
  reinterpret_cast<Source*>(source)->gate->take_turn();
  return G_SOURCE_CONTINUE;
}

}  // namespace mail_oauth::claws
