// SPDX-License-Identifier: GPL-3.0-or-later
//
// XOAUTH2 and OAUTHBEARER as a module that Cyrus SASL loads into any program of the system.
//
// User and token come from the program's callbacks; nothing here knows of grants, brokers or the
// network. Because any program loads it, it is made to lose: wherever a server offers a mechanism
// for passwords too, Cyrus chooses that one, and what does not look like a token is not sent. The
// thread of the exchange.
#include <memory>
#include <utility>

#include "base/guarded.h"
#include "base/i18n.h"
#include "cyrus/application.h"
#include "cyrus/token_shape.h"
#include "sasl/oauthbearer.h"
#include "sasl/xoauth2.h"

namespace mail_oauth::cyrus {

namespace {

constexpr const char* kNames[] = {"XOAUTH2", "OAUTHBEARER"};
constexpr unsigned kXoauth2 = 0;
const unsigned kWhich[] = {0, 1};

struct Exchange {
  unsigned mechanism = kXoauth2;
  int step = 0;
  Secret response;
};

int failed(const sasl_client_params_t& params, const Error& error) {
  params.utils->seterror(params.utils->conn, 0, "%s", error.what.c_str());
  return SASL_BADPARAM;
}

Error no_token() {
  return make_error(
      Error::Kind::kConfig,
      _("What the mail program gave is a password and no access token, so nothing was sent. Set it "
        "to another kind of sign-in, or give it a token, such as mail-oauth token prints."));
}

Result<Secret> response_for(unsigned mechanism, const sasl_client_params_t& params,
                            const std::string& user) {
  const auto token = password_as_token(params);
  if (!token) return token.error();
  if (!can_be_token(*token)) return no_token();
  if (mechanism == kXoauth2) return sasl::initial_response(user, *token);
  return sasl::oauthbearer::initial_response({user, host_of(params), port_of(params)}, *token);
}

int first(Exchange& exchange, const sasl_client_params_t& params, sasl_out_params_t* out) {
  const auto user = user_of(params);
  if (!user) return failed(params, user.error());
  auto response = response_for(exchange.mechanism, params, *user);
  if (!response) return failed(params, response.error());
  const int named = params.canon_user(params.utils->conn, user->c_str(), 0,
                                      SASL_CU_AUTHID | SASL_CU_AUTHZID, out);
  if (named != SASL_OK) return named;
  exchange.response = std::move(*response);
  return SASL_CONTINUE;  // not SASL_OK: then Cyrus takes no challenge any more
}

extern "C" {

int mail_oauth_module_new(void* which, sasl_client_params_t*, void** context) {
  return guarded("sasl mech_new", SASL_FAIL, [&] {
    auto exchange = std::make_unique<Exchange>();
    exchange->mechanism = *static_cast<const unsigned*>(which);
    *context = exchange.release();
    return SASL_OK;
  });
}

int mail_oauth_module_step(void* context, sasl_client_params_t* params, const char*, unsigned,
                           sasl_interact_t**, const char** answer, unsigned* size,
                           sasl_out_params_t* out) {
  *answer = nullptr;
  *size = 0;
  return guarded("sasl mech_step", SASL_FAIL, [&] {
    auto& exchange = *static_cast<Exchange*>(context);
    if (exchange.step > 1) return SASL_BADPROT;
    const int code = exchange.step == 0 ? first(exchange, *params, out) : SASL_CONTINUE;
    if (code != SASL_CONTINUE) return code;
    // After a refusal the client owes the server an answer: an empty one, or ^A (RFC 7628).
    std::string_view bytes;
    if (exchange.step == 0) {
      bytes = exchange.response.reveal();
    } else if (exchange.mechanism != kXoauth2) {
      bytes = sasl::oauthbearer::kRefusalAnswer;
    }
    ++exchange.step;
    *answer = bytes.data();
    *size = static_cast<unsigned>(bytes.size());
    return SASL_CONTINUE;
  });
}

void mail_oauth_module_dispose(void* context, const sasl_utils_t*) {
  guarded("sasl mech_dispose", [&] { delete static_cast<Exchange*>(context); });
}

}  // extern "C"

}  // namespace

extern "C" {

__attribute__((visibility("default"))) int sasl_client_plug_init(const sasl_utils_t*, int newest,
                                                                 int* version,
                                                                 sasl_client_plug_t** list,
                                                                 int* count) {
  return guarded("sasl plug_init", SASL_FAIL, [&] {
    if (newest < SASL_CLIENT_PLUG_VERSION) return SASL_BADVERS;
    bind_text_domain();
    static sasl_client_plug_t plugs[2] = {};
    for (int at = 0; at < 2; ++at) {
      plugs[at].mech_name = kNames[at];
      // Cyrus sorts mechanisms by their flags before all else, and takes the first that the server
      // offers. Every mechanism for passwords has at least SASL_SEC_NOANONYMOUS: it comes before.
      plugs[at].security_flags = 0;
      plugs[at].features = SASL_FEAT_WANT_CLIENT_FIRST | SASL_FEAT_ALLOWS_PROXY;
      plugs[at].glob_context = const_cast<unsigned*>(&kWhich[at]);
      plugs[at].mech_new = mail_oauth_module_new;
      plugs[at].mech_step = mail_oauth_module_step;
      plugs[at].mech_dispose = mail_oauth_module_dispose;
    }
    *version = SASL_CLIENT_PLUG_VERSION;
    *list = plugs;
    *count = 2;
    return SASL_OK;
  });
}

}  // extern "C"

}  // namespace mail_oauth::cyrus
