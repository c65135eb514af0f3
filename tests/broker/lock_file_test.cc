// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/lock_file.h"

#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

const GrantKey kKey{{"contoso", "client-1", "t1"}, "alice@contoso.test"};

bool takes(const std::string& folder, const GrantKey& key = kKey) {
  const auto lock = LockFile::try_take(folder, key);
  REQUIRE(lock);
  return lock->has_value();
}

/// What another process finds: whether it gets the lock.
bool child_takes(const std::string& folder) {
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = LockFile::try_take(folder, kKey);
    _exit(lock && *lock ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Sets a variable for the test's length.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (before_) {
      setenv(name_, before_->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

mode_t mode_of(const std::string& path) {
  struct stat found {};
  REQUIRE(stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

}  // namespace

TEST_CASE("a lock excludes until it is destroyed", "[lock]") {
  const TempFolder temp;
  const std::string folder = temp.path() + "/a/lock";
  {
    const auto held = LockFile::try_take(folder, kKey);
    REQUIRE((held && *held));
    CHECK_FALSE(takes(folder));
    CHECK_FALSE(child_takes(folder));
    CHECK(takes(folder, {kKey.client, "bob@contoso.test"}));  // another grant
  }
  CHECK(takes(folder));
  CHECK(child_takes(folder));
}

TEST_CASE("a process that dies frees its lock", "[lock]") {
  const TempFolder temp;
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = LockFile::try_take(temp.path() + "/lock", kKey);
    const char byte = lock && *lock ? 'y' : 'n';
    if (write(ready[1], &byte, 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  REQUIRE(byte == 'y');
  CHECK_FALSE(takes(temp.path() + "/lock"));

  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ready[0]);
  close(ready[1]);

  CHECK(takes(temp.path() + "/lock"));
}

TEST_CASE("folder and file are closed to others, and the file stays", "[lock]") {
  const TempFolder temp;
  const std::string folder = temp.path() + "/lock";
  CHECK(takes(folder));

  const auto name = lock_file_name(kKey);
  REQUIRE(name);
  CHECK(mode_of(folder) == 0700);
  CHECK(mode_of(folder + "/" + *name) == 0600);
}

TEST_CASE("the file is named by the digest of the key's four parts", "[lock]") {
  // printf 'p\0c\0t\0i' | sha256sum
  const auto name = lock_file_name({{"p", "c", "t"}, "i"});

  REQUIRE(name);
  CHECK(*name == "59a74299e0438d0f68db7740ca099e01cb4d5bedd59c3c247800ba6a2070edf2.lock");
}

TEST_CASE("a folder open to others is refused by name", "[lock]") {
  const TempFolder temp;
  const std::string folder = temp.path() + "/lock";
  REQUIRE(mkdir(folder.c_str(), 0700) == 0);
  REQUIRE(chmod(folder.c_str(), 0755) == 0);

  const auto lock = LockFile::try_take(folder, kKey);

  REQUIRE_FALSE(lock);
  CHECK(lock.error().kind == Error::Kind::kStorage);
  CHECK(lock.error().what.find(folder) != std::string::npos);
}

TEST_CASE("neither a linked folder nor a linked file is followed", "[lock]") {
  const TempFolder temp;
  const std::string real = temp.path() + "/real";
  REQUIRE(takes(real));
  REQUIRE(symlink(real.c_str(), (temp.path() + "/link").c_str()) == 0);
  CHECK_FALSE(LockFile::try_take(temp.path() + "/link", kKey));

  const std::string file = real + "/" + *lock_file_name(kKey);
  REQUIRE(unlink(file.c_str()) == 0);
  REQUIRE(symlink("/dev/null", file.c_str()) == 0);
  CHECK_FALSE(LockFile::try_take(real, kKey));
}

TEST_CASE("everybody who reaches a grant has the same lock, whatever their environment", "[lock]") {
  const TempFolder temp;
  const Variable home("HOME", temp.path());
  const Variable state("XDG_STATE_HOME", temp.path() + "/elsewhere");
  const Variable runtime("XDG_RUNTIME_DIR", temp.path());
  const std::string folder = temp.path() + "/.local/state/mail-oauth/lock";
  CHECK(*lock_folder_path() == folder);  // a desktop
  unsetenv("XDG_STATE_HOME");
  unsetenv("XDG_RUNTIME_DIR");
  CHECK(*lock_folder_path() == folder);  // cron
}

TEST_CASE("the lock is below the account's own home where HOME is somebody else's", "[lock]") {
  const passwd* account = getpwuid(geteuid());
  REQUIRE(account);
  const std::string own = std::string(account->pw_dir) + "/.local/state/mail-oauth/lock";
  const Variable home("HOME", "/nowhere");
  CHECK(*lock_folder_path() == own);
  unsetenv("HOME");
  CHECK(*lock_folder_path() == own);
}

TEST_CASE("a lock that is given back is free though a child was forked meanwhile", "[lock]") {
  const TempFolder temp;
  const std::string folder = temp.path() + "/lock";
  auto held = LockFile::try_take(folder, kKey);
  REQUIRE((held && *held));
  int end[2];
  REQUIRE(pipe(end) == 0);
  const pid_t child = fork();
  if (child == 0) {
    close(end[1]);
    char byte = 0;
    _exit(read(end[0], &byte, 1) == 0 ? 0 : 1);  // it lives on, as a host's resolver does
  }
  close(end[0]);

  held->reset();

  CHECK(takes(folder));
  close(end[1]);
  waitpid(child, nullptr, 0);
}
