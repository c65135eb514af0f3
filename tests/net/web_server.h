// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs server.py for the tests of this folder.
#pragma once

#include <map>
#include <string>

#include "base/cptr.h"

namespace mail_oauth::test {

class WebServer {
 public:
  /// Started at the first use, ended with the process.
  static WebServer& instance();
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  /// "ca" is a file, everything else a port.
  std::string operator[](const std::string& name) const { return said_.at(name); }
  std::string plain(const std::string& path) const {
    return "http://127.0.0.1:" + said_.at("plain") + path;
  }
  std::string secure(const std::string& path) const { return at("good", path); }
  std::string at(const std::string& port, const std::string& path) const {
    return "https://127.0.0.1:" + said_.at(port) + path;
  }

 private:
  WebServer();
  std::map<std::string, std::string> said_;
  GPid pid_ = 0;
  int stdin_ = -1;
};

}  // namespace mail_oauth::test
