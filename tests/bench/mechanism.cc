// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench_mechanism ours|others CALLS: the step of XOAUTH2 in Cyrus SASL that makes the response,
// with a token of 2.5 KB, by our mechanism or by what SASL_PATH leads to. Prints {"p50": ns, "p99":
// ns}.
#include <sasl/sasl.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "bench/timing.h"
#include "etpan/sasl_mechanisms.h"

using namespace mail_oauth;
using namespace mail_oauth::bench;

namespace {

constexpr std::size_t kTokenSize = 2500;
constexpr const char* kUser = "alice@contoso.test";

template <class Function>
int (*generic(Function* function))() {
  return reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(function));
}

int name(void*, int, const char** result, unsigned* size) {
  *result = kUser;
  if (size) *size = static_cast<unsigned>(std::strlen(kUser));
  return SASL_OK;
}

int password(sasl_conn_t*, void* secret, int, sasl_secret_t** result) {
  *result = static_cast<sasl_secret_t*>(secret);
  return SASL_OK;
}

/// What the program is asked for in a list; KDE's mechanism asks in no other way.
void fill_in(sasl_interact_t* questions, const std::string& token) {
  for (; questions && questions->id != SASL_CB_LIST_END; ++questions) {
    const bool secret = questions->id == SASL_CB_PASS;
    questions->result = secret ? token.c_str() : kUser;
    questions->len = static_cast<unsigned>(secret ? token.size() : std::strlen(kUser));
  }
}

/// Nanoseconds until there is a response; -1 when it could not hold the token.
std::int64_t step(const sasl_callback_t* callbacks, const std::string& token) {
  sasl_conn_t* connection = nullptr;
  if (sasl_client_new("imap", "localhost", nullptr, nullptr, callbacks, 0, &connection) != SASL_OK)
    return -1;
  const char* out = nullptr;
  const char* used = nullptr;
  unsigned size = 0;
  sasl_interact_t* questions = nullptr;
  const auto start = Steady::now();
  int code = sasl_client_start(connection, "XOAUTH2", &questions, &out, &size, &used);
  while (code == SASL_INTERACT) {
    fill_in(questions, token);
    code = sasl_client_start(connection, "XOAUTH2", &questions, &out, &size, &used);
  }
  const std::int64_t time = nanoseconds_since(start);
  const bool made = (code == SASL_OK || code == SASL_CONTINUE) && out && size > token.size();
  sasl_dispose(&connection);
  return made ? time : -1;
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  const bool ours = std::string(words[1]) == "ours";
  if (ours) {
    if (!etpan::register_mechanisms()) return 1;
  } else if (sasl_client_init(nullptr) != SASL_OK) {
    return 1;
  }
  std::vector<char> secret(sizeof(sasl_secret_t) + kTokenSize, 't');
  reinterpret_cast<sasl_secret_t*>(secret.data())->len = kTokenSize;
  const sasl_callback_t callbacks[] = {{SASL_CB_AUTHNAME, generic(name), nullptr},
                                       {SASL_CB_USER, generic(name), nullptr},
                                       {SASL_CB_PASS, generic(password), secret.data()},
                                       {SASL_CB_LIST_END, nullptr, nullptr}};
  const sasl_callback_t none[] = {{SASL_CB_AUTHNAME, nullptr, nullptr},
                                  {SASL_CB_USER, nullptr, nullptr},
                                  {SASL_CB_PASS, nullptr, nullptr},
                                  {SASL_CB_LIST_END, nullptr, nullptr}};
  const std::string token(kTokenSize, 't');
  std::vector<std::int64_t> times;
  const int calls = std::atoi(words[2]);
  for (int i = 0; i < calls + calls / 10; ++i) {
    const std::int64_t time = step(ours ? callbacks : none, token);
    if (time < 0) return 1;
    if (i >= calls / 10) times.push_back(time);
  }
  std::cout << summary(times) << "\n";
  return 0;
}
