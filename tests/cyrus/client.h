// SPDX-License-Identifier: GPL-3.0-or-later
//
// A program that uses Cyrus SASL and has our module among its plug-ins, with a name and a password
// in callbacks. One thread.
#pragma once

#include <sasl/sasl.h>

#include <string>
#include <vector>

namespace mail_oauth::testing {

/// Lets Cyrus load our module and the system's PLAIN and LOGIN, and nothing else. Before the first
/// use of Cyrus in the process; later calls do nothing. False: the system has no PLAIN.
bool load_module();

class Client {
 public:
  Client(std::string user, const std::string& password);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  int start(const char* mechanisms);
  int go_on(const std::string& challenge);
  std::string detail() const { return sasl_errdetail(connection_); }

  std::string sent;
  std::string chosen;

 private:
  static int name(void* self, int id, const char** result, unsigned* size);
  static int word(sasl_conn_t*, void* self, int, sasl_secret_t** secret);
  int take(int code);

  std::string user_;
  std::vector<char> secret_;
  sasl_callback_t callbacks_[4];
  sasl_conn_t* connection_ = nullptr;
  const char* out_ = nullptr;
  unsigned size_ = 0;
};

}  // namespace mail_oauth::testing
