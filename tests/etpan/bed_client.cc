// SPDX-License-Identifier: GPL-3.0-or-later
#include "bed_client.h"

#include <gio/gio.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "support/catch.h"

namespace mail_oauth::testing {

namespace {

std::string post_raw(const std::string& authority, const std::string& path,
                     const std::string& body) {
  const auto client = GRef<GSocketClient>::adopt(g_socket_client_new());
  GError* error = nullptr;
  const auto connection = GRef<GSocketConnection>::adopt(
      g_socket_client_connect_to_host(client.get(), authority.c_str(), 80, nullptr, &error));
  const GErrorPtr kept(error);
  if (!connection) return {};
  const std::string request = "POST /" + path +
                              " HTTP/1.0\r\nContent-Length: " + std::to_string(body.size()) +
                              "\r\n\r\n" + body;
  GIOStream* stream = G_IO_STREAM(connection.get());
  g_output_stream_write_all(g_io_stream_get_output_stream(stream), request.data(), request.size(),
                            nullptr, nullptr, nullptr);
  std::string answer;
  char bytes[4096];
  gssize count = 0;
  while ((count = g_input_stream_read(g_io_stream_get_input_stream(stream), bytes, sizeof bytes,
                                      nullptr, nullptr)) > 0) {
    answer.append(bytes, static_cast<std::size_t>(count));
  }
  return answer;
}

template <class Session, class Connect>
void connected(Session* session, Connect connect, int port) {
  signal(SIGPIPE, SIG_IGN);
  connect(session, "localhost", static_cast<uint16_t>(port));
}

}  // namespace

std::string bed_variable(const char* name) {
  const char* value = std::getenv(name);
  INFO(name << " is not set: run this under tests/bed/bed.py run");
  REQUIRE(value);
  return value;
}

int bed_port(const char* name) { return std::atoi(bed_variable(name).c_str()); }

Json bed(const std::string& operation, const std::string& arguments) {
  const std::string url = bed_variable("BED_CONTROL");
  const std::string authority = url.substr(std::string("http://").size());
  const std::string answer = post_raw(authority, operation, arguments);
  CAPTURE(operation);
  REQUIRE(answer.find(" 200 ") < answer.find("\r\n"));
  auto json = Json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
  REQUIRE(json);
  return std::move(*json);
}

std::string bed_token(const std::string& user, int bytes) {
  bed("set", R"({"token_bytes":)" + std::to_string(bytes) + "}");
  const auto token = bed("sign_in", R"({"user":")" + user + "\"}").string_at("access_token");
  REQUIRE(token);
  return *token;
}

int bed_scripted(const std::string& script, const std::string& tls,
                 const std::string& certificate) {
  const auto port = bed("scripted", R"({"script":")" + script + R"(","tls":")" + tls +
                                        R"(","certificate":")" + certificate + "\"}")
                        .integer_at("port");
  REQUIRE(port);
  return static_cast<int>(*port);
}

std::vector<std::string> bed_received(int port) {
  const auto log = bed("scripted_log", R"({"port":)" + std::to_string(port) + "}").at("received");
  REQUIRE(log);
  std::vector<std::string> lines;
  for (const auto& item : log->items()) lines.push_back(item.as_string().value_or(""));
  return lines;
}

const crypto::TrustAnchors& bed_anchors() {
  static const auto anchors = [] {
    std::stringstream pem;
    pem << std::ifstream(bed_variable("BED_CA")).rdbuf();
    return crypto::TrustAnchors::of_pem(pem.str());
  }();
  REQUIRE(anchors);
  return *anchors;
}

etpan::Login bed_login(const std::string& user, TokenList& list, int port) {
  etpan::Login login;
  login.user = user;
  login.peer.host = "localhost";
  login.peer.port = port;
  login.peer.anchors = &bed_anchors();
  login.tokens = list.tokens();
  return login;
}

ImapPtr imap_tls(int port) {
  ImapPtr session(mailimap_new(0, nullptr));
  connected(session.get(), mailimap_ssl_connect, port);
  return session;
}

PopPtr pop_tls(int port) {
  PopPtr session(mailpop3_new(0, nullptr));
  connected(session.get(), mailpop3_ssl_connect, port);
  return session;
}

SmtpPtr smtp_tls(int port) {
  SmtpPtr session(mailsmtp_new(0, nullptr));
  connected(session.get(), mailsmtp_ssl_connect, port);
  return session;
}

}  // namespace mail_oauth::testing
