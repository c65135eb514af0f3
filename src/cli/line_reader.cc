// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/line_reader.h"

#include <glib-unix.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "base/guarded.h"
#include "base/i18n.h"
#include "ports/pending.h"

namespace mail_oauth::cli {

namespace {

constexpr std::size_t kLongest = 16 * 1024;

struct Reading {
  std::shared_ptr<Pending<Secret>> question;
  Secret line = Secret::with_size(kLongest);
  std::size_t size = 0;

  bool ready() const {
    pollfd wanted{STDIN_FILENO, POLLIN, 0};
    return poll(&wanted, 1, 0) > 0;
  }

  gboolean finish(Result<Secret> result) {
    question->answer(std::move(result));
    return G_SOURCE_REMOVE;
  }

  gboolean finish_line() {
    if (size > 0 && line.reveal()[size - 1] == '\r') --size;
    line.shrink(size);
    return finish(std::move(line));
  }

  // Byte by byte, because what follows the line is not ours.
  gboolean read_more() {
    while (ready()) {
      char byte = 0;
      if (read(STDIN_FILENO, &byte, 1) <= 0) {
        if (size > 0) return finish_line();
        return finish(make_error(Error::Kind::kConfig, _("Standard input ended without a line.")));
      }
      if (byte == '\n') return finish_line();
      if (size == kLongest) {
        return finish(
            make_error(Error::Kind::kConfig, _("The line on standard input is too long.")));
      }
      line.writable()[size++] = byte;
    }
    return G_SOURCE_CONTINUE;
  }
};

gboolean on_readable(gint, GIOCondition, gpointer data) {
  const auto reading = *static_cast<std::shared_ptr<Reading>*>(data);
  return guarded("read_line", static_cast<gboolean>(G_SOURCE_REMOVE),
                 [&reading] { return reading->read_more(); });
}

void forget(gpointer data) { delete static_cast<std::shared_ptr<Reading>*>(data); }

}  // namespace

Call read_line(Done<Secret> done) {
  auto reading = std::make_unique<std::shared_ptr<Reading>>(std::make_shared<Reading>());
  const auto question = Pending<Secret>::of(std::move(done));
  (*reading)->question = question;
  const auto condition = static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR);
  const std::shared_ptr<GSource> source(g_unix_fd_source_new(STDIN_FILENO, condition),
                                        g_source_unref);
  // The type of the callback is that of g_unix_fd_add, as GLib documents.
  g_source_set_callback(source.get(),
                        reinterpret_cast<GSourceFunc>(reinterpret_cast<void (*)()>(on_readable)),
                        reading.release(), forget);
  g_source_attach(source.get(), nullptr);
  question->at_end([source] { g_source_destroy(source.get()); });
  return question->call();
}

EchoOff::EchoOff() {
  termios settings{};
  if (tcgetattr(STDIN_FILENO, &settings) != 0) return;
  before_ = settings.c_lflag;
  settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0;
}

EchoOff::~EchoOff() {
  termios settings{};
  if (!changed_ || tcgetattr(STDIN_FILENO, &settings) != 0) return;
  settings.c_lflag = before_;
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings);
}

}  // namespace mail_oauth::cli
