// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/sasl_mechanisms.h"

#include <libetpan/libetpan.h>
#include <sasl/sasl.h>
#include <sasl/saslplug.h>

#include <cstring>
#include <stdexcept>

#include "scripted_mail.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

/// An application of Cyrus SASL, with the three callbacks that libetpan gives.
class Application {
 public:
  Application(const char* service, std::string user, const std::string& password,
              std::string authzid = "")
      : user_(std::move(user)), authzid_(std::move(authzid)) {
    secret_.resize(sizeof(sasl_secret_t) + password.size());
    auto* secret = reinterpret_cast<sasl_secret_t*>(secret_.data());
    secret->len = password.size();
    std::memcpy(secret->data, password.data(), password.size());
    callbacks_[0] = {SASL_CB_AUTHNAME,
                     reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(name)), this};
    callbacks_[1] = {SASL_CB_USER, reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(name)),
                     this};
    callbacks_[2] = {SASL_CB_PASS, reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(word)),
                     this};
    callbacks_[3] = {SASL_CB_LIST_END, nullptr, nullptr};
    REQUIRE(sasl_client_new(service, "mail.contoso.test", nullptr, "192.0.2.1;993", callbacks_, 0,
                            &connection_) == SASL_OK);
  }
  ~Application() { sasl_dispose(&connection_); }
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  int start(const char* mechanism) {
    return take(sasl_client_start(connection_, mechanism, nullptr, &out_, &size_, &used_));
  }
  int go_on(const std::string& challenge) {
    return take(sasl_client_step(connection_, challenge.data(),
                                 static_cast<unsigned>(challenge.size()), nullptr, &out_, &size_));
  }
  std::string detail() { return sasl_errdetail(connection_); }

  std::string sent;

 private:
  static int name(void* self, int id, const char** result, unsigned* size) {
    const auto* me = static_cast<Application*>(self);
    const std::string& text = id == SASL_CB_USER ? me->authzid_ : me->user_;
    *result = text.c_str();
    if (size) *size = static_cast<unsigned>(text.size());
    return SASL_OK;
  }
  static int word(sasl_conn_t*, void* self, int, sasl_secret_t** secret) {
    *secret = reinterpret_cast<sasl_secret_t*>(static_cast<Application*>(self)->secret_.data());
    return SASL_OK;
  }
  int take(int code) {
    sent = out_ ? std::string(out_, size_) : std::string();
    return code;
  }

  std::string user_;
  std::string authzid_;
  std::vector<char> secret_;
  sasl_callback_t callbacks_[4];
  sasl_conn_t* connection_ = nullptr;
  const char* out_ = nullptr;
  unsigned size_ = 0;
  const char* used_ = nullptr;
};

/// KDE's plug-in, as far as Cyrus compares it: the same name, fewer flags.
int rival_step(void*, sasl_client_params_t*, const char*, unsigned, sasl_interact_t**,
               const char** out, unsigned* size, sasl_out_params_t*) {
  *out = "rival";
  *size = 5;
  return SASL_CONTINUE;
}
int rival_new(void*, sasl_client_params_t*, void** context) {
  *context = nullptr;
  return SASL_OK;
}
int rival(const sasl_utils_t*, int, int* version, sasl_client_plug_t** list, int* count) {
  static sasl_client_plug_t plug = {};
  plug.mech_name = "XOAUTH2";
  plug.security_flags = SASL_SEC_NOANONYMOUS | SASL_SEC_PASS_CREDENTIALS;
  plug.features = SASL_FEAT_WANT_CLIENT_FIRST | SASL_FEAT_ALLOWS_PROXY;
  plug.mech_new = rival_new;
  plug.mech_step = rival_step;
  *version = SASL_CLIENT_PLUG_VERSION;
  *list = &plug;
  *count = 1;
  return SASL_OK;
}

/// Between two rivals: the earlier and the later must both lose.
void register_among_rivals(etpan::TokenForUser token = {}, etpan::RefusedToken refused = {}) {
  static const bool first = [] {
    REQUIRE(sasl_client_init(nullptr) == SASL_OK);
    return sasl_client_add_plugin("rival before", rival) == SASL_OK;
  }();
  REQUIRE(first);
  REQUIRE(etpan::register_mechanisms(std::move(token), std::move(refused)));
  static const bool last = sasl_client_add_plugin("rival after", rival) == SASL_OK;
  REQUIRE(last);
}

/// What XOAUTH2 takes beside the token: "user=", "a@b.c", "^Aauth=Bearer " and "^A^A".
constexpr std::size_t kBeside = 5 + 5 + 13 + 2;

}  // namespace

TEST_CASE("XOAUTH2 takes user and token from the application", "[etpan][sasl]") {
  register_among_rivals();
  Application app("imap", "a@b.c", "token-one", "ignored@b.c");

  REQUIRE(app.start("XOAUTH2") == SASL_CONTINUE);
  CHECK(app.sent == "user=a@b.c\1auth=Bearer token-one\1\1");
  CHECK_FALSE(etpan::last_mechanism_error());

  // A refusal is answered with nothing.
  REQUIRE(app.go_on(R"({"status":"401","schemes":"bearer","scope":"mail"})") == SASL_CONTINUE);
  CHECK(app.sent.empty());
  CHECK(etpan::last_mechanism_error().value().kind == Error::Kind::kRefused);
  CHECK(etpan::last_mechanism_error().value().code == "401");
  CHECK(app.go_on("more") == SASL_BADPROT);
}

TEST_CASE("a server that failed itself is an error that passes", "[etpan][sasl]") {
  register_among_rivals();
  Application app("imap", "a@b.c", "token-one");

  REQUIRE(app.start("XOAUTH2") == SASL_CONTINUE);
  REQUIRE(app.go_on(R"({"status":"500","schemes":"bearer","scope":"mail"})") == SASL_CONTINUE);

  CHECK(etpan::last_mechanism_error().value().kind == Error::Kind::kTransient);
}

TEST_CASE("OAUTHBEARER names host and port, escapes the user, and answers ^A", "[etpan][sasl]") {
  register_among_rivals();
  Application app("imap", "a=b,c", "token-one");

  REQUIRE(app.start("OAUTHBEARER") == SASL_CONTINUE);
  CHECK(app.sent == "n,a=a=3Db=2Cc,\1host=mail.contoso.test\1port=993\1auth=Bearer token-one\1\1");
  REQUIRE(app.go_on(R"({"status":"invalid_token"})") == SASL_CONTINUE);
  CHECK(app.sent == "\1");
  CHECK(etpan::last_mechanism_error().value().code == "invalid_token");
}

TEST_CASE("the user's callback serves where the authentication name is empty", "[etpan][sasl]") {
  register_among_rivals();
  Application app("imap", "", "token-one", "a@b.c");

  REQUIRE(app.start("XOAUTH2") == SASL_CONTINUE);
  CHECK(app.sent == "user=a@b.c\1auth=Bearer token-one\1\1");
}

TEST_CASE("what would break the response fails before anything is sent", "[etpan][sasl]") {
  const auto [user, token] = GENERATE(table<std::string, std::string>({
      {"", "t"},                      // nobody
      {"a@b.c", ""},                  // no token
      {"a@b.c\1auth=Bearer m", "t"},  // a field smuggled in
      {"a@b.c", "t\1\1"},
  }));
  register_among_rivals();
  Application app("imap", user, token);

  CHECK(app.start("XOAUTH2") == SASL_BADPARAM);
  CHECK(app.sent.empty());
  CHECK(etpan::last_mechanism_error().value().kind == Error::Kind::kConfig);
}

TEST_CASE("what libetpan would cut off fails and names the way out", "[etpan][sasl]") {
  // The response in base64, and "AUTH XOAUTH2 " before it on SMTP, have 510 bytes.
  const auto [service, longest] = GENERATE(table<std::string, std::size_t>({
      {"pop", 381 - kBeside},   // 508 in base64; 512 would be over
      {"smtp", 372 - kBeside},  // 496 and 13 before it
  }));
  CAPTURE(service);
  register_among_rivals();

  Application fits(service.c_str(), "a@b.c", std::string(longest, 't'));
  CHECK(fits.start("XOAUTH2") == SASL_CONTINUE);

  Application over(service.c_str(), "a@b.c", std::string(longest + 1, 't'));
  CHECK(over.start("XOAUTH2") == SASL_BUFOVER);
  CHECK(over.sent.empty());
  CHECK(over.detail().find("etpan::login") != std::string::npos);
  CHECK(etpan::last_mechanism_error().value().code == "too-long");

  Application imap("imap", "a@b.c", std::string(60000, 't'));
  CHECK(imap.start("XOAUTH2") == SASL_CONTINUE);
}

TEST_CASE("a registered source gives the token instead of the password", "[etpan][sasl]") {
  register_among_rivals([](std::string_view user, std::string_view service, std::string_view host) {
    const std::string token =
        std::string(user) + "." + std::string(service) + "." + std::string(host);
    return AccessToken(Secret(token));
  });
  Application app("imap", "a@b.c", "a password");
  REQUIRE(app.start("XOAUTH2") == SASL_CONTINUE);
  CHECK(app.sent == "user=a@b.c\1auth=Bearer a@b.c.imap.mail.contoso.test\1\1");

  register_among_rivals(
      [](std::string_view, std::string_view, std::string_view) -> Result<AccessToken> {
        return make_error(Error::Kind::kReauthorize, "sign in again");
      });
  Application ended("imap", "a@b.c", "a password");
  CHECK(ended.start("XOAUTH2") == SASL_FAIL);
  CHECK(etpan::last_mechanism_error().value().kind == Error::Kind::kReauthorize);

  register_among_rivals(
      [](std::string_view, std::string_view, std::string_view) -> Result<AccessToken> {
        throw std::runtime_error("a source that throws");
      });
  Application thrown("imap", "a@b.c", "a password");
  CHECK(thrown.start("XOAUTH2") == SASL_FAIL);
  CHECK(thrown.sent.empty());
}

TEST_CASE("whom the source does not know signs in with the application's token", "[etpan][sasl]") {
  bool told = false;
  register_among_rivals(
      [](std::string_view, std::string_view,
         std::string_view) -> std::optional<Result<AccessToken>> { return std::nullopt; },
      [&](std::string_view, std::string_view, std::string_view, std::string_view) { told = true; });
  Application app("imap", "a@b.c", "token-one");

  REQUIRE(app.start("XOAUTH2") == SASL_CONTINUE);
  CHECK(app.sent == "user=a@b.c\1auth=Bearer token-one\1\1");
  CHECK(app.go_on(R"({"status":"401"})") == SASL_CONTINUE);
  CHECK_FALSE(told);
}

TEST_CASE("the source is told which of its tokens was refused", "[etpan][sasl]") {
  const auto [status, told] = GENERATE(table<std::string, std::string>({
      {"401", "a@b.c imap mail.contoso.test token-two"}, {"403", ""},  // no token helps
  }));
  std::string words;
  register_among_rivals([](std::string_view, std::string_view,
                           std::string_view) { return AccessToken(Secret("token-two")); },
                        [&](std::string_view user, std::string_view service, std::string_view host,
                            std::string_view token) {
                          for (const auto word : {user, service, host, token}) {
                            words += (words.empty() ? "" : " ") + std::string(word);
                          }
                        });
  Application app("imap", "a@b.c", "a password");

  REQUIRE(app.start("XOAUTH2") == SASL_CONTINUE);
  CHECK(words.empty());
  REQUIRE(app.go_on("{\"status\":\"" + status + "\"}") == SASL_CONTINUE);
  CHECK(words == told);
}

TEST_CASE("a list instead of a name sends the password as a token: the danger of SECURITY.md",
          "[etpan][sasl]") {
  // Not wanted, but so: what an application of a list gets from these mechanisms, which have to win
  // over others of their names. The loadable module is made otherwise (tests/cyrus).
  register_among_rivals();
  Application app("imap", "a@b.c", "a password");

  REQUIRE(app.start("PLAIN XOAUTH2") == SASL_CONTINUE);

  CHECK(app.sent == "user=a@b.c\1auth=Bearer a password\1\1");
}

TEST_CASE("a source of tokens keeps the password out of a list's choice", "[etpan][sasl]") {
  register_among_rivals([](std::string_view, std::string_view, std::string_view) {
    return AccessToken(Secret("token-of-the-source"));
  });
  Application app("imap", "a@b.c", "a password");

  REQUIRE(app.start("PLAIN XOAUTH2") == SASL_CONTINUE);

  CHECK(app.sent == "user=a@b.c\1auth=Bearer token-of-the-source\1\1");
}

TEST_CASE("libetpan's own calls sign in by name", "[etpan][sasl]") {
  // user=a@b.c^Aauth=Bearer token-one^A^A
  const std::string response = "dXNlcj1hQGIuYwFhdXRoPUJlYXJlciB0b2tlbi1vbmUBAQ==";
  register_among_rivals();

  ScriptedMail imap({send("* OK ready\r\n"), expect("{tag} AUTHENTICATE XOAUTH2"), send("+ \r\n"),
                     expect(response), send("1 OK in\r\n")});
  CHECK(mailimap_authenticate(imap_to(imap.port()).get(), "XOAUTH2", "localhost", nullptr, nullptr,
                              "a@b.c", "a@b.c", "token-one", nullptr) == MAILIMAP_NO_ERROR);

  ScriptedMail refuses({send("* OK ready\r\n"), expect("{tag} AUTHENTICATE XOAUTH2"),
                        send("+ \r\n"), expect(response), send("+ eyJzdGF0dXMiOiI0MDEifQ==\r\n"),
                        expect(""), send("1 NO no\r\n")});
  CHECK(mailimap_authenticate(imap_to(refuses.port()).get(), "XOAUTH2", "localhost", nullptr,
                              nullptr, "a@b.c", "a@b.c", "token-one",
                              nullptr) == MAILIMAP_ERROR_LOGIN);
  CHECK(etpan::last_mechanism_error().value().code == "401");

  ScriptedMail pop({send("+OK ready\r\n"), expect("AUTH XOAUTH2"), send("+\r\n"), expect(response),
                    send("+OK in\r\n")});
  CHECK(mailpop3_auth(pop_to(pop.port()).get(), "XOAUTH2", "localhost", nullptr, nullptr, "a@b.c",
                      "a@b.c", "token-one", nullptr) == MAILPOP3_NO_ERROR);

  ScriptedMail smtp(
      {send("220 ready\r\n"), expect("AUTH XOAUTH2 " + response), send("235 in\r\n")});
  CHECK(mailesmtp_auth_sasl(smtp_to(smtp.port()).get(), "XOAUTH2", "localhost", nullptr, nullptr,
                            "a@b.c", "a@b.c", "token-one", nullptr) == MAILSMTP_NO_ERROR);
}

namespace {

std::string logged;

/// A logger that does not look at the mark, as Claws Mail's.
void log_all(int, const char* bytes, size_t size) { logged.append(bytes, size); }

}  // namespace

TEST_CASE("libetpan's debug log shows no token, and goes on afterwards", "[etpan][sasl]") {
  const std::string response = "dXNlcj1hQGIuYwFhdXRoPUJlYXJlciB0b2tlbi1vbmUBAQ==";
  register_among_rivals();
  mailstream_debug = 1;
  mailstream_logger = log_all;
  logged.clear();

  ScriptedMail imap({send("* OK ready\r\n"), expect("{tag} AUTHENTICATE XOAUTH2"), send("+ \r\n"),
                     expect(response), send("1 OK in\r\n"), expect("{tag} NOOP"),
                     send("2 OK noop\r\n")});
  const auto session = imap_to(imap.port());
  CHECK(mailimap_authenticate(session.get(), "XOAUTH2", "localhost", nullptr, nullptr, "a@b.c",
                              "a@b.c", "token-one", nullptr) == MAILIMAP_NO_ERROR);
  CHECK(mailimap_noop(session.get()) == MAILIMAP_NO_ERROR);
  ScriptedMail pop({send("+OK ready\r\n"), expect("AUTH XOAUTH2"), send("+\r\n"), expect(response),
                    send("+OK in\r\n")});
  mailpop3_auth(pop_to(pop.port()).get(), "XOAUTH2", "localhost", nullptr, nullptr, "a@b.c",
                "a@b.c", "token-one", nullptr);
  ScriptedMail smtp(
      {send("220 ready\r\n"), expect("AUTH XOAUTH2 " + response), send("235 in\r\n")});
  mailesmtp_auth_sasl(smtp_to(smtp.port()).get(), "XOAUTH2", "localhost", nullptr, nullptr, "a@b.c",
                      "a@b.c", "token-one", nullptr);

  CHECK(mailstream_debug == 1);
  mailstream_debug = 0;
  mailstream_logger = nullptr;
  CHECK(logged.find("NOOP") != std::string::npos);
  CHECK(logged.find("dXNlcj1hQGIu") == std::string::npos);
}

TEST_CASE("libetpan sends nothing of a token that it would cut off", "[etpan][sasl]") {
  register_among_rivals();
  const std::string token(2500, 't');

  ScriptedMail pop({send("+OK ready\r\n"), expect("QUIT")});
  CHECK(mailpop3_auth(pop_to(pop.port()).get(), "XOAUTH2", "localhost", nullptr, nullptr, "a@b.c",
                      "a@b.c", token.c_str(), nullptr) != MAILPOP3_NO_ERROR);
  CHECK(pop.finish() == std::vector<std::string>{"QUIT"});
  CHECK(etpan::last_mechanism_error().value().what.find("etpan::login") != std::string::npos);

  ScriptedMail smtp({send("220 ready\r\n"), expect("QUIT")});
  CHECK(mailesmtp_auth_sasl(smtp_to(smtp.port()).get(), "XOAUTH2", "localhost", nullptr, nullptr,
                            "a@b.c", "a@b.c", token.c_str(), nullptr) != MAILSMTP_NO_ERROR);
  CHECK(smtp.finish() == std::vector<std::string>{"QUIT"});
}
