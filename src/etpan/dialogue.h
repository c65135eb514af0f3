// SPDX-License-Identifier: GPL-3.0-or-later
//
// What IMAP, POP3 and SMTP have in common while somebody signs in, and what a server said.
//
// One implementation per protocol: imap_dialogue.cc, pop_dialogue.cc, smtp_dialogue.cc. The thread
// that owns the session only.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "etpan/stream.h"
#include "oauth/protocol.h"

struct mailimap;
struct mailpop3;
struct mailsmtp;

namespace mail_oauth::etpan {

/// One answer, read but not judged.
struct Reply {
  enum class Kind {
    kDone,      ///< OK, +OK, 2xx
    kContinue,  ///< "+", 334: `text` is base64 or empty
    kNo,        ///< NO, -ERR, 4xx, 5xx
    kBad,       ///< BAD
    kBye,       ///< the server closes the connection
  };
  Kind kind = Kind::kBye;
  std::string code;  ///< The server's own, from the table of its protocol; else empty.
  std::string text;  ///< Raw.
  int number = 0;    ///< SMTP's three digits.
};

class Dialogue {
 public:
  explicit Dialogue(Stream& stream) : stream_(stream) {}
  virtual ~Dialogue() = default;
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;

  Stream& stream() { return stream_; }

  virtual Protocol protocol() const = 0;
  /// Connected, and nobody signed in yet.
  virtual bool ready() const = 0;
  /// The mechanisms that the server offers. Fails when it does not answer, or not as it must.
  virtual Result<std::vector<std::string>> offered() = 0;
  /// All that the server said it can do, once offered() succeeded: a word or a line each.
  virtual std::vector<std::string> features() const = 0;
  /// Whether the response may stand on the line of the command. `size`: of both, with line end.
  virtual bool one_line(std::size_t size) const = 0;
  /// How long the command is without mechanism and response.
  virtual std::size_t command_size() const = 0;
  /// Begins the command, "AUTH XOAUTH2" or the like, without sending or ending the line.
  virtual bool begin(std::string_view mechanism) = 0;
  virtual Result<Reply> hear() = 0;
  /// Tells libetpan that the session is signed in.
  virtual void signed_in() = 0;
  /// A harmless command that needs the mailbox. SMTP has none that is about a mailbox: kDone.
  virtual Result<Reply> probe() = 0;

 private:
  Stream& stream_;
};

std::unique_ptr<Dialogue> imap_dialogue(mailimap* session, Stream& stream);
std::unique_ptr<Dialogue> pop_dialogue(mailpop3* session, Stream& stream);
/// `line_limit`: the longest line that may carry command and response.
std::unique_ptr<Dialogue> smtp_dialogue(mailsmtp* session, Stream& stream, std::size_t line_limit);

/// kProtocol: the server said something that its protocol does not know here.
Error unexpected_answer(Protocol protocol);

/// The words of a line, separated by spaces.
std::vector<std::string> words_of(std::string_view line);

}  // namespace mail_oauth::etpan
