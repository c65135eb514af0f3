// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/lock_file.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "base/i18n.h"
#include "crypto/digest.h"

namespace mail_oauth {
namespace {

Error storage(std::string what) {
  return make_error(Error::Kind::kStorage, std::move(what), "lock-folder");
}

std::string absolute_from(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value == '/' ? value : "";
}

bool is_own_folder(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == geteuid();
}

/// As the system has it; empty: none.
std::string home_of_account() {
  std::vector<char> text(16'384);
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(geteuid(), &entry, text.data(), text.size(), &found);
  return found && found->pw_dir && *found->pw_dir == '/' ? found->pw_dir : "";
}

/// As `mkdir -p`; whether it worked shows when the last one is opened.
void make_folders(const std::string& path) {
  for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    mkdir(path.substr(0, at).c_str(), 0700);
    if (at == std::string::npos) return;
  }
}

Result<int> open_folder(const std::string& path) {
  make_folders(path);
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) {
    return storage(
        format(_("The folder for locks, {}, cannot be used: {}"), {path, std::strerror(errno)}));
  }
  struct stat found {};
  if (fstat(folder, &found) != 0 || found.st_uid != geteuid() || (found.st_mode & 077) != 0) {
    close(folder);
    return storage(format(_("The folder for locks, {}, must belong to you and be closed to others "
                            "(chmod 700)."),
                          {path}));
  }
  return folder;
}

}  // namespace

Result<std::string> lock_folder_path() {
  std::string home = absolute_from("HOME");
  if (home.empty() || !is_own_folder(home)) home = home_of_account();
  if (!home.empty()) return home + "/.local/state/mail-oauth/lock";
  return storage(_("There is no folder for locks: you have no home folder."));
}

Result<std::string> lock_file_name(const GrantKey& key) {
  std::string name = key.client.provider;
  for (const auto* part : {&key.client.client, &key.client.tenant, &key.identity}) {
    name.push_back('\0');
    name += *part;
  }
  auto digest = crypto::sha256(name);
  if (!digest) return digest.error();
  return crypto::hex(*digest) + ".lock";
}

Result<std::optional<LockFile>> LockFile::try_take(const std::string& folder, const GrantKey& key) {
  const auto name = lock_file_name(key);
  if (!name) return name.error();
  const auto opened = open_folder(folder);
  if (!opened) return opened.error();
  const int file =
      openat(*opened, name->c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  const int why = errno;
  close(*opened);
  if (file < 0) {
    return storage(format(_("No lock could be made in {}: {}"), {folder, std::strerror(why)}));
  }
  LockFile lock(file);
  int taken = 0;
  do {
    taken = flock(file, LOCK_EX | LOCK_NB);
  } while (taken != 0 && errno == EINTR);
  if (taken == 0) return std::optional<LockFile>(std::move(lock));
  if (errno == EWOULDBLOCK) return std::optional<LockFile>();
  return storage(format(_("No lock could be taken in {}: {}"), {folder, std::strerror(errno)}));
}

LockFile::LockFile(LockFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

LockFile::~LockFile() {
  if (file_ < 0) return;
  // Closing is not enough: who was forked meanwhile has the same lock, for as long as they live.
  flock(file_, LOCK_UN);
  close(file_);
}

}  // namespace mail_oauth
