// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command_line.h"

#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "base/cptr.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::cli;

namespace {

using FilePtr = CPtr<FILE, std::fclose>;

/// What goes to a stream while it lives; read it once.
class Captured {
 public:
  explicit Captured(FILE* stream) : stream_(stream), file_(std::tmpfile()) {
    REQUIRE(file_);
    std::fflush(stream_);
    before_ = dup(fileno(stream_));
    dup2(fileno(file_.get()), fileno(stream_));
  }
  ~Captured() { end(); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  std::string text() {
    end();
    std::rewind(file_.get());
    std::string all;
    for (int c = std::fgetc(file_.get()); c != EOF; c = std::fgetc(file_.get())) {
      all += static_cast<char>(c);
    }
    return all;
  }

 private:
  void end() {
    if (before_ < 0) return;
    std::fflush(stream_);
    dup2(before_, fileno(stream_));
    close(before_);
    before_ = -1;
  }

  FILE* stream_;
  FilePtr file_;
  int before_ = -1;
};

struct Ended {
  int code = 0;
  std::string out;
  std::string err;
};

Ended run(const Command& command, const std::vector<std::string>& words) {
  Captured out(stdout);
  Captured err(stderr);
  const int code = run_command_line({command}, words);
  return {code, out.text(), err.text()};
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Result<void> throw_a_token(const Invocation&) { throw std::runtime_error("eyJ0b2tlbg"); }
Result<void> throw_a_number(const Invocation&) { throw 42; }
Result<void> do_nothing(const Invocation&) { return {}; }
Result<void> be_refused(const Invocation&) {
  return make_error(Error::Kind::kRefused, "The server said no.");
}

Command command(Result<void> (*run)(const Invocation&), bool events = false) {
  return {{"do it", "", "does it", {}, 0, 0}, run, events};
}

}  // namespace

TEST_CASE("what a command throws is reported as our bug, with the version", "[cli]") {
  const auto run_it = GENERATE(throw_a_token, throw_a_number);

  const Ended ended = run(command(run_it), {"do", "it"});

  CHECK(ended.code == 1);
  CHECK(ended.out.empty());
  CHECK(holds(ended.err, "Please report it"));
  CHECK(holds(ended.err, MAIL_OAUTH_VERSION));
  CHECK_FALSE(holds(ended.err, "eyJ"));
}

TEST_CASE("what a command throws is one JSON object, in the form of the command", "[cli]") {
  const auto [events, object] = GENERATE(table<bool, std::string>({
      {false, R"({"v":1,"error":{"kind":"internal","message":"Something went wrong inside."}})"},
      {true,
       R"({"v":1,"event":"error","kind":"internal","message":"Something went wrong inside."})"},
  }));

  const Ended ended = run(command(throw_a_token, events), {"do", "it", "--json"});

  CHECK(ended.code == 1);
  CHECK(ended.out == object + "\n");
}

TEST_CASE("a command's exit code is that of its error's kind", "[cli]") {
  CHECK(run(command(do_nothing), {"do", "it"}).code == 0);
  CHECK(run(command(be_refused), {"do", "it"}).code == 6);
  CHECK(run(command(do_nothing), {"do", "it", "now"}).code == 2);
}

TEST_CASE("words that name no command are answered with what there is", "[cli]") {
  CHECK(run(command(do_nothing), {}).code == 2);
  CHECK(run(command(do_nothing), {"dont"}).code == 2);

  const Ended half = run(command(do_nothing), {"do"});

  CHECK(half.code == 2);
  CHECK(holds(half.err, "\"do it\""));
}
