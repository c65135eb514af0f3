// SPDX-License-Identifier: GPL-3.0-or-later
//
// Requests of these tests, and what came of them.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "net/lazy_http_client.h"
#include "net/web_server.h"
#include "support/loop.h"

namespace mail_oauth::test {

using Method = HttpRequest::Method;

inline HttpRequest request(Method method, const std::string& url,
                           std::chrono::milliseconds limit = std::chrono::seconds(30)) {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.ca_file = WebServer::instance()["ca"];
  request.time_limit = limit;
  return request;
}

inline HttpRequest get(const std::string& url) { return request(Method::kGet, url); }

inline HttpRequest post(const std::string& url, std::string_view body) {
  HttpRequest form = request(Method::kPost, url);
  form.body = Secret(body);
  return form;
}

/// "POST" or "GET", for CAPTURE.
inline const char* name_of(Method method) { return method == Method::kPost ? "POST" : "GET"; }

inline Result<HttpAnswer> ask(HttpClient& client, HttpRequest request) {
  auto answer = answer_of<HttpAnswer>(
      [&](Done<HttpAnswer> done) { return client.send(std::move(request), std::move(done)); });
  if (!answer) return make_error(Error::Kind::kInternal, "the test's guard ended it");
  return *std::move(answer);
}

inline Result<HttpAnswer> ask(HttpRequest request) {
  LazyHttpClient client{HttpOptions{}};
  return ask(client, std::move(request));
}

inline std::string body(const Result<HttpAnswer>& answer) {
  return std::string(answer->body.reveal());
}

/// The number behind a name in what /counts says.
inline int count(const Result<HttpAnswer>& answer, const std::string& name) {
  const std::string text = body(answer);
  return std::stoi(text.substr(text.find(name) + name.size() + 2));
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace mail_oauth::test
