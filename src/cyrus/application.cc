// SPDX-License-Identifier: GPL-3.0-or-later
#include "cyrus/application.h"

#include <charconv>

#include "base/i18n.h"

namespace mail_oauth::cyrus {

namespace {

/// The program's callback, or null.
template <class Callback>
Callback* callback(const sasl_client_params_t& params, unsigned long id, void*& context) {
  sasl_callback_ft found = nullptr;
  if (params.utils->getcallback(params.utils->conn, id, &found, &context) != SASL_OK)
    return nullptr;
  return reinterpret_cast<Callback*>(reinterpret_cast<void (*)()>(found));
}

std::string name_from(const sasl_client_params_t& params, int id) {
  void* context = nullptr;
  auto* ask = callback<sasl_getsimple_t>(params, static_cast<unsigned long>(id), context);
  const char* name = nullptr;
  if (!ask || ask(context, id, &name, nullptr) != SASL_OK || !name) return {};
  return name;
}

}  // namespace

Result<std::string> user_of(const sasl_client_params_t& params) {
  std::string user = name_from(params, SASL_CB_AUTHNAME);
  if (user.empty()) user = name_from(params, SASL_CB_USER);
  if (!user.empty()) return user;
  return make_error(Error::Kind::kConfig, _("The mail program gave no user name."));
}

Result<AccessToken> password_as_token(const sasl_client_params_t& params) {
  void* context = nullptr;
  auto* ask = callback<sasl_getsecret_t>(params, SASL_CB_PASS, context);
  sasl_secret_t* secret = nullptr;
  if (!ask || ask(params.utils->conn, context, SASL_CB_PASS, &secret) != SASL_OK || !secret) {
    return make_error(Error::Kind::kConfig, _("The mail program gave no access token."));
  }
  return AccessToken(Secret({reinterpret_cast<const char*>(secret->data), secret->len}));
}

std::string_view host_of(const sasl_client_params_t& params) {
  return params.serverFQDN ? params.serverFQDN : "";
}

int port_of(const sasl_client_params_t& params) {
  // Behind the ";" of "192.0.2.1;993".
  const std::string_view address = params.ipremoteport ? params.ipremoteport : "";
  const auto semicolon = address.find(';');
  if (semicolon == std::string_view::npos) return 0;
  int port = 0;
  std::from_chars(address.data() + semicolon + 1, address.data() + address.size(), port);
  return port > 0 && port < 65536 ? port : 0;
}

}  // namespace mail_oauth::cyrus
