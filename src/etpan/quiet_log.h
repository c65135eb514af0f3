// SPDX-License-Identifier: GPL-3.0-or-later
//
// Silence in libetpan's debug log while a token passes through it.
//
// libetpan's own SASL calls write the answer of a mechanism over a stream that the mechanism does
// not see, and its log shows the bytes, marked as private, to loggers that do not look at the mark.
// And a server may echo the line in which a token came.
// Any thread. The switch is one for the whole process: what other connections say meanwhile is not
// logged either, and a program that turns the log on at that moment turns it on. Claws Mail does
// the same around its own logins.
#pragma once

namespace mail_oauth::etpan {

/// While any of these lives, `mailstream_debug` is off; the last one gives back what was there.
class QuietLog {
 public:
  QuietLog();
  ~QuietLog();
  QuietLog(const QuietLog&) = delete;
  QuietLog& operator=(const QuietLog&) = delete;
};

}  // namespace mail_oauth::etpan
