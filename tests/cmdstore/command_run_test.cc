// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/command_run.h"

#include <signal.h>

#include <thread>

#include "support/catch.h"

using namespace mail_oauth;
using cmdstore::CommandRun;
using cmdstore::run_command;
using cmdstore::Stop;

namespace {

// A fragment for the shell; its words are never seen by ours.
CommandWords shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

Error error_of(const std::string& script, std::chrono::milliseconds limit = std::chrono::hours(1)) {
  const CommandWords words = shell(script);
  const Stop stop;
  const auto answer = run_command({words, "--store-read", "input", limit}, stop);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == Error::Kind::kStorage);
  CHECK(answer.error().code == "command");
  CHECK(answer.error().what.find("sh of --store-read") != std::string::npos);
  return answer.error();
}

}  // namespace

TEST_CASE("a command gets its input and gives its output", "[cmdstore]") {
  // More than a pipe holds, both ways at once, with NULs in it.
  const std::string input(300 * 1000, '\0');
  const CommandWords words = {"/bin/cat"};
  const Stop stop;

  const auto output = run_command({words, "--store-read", input}, stop);

  REQUIRE(output);
  CHECK(output->reveal() == input);
}

TEST_CASE("a command that reads nothing is no failure", "[cmdstore]") {
  const std::string input(300 * 1000, 'x');
  const CommandWords words = shell("exec 0<&-; printf done");
  const Stop stop;

  const auto output = run_command({words, "--store-write", input}, stop);

  REQUIRE(output);
  CHECK(output->reveal() == "done");
}

TEST_CASE("what a command leaves running does not hold us up", "[cmdstore]") {
  const CommandWords words = shell("sleep 1000 & echo $!");
  const Stop stop;

  const auto output = run_command({words, "--store-read", ""}, stop);

  REQUIRE(output);
  kill(std::stoi(std::string(output->reveal())), SIGKILL);
}

TEST_CASE("a command that fails is named, with its exit code and last words", "[cmdstore]") {
  CHECK(error_of("exit 3").what.find("exit code 3.") != std::string::npos);
  const Error talking =
      error_of("echo first >&2; printf 'no secret key\\033[2J\\n\\n' >&2; exit 2");
  CHECK(talking.what.find("exit code 2: no secret key") != std::string::npos);
  CHECK(talking.what.find("first") == std::string::npos);
  CHECK(talking.what.find('\033') == std::string::npos);
  CHECK(error_of("kill -KILL $$").what.find("signal 9") != std::string::npos);
}

TEST_CASE("a command that fails is no success where SIGCHLD is ignored", "[cmdstore]") {
  struct Ignored {
    sighandler_t before = signal(SIGCHLD, SIG_IGN);
    ~Ignored() { signal(SIGCHLD, before); }
  };
  const Ignored ignored;

  CHECK(error_of("echo 'disk full' >&2; exit 1").what.find("SIGCHLD") != std::string::npos);
}

TEST_CASE("a token in a command's last words is not shown", "[cmdstore]") {
  const Error error = error_of("echo 'bad: ya29.A0ARrdaM9wJk3Lq8ZxY7Tb5Vn2Pm4Ks6' >&2; exit 1");
  CHECK(error.what.find("A0ARrdaM9wJk3Lq8ZxY7Tb5Vn2Pm4Ks6") == std::string::npos);
}

TEST_CASE("a command that does not end is ended", "[cmdstore]") {
  const Error error = error_of("exec sleep 1000", std::chrono::milliseconds(100));
  CHECK(error.what.find("did not end within") != std::string::npos);
}

TEST_CASE("a command that says too much is ended", "[cmdstore]") {
  CHECK(error_of("exec cat /dev/zero").what.find("1 MiB") != std::string::npos);
}

TEST_CASE("a command that is not there is named", "[cmdstore]") {
  const CommandWords words = {"/no/such/gpg"};
  const Stop stop;

  const auto answer = run_command({words, "--store-read", ""}, stop);

  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == Error::Kind::kStorage);
  CHECK(answer.error().what.find("gpg of --store-read could not be started") != std::string::npos);
}

TEST_CASE("whoever waits no more ends the command", "[cmdstore]") {
  const CommandWords words = shell("exec sleep 1000");
  Stop stop;
  std::thread impatient([&stop] { stop.request(); });

  const auto answer = run_command({words, "--store-read", ""}, stop);
  impatient.join();

  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == Error::Kind::kCancelled);
}

TEST_CASE("a command that keeps the item itself is not ended half-way", "[cmdstore]") {
  const CommandWords words = shell("cat; printf ' whole'");
  Stop stop;
  stop.request();
  CommandRun run{words, "--store-write", "the"};
  run.stoppable = false;

  const auto answer = run_command(run, stop);

  REQUIRE(answer);
  CHECK(answer->reveal() == "the whole");
}
