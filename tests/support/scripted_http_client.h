// SPDX-License-Identifier: GPL-3.0-or-later
//
// An HttpClient that answers from a script, in order. A request without a line in the script stays
// open until one is added. The test's thread only.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/source.h"
#include "ports/http_client.h"

namespace mail_oauth::testing {

class ScriptedHttpClient : public HttpClient {
 public:
  struct Seen {
    HttpRequest::Method method;
    std::string url;
    std::string body;
    std::string authorization{};
    std::string ca_file{};
  };
  std::vector<Seen> seen;

  void answer(int status, std::string body, std::map<std::string, std::string> headers = {}) {
    HttpAnswer answer;
    answer.status = status;
    answer.headers = std::move(headers);
    answer.body = Secret(body);
    add(std::move(answer));
  }
  void fail(Error error) { add(std::move(error)); }

  Call send(HttpRequest request, Done<HttpAnswer> done) override {
    seen.push_back({request.method, request.url, std::string(request.body.reveal()),
                    std::string(request.authorization.reveal()), request.ca_file});
    auto question = std::make_shared<Done<HttpAnswer>>(std::move(done));
    open_.push_back(question);
    match();
    return Call([question] { *question = nullptr; });
  }

  /// Requests that wait for an answer and were not cancelled.
  std::size_t open() const {
    std::size_t count = 0;
    for (const auto& question : open_) count += *question ? 1 : 0;
    return count;
  }

 private:
  void add(Result<HttpAnswer> line) {
    script_.push_back(std::make_shared<Result<HttpAnswer>>(std::move(line)));
    match();
  }

  void match() {
    while (!open_.empty() && !*open_.front()) open_.pop_front();
    if (open_.empty() || script_.empty()) return;
    auto question = open_.front();
    auto line = script_.front();
    open_.pop_front();
    script_.pop_front();
    post(current_context().get(), [question, line] {
      if (const auto done = std::exchange(*question, nullptr)) done(std::move(*line));
    });
  }

  std::deque<std::shared_ptr<Done<HttpAnswer>>> open_;
  std::deque<std::shared_ptr<Result<HttpAnswer>>> script_;
};

}  // namespace mail_oauth::testing
