// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/web_server.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>
#include <stdexcept>

namespace mail_oauth::test {

WebServer& WebServer::instance() {
  static WebServer server;
  return server;
}

WebServer::WebServer() {
  const char* argv[] = {"/usr/bin/python3", "-W", "ignore", MAIL_OAUTH_TEST_SERVER, nullptr};
  int out = -1;
  GError* error = nullptr;
  if (!g_spawn_async_with_pipes(nullptr, const_cast<char**>(argv), nullptr,
                                G_SPAWN_DO_NOT_REAP_CHILD, nullptr, nullptr, &pid_, &stdin_, &out,
                                nullptr, &error)) {
    throw std::runtime_error(GErrorPtr(error)->message);
  }
  std::string text;
  char byte = 0;
  while (read(out, &byte, 1) == 1 && byte != '\n') text += byte;
  close(out);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    said_[word.substr(0, equals)] = word.substr(equals + 1);
  }
}

WebServer::~WebServer() {
  close(stdin_);
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

}  // namespace mail_oauth::test
