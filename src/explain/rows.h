// SPDX-License-Identifier: GPL-3.0-or-later
//
// The data of the explanations: rows.cc is the one file of them, explanation.cc looks rows up.
//
// AADSTS numbers choose words here and decide nothing anywhere: Microsoft changes them at will.
#pragma once

#include <cstddef>

#include "explain/explanation.h"

namespace mail_oauth::explain {

/// Where something is said, as bits; kHere: by ourselves.
enum Where : unsigned {
  kNowhere = 0,
  kOAuth = 1,
  kImap = 2,
  kPop = 4,
  kSmtp = 8,
  kMail = 14,
  kHere = 16
};

/// Something that a peer says. Empty texts fit everything; letters in either case.
struct Saying {
  unsigned where = kNowhere;
  const char* code = "";   ///< The error code or one of the details, whole.
  const char* words = "";  ///< A part of the peer's own words.
  bool shared = false;     ///< Only when a shared mailbox is opened.
  /// Servers of every make say it, and the row's link is to the pages of one.
  bool anybody = false;
};

struct Row {
  const char* id;  ///< Stable, for `--json` and support.
  Who who;
  int numbers[12];     ///< AADSTS; 0 ends.
  Saying sayings[10];  ///< kNowhere ends.
  const char* what;    ///< Marked with N_, as is what_to_do.
  const char* what_to_do;
  const char* link;
  const char* elsewhere = "";  ///< The link where somebody of another make may have said it.
};

/// The first that fits counts; numbers before sayings.
struct Rows {
  const Row* first;
  std::size_t count;
  const Row* begin() const { return first; }
  const Row* end() const { return first + count; }
};

Rows rows();

}  // namespace mail_oauth::explain
