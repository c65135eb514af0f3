// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/private_file.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using testing::TempFolder;

namespace {

/// While it lives, root works as somebody else.
class As {
 public:
  explicit As(const passwd& user) {
    REQUIRE(setegid(user.pw_gid) == 0);
    REQUIRE(seteuid(user.pw_uid) == 0);
  }
  ~As() {
    if (seteuid(0) != 0 || setegid(0) != 0) std::abort();
  }
  As(const As&) = delete;
  As& operator=(const As&) = delete;
};

/// A file of this user's, which the user's primary group may write.
std::string group_writable(const TempFolder& folder, const passwd& user) {
  const std::string file = folder.write("a.json", "{}");
  for (const std::string& path : {folder.path(), file}) {
    REQUIRE(chown(path.c_str(), user.pw_uid, user.pw_gid) == 0);
  }
  REQUIRE(g_chmod(file.c_str(), 0660) == 0);
  return file;
}

}  // namespace

TEST_CASE("a file that is not there is an answer", "[manifest]") {
  const TempFolder folder;

  const auto text = read_trusted_file(folder.path() + "/none/none.json");

  REQUIRE(text.has_value());
  CHECK_FALSE(text->has_value());
}

TEST_CASE("a file that others can write is refused", "[manifest]") {
  const TempFolder folder;
  const std::string file = folder.write("a.json", "{}");
  g_chmod(file.c_str(), 0666);

  const auto text = read_trusted_file(file);

  REQUIRE_FALSE(text);
  CHECK(text.error().kind == Error::Kind::kConfig);
  CHECK(text.error().what.find(file) != std::string::npos);
}

TEST_CASE("a file in a folder that others can write is refused", "[manifest]") {
  const TempFolder folder;
  const std::string file = folder.write("open/a.json", "{}");
  g_chmod((folder.path() + "/open").c_str(), 0777);

  CHECK_FALSE(read_trusted_file(file));
}

TEST_CASE("a file below a folder that others can write is refused, unless that is sticky",
          "[manifest]") {
  const TempFolder folder;
  const std::string file = folder.write("open/own/deep/a.json", "{}");
  g_chmod((folder.path() + "/open/own").c_str(), 0700);

  g_chmod((folder.path() + "/open").c_str(), 0777);
  const auto text = read_trusted_file(file);
  REQUIRE_FALSE(text);
  CHECK(text.error().what.find(folder.path() + "/open:") != std::string::npos);

  g_chmod((folder.path() + "/open").c_str(), 01777);
  CHECK(read_trusted_file(file));
}

TEST_CASE("a group that people share is not ours alone, even if it is our primary one",
          "[manifest]") {
  // Debian's base-passwd: 100 is "users".
  CHECK_FALSE(group_of_ours_alone(100));
  CHECK_FALSE(group_of_ours_alone(4'000'000));
}

TEST_CASE("a file that our primary group can write is ours only where nobody else is in it",
          "[manifest]") {
  if (geteuid() != 0) return;  // only root can become them
  // Debian's base-passwd: "daemon" has a group of its own, "nobody" is in "nogroup" with others.
  const auto [name, good] =
      GENERATE(table<std::string, bool>({{"daemon", true}, {"nobody", false}}));
  CAPTURE(name);
  const passwd* user = getpwnam(name.c_str());
  REQUIRE(user);
  const TempFolder folder;
  const std::string file = group_writable(folder, *user);
  const As they(*user);

  CHECK(read_trusted_file(file).has_value() == good);
}

TEST_CASE("a file that the tester's own group can write is read if only the tester is in it",
          "[manifest]") {
  const passwd* user = getpwuid(geteuid());
  REQUIRE(user);
  const TempFolder folder;
  const std::string file = group_writable(folder, *user);
  const group* own = getgrgid(user->pw_gid);
  REQUIRE(own);
  bool alone = std::string(own->gr_name) == user->pw_name;
  for (char** member = own->gr_mem; *member; ++member) {
    if (std::string(*member) != user->pw_name) alone = false;
  }
  const bool good = alone || own->gr_gid == 0;

  CHECK(read_trusted_file(file).has_value() == good);
}

TEST_CASE("a file of a stranger or of a foreign group is refused", "[manifest]") {
  if (geteuid() != 0) return;  // only root can give files away
  const TempFolder folder;
  const std::string stranger = folder.write("a.json", "{}");
  REQUIRE(chown(stranger.c_str(), 12345, 0) == 0);
  const std::string group = folder.write("b.json", "{}");
  REQUIRE(chown(group.c_str(), 0, 12345) == 0);
  g_chmod(group.c_str(), 0660);

  CHECK_FALSE(read_trusted_file(stranger));
  CHECK_FALSE(read_trusted_file(group));
}

TEST_CASE("folders and endless files are no manifests", "[manifest]") {
  const TempFolder folder;
  folder.write("sub/a.json", "{}");
  const std::string large = folder.write("large.json", std::string(2 * 1024 * 1024, ' '));

  CHECK_FALSE(read_trusted_file(folder.path() + "/sub"));
  CHECK_FALSE(read_trusted_file(large));
}

TEST_CASE("what we write is ours alone, in folders that are ours alone", "[manifest]") {
  const TempFolder folder;
  const std::string file = folder.path() + "/new/deep/a.json";

  REQUIRE(write_private_file(file, "text"));

  struct stat found {};
  REQUIRE(stat(file.c_str(), &found) == 0);
  CHECK((found.st_mode & 07777) == 0600);
  REQUIRE(stat((folder.path() + "/new").c_str(), &found) == 0);
  CHECK((found.st_mode & 07777) == 0700);
  CHECK(folder.read("new/deep/a.json") == "text");
}

TEST_CASE("a file that cannot be written is a storage error with its name", "[manifest]") {
  const TempFolder folder;
  folder.write("file", "");

  const auto written = write_private_file(folder.path() + "/file/a.json", "text");

  REQUIRE_FALSE(written);
  CHECK(written.error().kind == Error::Kind::kStorage);
  CHECK(written.error().what.find("/file/a.json") != std::string::npos);
}
