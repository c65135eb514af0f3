// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/command_run.h"

#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/peer_text.h"

namespace mail_oauth::cmdstore {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMostOutput = 1024 * 1024;
constexpr std::size_t kMostWords = 4096;
/// How often we look whether the command ended while something it started keeps its output open.
constexpr int kLookMilliseconds = 20;
constexpr std::chrono::seconds kGrace{2};

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {
    if (fd >= 0) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  }
  ~Fd() { reset(); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  void reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

/// Bytes that may be secret, as they come.
class Intake {
 public:
  /// False: there is no more to come, or it is too much.
  bool read_from(int fd, std::size_t most) {
    for (;;) {
      if (used_ == room_.size()) grow();
      const ssize_t count = read(fd, room_.writable() + used_, room_.size() - used_);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return errno == EAGAIN;
      if (count == 0) return false;
      used_ += static_cast<std::size_t>(count);
      if (used_ > most) {
        overflown_ = true;
        return false;
      }
    }
  }
  bool overflown() const { return overflown_; }
  Secret take() {
    room_.shrink(used_);
    return std::move(room_);
  }

 private:
  void grow() {
    Secret larger = Secret::with_size(room_.size() * 2);
    std::memcpy(larger.writable(), room_.reveal().data(), used_);
    room_ = std::move(larger);
  }

  Secret room_ = Secret::with_size(16 * 1024);
  std::size_t used_ = 0;
  bool overflown_ = false;
};

/// A command that reads nothing must not end us.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~NoBrokenPipe() {
    const timespec at_once{};
    while (sigtimedwait(&set_, nullptr, &at_once) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t set_;
  sigset_t before_;
};

std::string last_line(std::string_view text) {
  while (!text.empty() && g_ascii_isspace(text.back())) text.remove_suffix(1);
  const auto end = text.rfind('\n');
  return peer_words(end == text.npos ? text : text.substr(end + 1));
}

Error failed(const CommandRun& run, const std::string& how) {
  const GCharPtr name(g_path_get_basename(run.words[0].c_str()));
  return make_error(Error::Kind::kStorage,
                    format(_("The command {} of {} {}"), {name.get(), run.option, how}), "command");
}

class Process {
 public:
  Process(GPid pid, int in, int out, int err) : pid_(pid), in_(in), out_(out), err_(err) {}
  ~Process() {
    if (!over_) end();
  }

  /// True: the command ended by itself.
  bool attend(const CommandRun& run, const Stop& stop) {
    const auto deadline = SteadyClock::now() + run.limit;
    const NoBrokenPipe no_broken_pipe;
    std::string_view left = run.input;
    while (!reap()) {
      if (run.stoppable && stop.requested()) return false;
      if (SteadyClock::now() >= deadline || output_.overflown()) return false;
      wait(run, stop, left);
      feed(left);
      listen();
    }
    listen();
    return true;
  }

  void end() {
    kill(pid_, SIGTERM);
    const auto deadline = SteadyClock::now() + kGrace;
    while (!reap() && SteadyClock::now() < deadline) poll(nullptr, 0, kLookMilliseconds);
    if (over_) return;
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    over_ = true;
  }

  /// Nothing: it ended, and nobody can say how.
  std::optional<int> status() const { return status_; }
  Intake& output() { return output_; }
  std::string words() { return last_line(words_); }

 private:
  /// Where SIGCHLD is ignored the kernel keeps no status for us, and there is no child to wait for.
  bool reap() {
    if (over_) return true;
    int status = 0;
    const pid_t ended = waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) status_ = status;
    over_ = ended == pid_ || (ended < 0 && errno != EINTR);
    return over_;
  }

  void wait(const CommandRun& run, const Stop& stop, std::string_view left) {
    pollfd fds[] = {{left.empty() ? -1 : in_.get(), POLLOUT, 0},
                    {out_.get(), POLLIN, 0},
                    {err_.get(), POLLIN, 0},
                    {run.stoppable ? stop.fd() : -1, POLLIN, 0}};
    poll(fds, std::size(fds), kLookMilliseconds);
  }

  void feed(std::string_view& left) {
    while (in_.get() >= 0 && !left.empty()) {
      const ssize_t count = write(in_.get(), left.data(), left.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      if (count < 0) break;  // it wants no more; its exit code tells whether that is well
      left.remove_prefix(static_cast<std::size_t>(count));
    }
    left = {};
    in_.reset();
  }

  void listen() {
    if (out_.get() >= 0 && !output_.read_from(out_.get(), kMostOutput)) out_.reset();
    char chunk[1024];
    while (err_.get() >= 0) {
      const ssize_t count = read(err_.get(), chunk, sizeof chunk);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        if (count == 0 || errno != EAGAIN) err_.reset();
        return;
      }
      words_.append(chunk, static_cast<std::size_t>(count));
      if (words_.size() > kMostWords) words_.erase(0, words_.size() - kMostWords);
    }
  }

  GPid pid_;
  Fd in_;
  Fd out_;
  Fd err_;
  bool over_ = false;
  std::optional<int> status_;
  Intake output_;
  std::string words_;
};

std::string how_it_ended(std::optional<int> status, const std::string& words) {
  if (!status) {
    return _("ended, and its exit code could not be seen: this program ignores SIGCHLD.");
  }
  std::string how =
      WIFSIGNALED(*status)
          ? format(_("was ended by signal {}"), {std::to_string(WTERMSIG(*status))})
          : format(_("failed with exit code {}"), {std::to_string(WEXITSTATUS(*status))});
  return how + (words.empty() ? "." : ": " + words);
}

}  // namespace

Result<Secret> run_command(const CommandRun& run, const Stop& stop) {
  std::vector<char*> argv;
  for (const std::string& word : run.words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  GPid pid = 0;
  int in = -1;
  int out = -1;
  int err = -1;
  GError* raw = nullptr;
  // GLib closes every other file in the child.
  const gboolean started =
      g_spawn_async_with_pipes(nullptr, argv.data(), nullptr, G_SPAWN_DO_NOT_REAP_CHILD, nullptr,
                               nullptr, &pid, &in, &out, &err, &raw);
  const GErrorPtr error(raw);
  if (!started) return failed(run, format(_("could not be started: {}"), {error->message}));

  Process process(pid, in, out, err);
  const bool ended = process.attend(run, stop);
  if (!ended) process.end();
  if (!ended && run.stoppable && stop.requested()) {
    return make_error(Error::Kind::kCancelled, _("Stopped."));
  }
  if (process.output().overflown()) return failed(run, _("wrote more than 1 MiB."));
  if (!ended) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(run.limit).count();
    return failed(run,
                  format(_("did not end within {} s and was stopped."), {std::to_string(seconds)}));
  }
  if (process.status() != 0) return failed(run, how_it_ended(process.status(), process.words()));
  return process.output().take();
}

}  // namespace mail_oauth::cmdstore
