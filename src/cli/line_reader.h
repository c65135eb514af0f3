// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines that a person types or pastes: addresses with codes in them, answers, client secrets.
// Default GMainContext, main thread.
#pragma once

#include "base/secret.h"
#include "ports/call.h"

namespace mail_oauth::cli {

/// One line of standard input, without its end, and not a byte more than that. kConfig: the input
/// ended before anything came, or the line is longer than 16 KiB.
Call read_line(Done<Secret> done);

/// While it lives, a terminal does not show what is typed.
class EchoOff {
 public:
  EchoOff();
  ~EchoOff();
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  bool changed_ = false;
  unsigned int before_ = 0;
};

}  // namespace mail_oauth::cli
