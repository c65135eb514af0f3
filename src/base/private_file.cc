// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/private_file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/cptr.h"
#include "base/i18n.h"

namespace mail_oauth {

namespace {

constexpr off_t kLimit = 1024 * 1024;
constexpr std::size_t kNamesSize = 64 * 1024;  // a group may have many members

class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

Error unreadable(const std::string& path, int cause) {
  return make_error(Error::Kind::kConfig,
                    format(_("{}: cannot be read: {}."), {path, g_strerror(cause)}));
}

// A file that somebody else can write would let them send the sign-in to a server of theirs.
bool in_good_hands(const struct stat& found) {
  if (found.st_uid != geteuid() && found.st_uid != 0) return false;
  if (found.st_mode & S_IWOTH) return false;
  return !(found.st_mode & S_IWGRP) || found.st_gid == 0 || group_of_ours_alone(found.st_gid);
}

// Who may write a folder further up may put another one in the place of ours. In a sticky one, such
// as /tmp, they may not; root's groups, such as staff in /usr/local, are root's affair; and in a
// sandbox the owner that it does not know is nobody.
bool keeps_its_folders(const struct stat& found) {
  constexpr uid_t kUnknownOwner = 65534;
  if (found.st_uid != geteuid() && found.st_uid != 0 && found.st_uid != kUnknownOwner) return false;
  if (found.st_mode & S_ISVTX) return true;
  if (found.st_mode & S_IWOTH) return false;
  return !(found.st_mode & S_IWGRP) || found.st_uid == 0 || group_of_ours_alone(found.st_gid);
}

Result<void> check_hands(const std::string& path, bool good) {
  if (good) return {};
  return make_error(
      Error::Kind::kConfig,
      format(_("{}: not used, because others can write it. It has to belong to you or "
               "to root, with mode 0644 or less for a file and 0755 or less for a folder."),
             {path}));
}

Result<std::string> read_all(int fd, const std::string& path) {
  std::string text;
  char chunk[8192];
  for (;;) {
    const ssize_t count = read(fd, chunk, sizeof chunk);
    if (count == 0) return text;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(path, errno);
    text.append(chunk, static_cast<std::size_t>(count));
    if (static_cast<off_t>(text.size()) > kLimit) return unreadable(path, EFBIG);
  }
}

std::string parent_of(const std::string& path) {
  return GCharPtr(g_path_get_dirname(path.c_str())).get();
}

/// Those above it too, up to the root.
Result<void> check_folders(const std::string& path) {
  const std::string nearest = parent_of(path);
  std::string below = path;
  for (std::string folder = nearest; folder != below; folder = parent_of(folder)) {
    struct stat found {};
    if (stat(folder.c_str(), &found) != 0) return unreadable(folder, errno);
    const bool good = folder == nearest ? in_good_hands(found) : keeps_its_folders(found);
    if (const auto hands = check_hands(folder, good); !hands) return hands;
    below = folder;
  }
  return {};
}

}  // namespace

bool group_of_ours_alone(gid_t group) {
  passwd user{};
  passwd* known = nullptr;
  std::vector<char> user_texts(kNamesSize);
  struct group members {};
  struct group* found = nullptr;
  std::vector<char> group_texts(kNamesSize);
  if (getpwuid_r(geteuid(), &user, user_texts.data(), user_texts.size(), &known) != 0 || !known ||
      getgrgid_r(group, &members, group_texts.data(), group_texts.size(), &found) != 0 || !found) {
    return false;
  }
  if (user.pw_gid != group || std::strcmp(members.gr_name, user.pw_name) != 0) return false;
  for (char** member = members.gr_mem; *member; ++member) {
    if (std::strcmp(*member, user.pw_name) != 0) return false;
  }
  return true;
}

Result<std::optional<std::string>> read_trusted_file(const std::string& path) {
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>();
  if (!file) return unreadable(path, errno);
  struct stat found {};
  if (fstat(file.fd(), &found) != 0) return unreadable(path, errno);
  if (!S_ISREG(found.st_mode)) return unreadable(path, EINVAL);
  if (const auto good = check_hands(path, in_good_hands(found)); !good) return good.error();
  if (const auto good = check_folders(path); !good) return good.error();
  auto text = read_all(file.fd(), path);
  if (!text) return text.error();
  return std::optional<std::string>(*std::move(text));
}

Result<void> write_private_file(const std::string& path, std::string_view text) {
  const auto failed = [&path](const char* why) {
    return make_error(Error::Kind::kStorage, format(_("{}: cannot be written: {}."), {path, why}));
  };
  const GCharPtr folder(g_path_get_dirname(path.c_str()));
  if (g_mkdir_with_parents(folder.get(), 0700) != 0) return failed(g_strerror(errno));
  GError* raw = nullptr;
  const gboolean written =
      g_file_set_contents_full(path.c_str(), text.data(), static_cast<gssize>(text.size()),
                               static_cast<GFileSetContentsFlags>(G_FILE_SET_CONTENTS_CONSISTENT |
                                                                  G_FILE_SET_CONTENTS_DURABLE),
                               0600, &raw);
  const GErrorPtr error(raw);
  if (!written) return failed(error ? error->message : g_strerror(EIO));
  return {};
}

}  // namespace mail_oauth
