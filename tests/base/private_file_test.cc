// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/private_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using testing::TempFolder;

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
