// SPDX-License-Identifier: GPL-3.0-or-later
//
// A folder of a test's own, gone with the object.
#pragma once

#include <glib/gstdio.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "base/cptr.h"

namespace mail_oauth::testing {

class TempFolder {
 public:
  TempFolder() {
    const GCharPtr made(g_dir_make_tmp("mail-oauth-test-XXXXXX", nullptr));
    path_ = made.get();
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }

  /// Writes a file with mode 0600 below the folder, and returns its path.
  std::string write(const std::string& name, std::string_view text) const {
    const std::filesystem::path file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    g_chmod(file.c_str(), 0600);
    return file;
  }

  std::string read(const std::string& name) const {
    std::ifstream in(std::filesystem::path(path_) / name);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

 private:
  std::string path_;
};

}  // namespace mail_oauth::testing
