// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/sasl_mechanisms.h"

#include <sasl/sasl.h>
#include <sasl/saslplug.h>

#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/guarded.h"
#include "base/i18n.h"
#include "base/kept_error.h"
#include "cyrus/application.h"
#include "etpan/mechanism.h"
#include "etpan/quiet_log.h"
#include "sasl/oauthbearer.h"
#include "sasl/xoauth2.h"

extern "C" {
// Of libetpan, but in no header that is installed: initializes Cyrus SASL once for the process.
void mailsasl_ref(void);
}

namespace mail_oauth::etpan {

namespace {

// Libetpan prints a whole command into this many bytes, and cuts off what is over.
constexpr std::size_t kLongestLine = 512;

struct Origin {
  TokenForUser current;
  RefusedToken refused;
};

struct Source {
  std::mutex mutex;
  std::shared_ptr<const Origin> origin;
};

/// Never destroyed: a program may sign in from what runs at its end, and other threads meanwhile.
Source& source() {
  static auto* const all = new Source;
  return *all;
}

constinit thread_local KeptError last_error;

struct Exchange {
  Mechanism mechanism = Mechanism::kXoauth2;
  int step = 0;
  Secret response;
  std::shared_ptr<const Origin> origin;  ///< Where the token came from; null: the application.
  std::string user;
  std::optional<AccessToken> token;  ///< Only while somebody is to be told of its refusal.
  std::optional<QuietLog> quiet;     ///< From the answer to the end.
};

Mechanism kMechanisms[] = {Mechanism::kXoauth2, Mechanism::kOauthbearer};

int failed(const sasl_client_params_t& params, int code, const Error& error) {
  params.utils->seterror(params.utils->conn, 0, "%s", error.what.c_str());
  last_error.keep(error);
  return code;
}

std::string_view service_of(const sasl_client_params_t& params) {
  return params.service ? params.service : "";
}

Result<AccessToken> token_for(Exchange& exchange, const sasl_client_params_t& params) {
  std::shared_ptr<const Origin> ask;
  {
    const std::lock_guard<std::mutex> lock(source().mutex);
    ask = source().origin;
  }
  if (ask && ask->current) {
    auto token = ask->current(exchange.user, service_of(params), cyrus::host_of(params));
    if (token) {
      exchange.origin = std::move(ask);
      return std::move(*token);
    }
  }
  return cyrus::password_as_token(params);
}

Result<Secret> plain_response(Mechanism mechanism, const sasl_client_params_t& params,
                              const std::string& user, const AccessToken& token) {
  if (mechanism == Mechanism::kXoauth2) return sasl::initial_response(user, token);
  return sasl::oauthbearer::initial_response({user, cyrus::host_of(params), cyrus::port_of(params)},
                                             token);
}

/// Whether libetpan can send it. IMAP has no limit.
bool fits(Mechanism mechanism, std::string_view service, std::size_t plain) {
  const std::size_t line = (plain + 2) / 3 * 4 + std::strlen("\r\n");
  if (service == "pop") return line <= kLongestLine;
  if (service != "smtp") return true;
  return std::strlen("AUTH ") + mechanism_name(mechanism).size() + 1 + line <= kLongestLine;
}

Error too_long(std::string_view service) {
  return make_error(
      Error::Kind::kConfig,
      format(_("The access token is too long for this mail program's own {} sign-in, which would "
               "cut it off; nothing was sent. The program has to use etpan::login instead, in C "
               "{}()."),
             {service == "pop" ? "POP3" : "SMTP",
              service == "pop" ? "mail_oauth_login_pop3" : "mail_oauth_login_smtp"}),
      "too-long");
}

int respond(Exchange& exchange, const sasl_client_params_t& params, sasl_out_params_t* out) {
  auto named_user = cyrus::user_of(params);
  if (!named_user) return failed(params, SASL_BADPARAM, named_user.error());
  exchange.user = std::move(*named_user);
  const std::string& user = exchange.user;
  auto token = token_for(exchange, params);
  if (!token) return failed(params, SASL_FAIL, token.error());
  auto response = plain_response(exchange.mechanism, params, user, *token);
  if (!response) return failed(params, SASL_BADPARAM, response.error());
  if (!fits(exchange.mechanism, service_of(params), response->size())) {
    return failed(params, SASL_BUFOVER, too_long(service_of(params)));
  }
  const int named =
      params.canon_user(params.utils->conn, user.c_str(), 0, SASL_CU_AUTHID | SASL_CU_AUTHZID, out);
  if (named != SASL_OK) return named;
  exchange.response = std::move(*response);
  if (exchange.origin && exchange.origin->refused) exchange.token.emplace(std::move(*token));
  exchange.quiet.emplace();
  return SASL_CONTINUE;  // not SASL_OK: then Cyrus takes no challenge any more
}

/// The server will not take the token; `json` says why.
std::string_view answer_refusal(const Exchange& exchange, const sasl_client_params_t& params,
                                std::string_view json) {
  const Challenge why = read_challenge(exchange.mechanism, json);
  const Error error = make_error(why.passing ? Error::Kind::kTransient : Error::Kind::kRefused,
                                 format(_("The mail server refused the access token ({})."),
                                        {why.code.empty() ? "?" : why.code}),
                                 why.code);
  failed(params, SASL_CONTINUE, error);
  if (exchange.token && why.stale) {
    exchange.origin->refused(exchange.user, service_of(params), cyrus::host_of(params),
                             exchange.token->reveal());
  }
  return exchange.mechanism == Mechanism::kXoauth2 ? std::string_view("")
                                                   : sasl::oauthbearer::kRefusalAnswer;
}

int step(Exchange& exchange, const sasl_client_params_t& params, std::string_view challenge,
         std::string_view& answer, sasl_out_params_t* out) {
  if (exchange.step == 0) {
    last_error.forget();
    const int code = respond(exchange, params, out);
    if (code != SASL_CONTINUE) return code;
    answer = exchange.response.reveal();
  } else if (exchange.step == 1) {
    answer = answer_refusal(exchange, params, challenge);
  } else {
    return SASL_BADPROT;
  }
  ++exchange.step;
  return SASL_CONTINUE;
}

extern "C" {

int mail_oauth_mech_new(void* mechanism, sasl_client_params_t*, void** context) {
  return guarded("sasl mech_new", SASL_FAIL, [&] {
    auto exchange = std::make_unique<Exchange>();
    exchange->mechanism = *static_cast<const Mechanism*>(mechanism);
    *context = exchange.release();
    return SASL_OK;
  });
}

int mail_oauth_mech_step(void* context, sasl_client_params_t* params, const char* challenge,
                         unsigned size, sasl_interact_t**, const char** answer,
                         unsigned* answer_size, sasl_out_params_t* out) {
  *answer = nullptr;
  *answer_size = 0;
  return guarded("sasl mech_step", SASL_FAIL, [&] {
    std::string_view bytes;
    const int code = step(*static_cast<Exchange*>(context), *params,
                          {challenge ? challenge : "", challenge ? size : 0}, bytes, out);
    if (code != SASL_CONTINUE) return code;
    *answer = bytes.data();
    *answer_size = static_cast<unsigned>(bytes.size());
    return code;
  });
}

void mail_oauth_mech_dispose(void* context, const sasl_utils_t*) {
  guarded("sasl mech_dispose", [&] { delete static_cast<Exchange*>(context); });
}

int mail_oauth_plug_init(const sasl_utils_t*, int newest, int* version, sasl_client_plug_t** list,
                         int* count) {
  return guarded("sasl plug_init", SASL_FAIL, [&] {
    if (newest < SASL_CLIENT_PLUG_VERSION) return SASL_BADVERS;
    static sasl_client_plug_t plugs[2] = {};
    const char* const names[] = {"XOAUTH2", "OAUTHBEARER"};
    for (int at = 0; at < 2; ++at) {
      plugs[at].mech_name = names[at];
      // Cyrus prefers the plug-in whose flags contain those of the other.
      plugs[at].security_flags =
          SASL_SEC_NOPLAINTEXT | SASL_SEC_NOANONYMOUS | SASL_SEC_PASS_CREDENTIALS;
      plugs[at].features = SASL_FEAT_WANT_CLIENT_FIRST | SASL_FEAT_ALLOWS_PROXY;
      plugs[at].glob_context = &kMechanisms[at];
      plugs[at].mech_new = mail_oauth_mech_new;
      plugs[at].mech_step = mail_oauth_mech_step;
      plugs[at].mech_dispose = mail_oauth_mech_dispose;
    }
    *version = SASL_CLIENT_PLUG_VERSION;
    *list = plugs;
    *count = 2;
    return SASL_OK;
  });
}

}  // extern "C"

}  // namespace

Result<void> register_mechanisms(TokenForUser token, RefusedToken refused) {
  auto origin = std::make_shared<const Origin>(Origin{std::move(token), std::move(refused)});
  {
    const std::lock_guard<std::mutex> lock(source().mutex);
    source().origin.swap(origin);  // The old one is freed behind the lock.
  }
  static const int added = [] {
    mailsasl_ref();
    return sasl_client_add_plugin("mail-oauth", mail_oauth_plug_init);
  }();
  if (added == SASL_OK) return {};
  return make_error(Error::Kind::kConfig, format(_("Cyrus SASL does not take the mechanisms: {}"),
                                                 {sasl_errstring(added, nullptr, nullptr)}));
}

std::optional<Error> last_mechanism_error() { return last_error.error(); }

void forget_mechanism_error() { last_error.forget(); }

}  // namespace mail_oauth::etpan
