// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/authorization_code_flow.h"

#include "codec/base64url.h"
#include "codec/form.h"
#include "signin/fakes.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using signin::SignedIn;

namespace {

constexpr const char* kIssuer = "https://p.example";

Provider example_provider() {
  Provider provider;
  provider.id = "p";
  provider.name = "P";
  provider.file = "/etc/p.json";
  provider.endpoints.issuer = kIssuer;
  provider.endpoints.authorization = "https://p.example/authorize";
  provider.endpoints.token = "https://p.example/token";
  provider.endpoints.revocation = "https://p.example/revoke";
  provider.scopes.mail = {{Protocol::kImap, {"https://m.example/IMAP"}},
                          {Protocol::kPop, {"https://m.example/POP"}},
                          {Protocol::kSmtp, {"https://m.example/SMTP"}}};
  provider.scopes.always = {"offline_access"};
  provider.scopes.identity = {"openid"};
  provider.identity_claims = {"preferred_username"};
  provider.redirect.host = "localhost";
  return provider;
}

std::string id_token(const std::string& claims) {
  return base64url(R"({"alg":"none"})") + "." + base64url("{" + claims + "}") + ".";
}

/// Stands for the id_token until the nonce of the request is known.
constexpr std::string_view kIdToken = "@id_token@";

std::string tokens(const std::string& more) {
  return R"({"access_token":"at-1","token_type":"Bearer","expires_in":3599,"refresh_token":"rt-1")" +
         more + "}";
}

std::string token_answer_for(const std::string& name, const std::string& more = "") {
  return tokens(R"(,"id_token":")" + std::string(kIdToken) + name + "\"" + more);
}

std::string parameter(const std::string& url, const std::string& name) {
  const auto fields = parse_form(url.substr(url.find('?') + 1));
  if (!fields) return {};
  for (const auto& field : *fields) {
    if (field.first == name) return field.second;
  }
  return {};
}

// A sign-in of alice@example.com with everything scripted.
struct AuthorizationCodeFlowScene {
  Journal journal;
  FakeStore store{journal};
  FakeKeeper keeper{journal};
  FakeHttp http{journal};
  FakeListeners listeners{journal};
  FakeBrowser browser{journal};
  FakeClock clock;
  Provider provider = example_provider();
  std::vector<Protocol> protocols = {Protocol::kImap, Protocol::kSmtp};
  signin::SignInTalk talk;
  std::string printed;
  std::optional<Error> no_browser;
  std::string iss = kIssuer;         ///< Of the id_token, as are the next two.
  int lasts = 3600;                  ///< By the clock as it stands at the start.
  std::optional<std::string> nonce;  ///< Nothing: the one that was asked for.
  std::unique_ptr<signin::AuthorizationCodeFlow> flow;
  std::optional<Result<SignedIn>> result;
  int results = 0;

  /// What the provider says in the id_token of `name`, a second for which is `claims`.
  std::string claims_of(const std::string& name) const {
    return R"("aud":"c1","sub":"s-1","preferred_username":")" + name + R"(","iss":")" + iss +
           R"(","exp":)" + std::to_string(1'700'000'000 + lasts) + R"(,"nonce":")" +
           (nonce ? *nonce : parameter(printed, "nonce")) + '"';
  }

  std::string with_id_token(std::string body) const {
    const std::size_t at = body.find(kIdToken);
    if (at == std::string::npos) return body;
    const std::size_t end = body.find('"', at);
    const std::string name = body.substr(at + kIdToken.size(), end - at - kIdToken.size());
    return body.replace(at, end - at, id_token(claims_of(name)));
  }

  void start() {
    http.filled = [this](std::string body) { return with_id_token(std::move(body)); };
    talk.authorization_url = [this](const std::string& url) { printed = url; };
    talk.no_browser = [this](const Error& why) { no_browser = why; };
    flow = std::make_unique<signin::AuthorizationCodeFlow>(
        signin::Ports{store, keeper, http, listeners, browser, clock},
        signin::SignInRequest{provider,
                              {"p", "c1", ""},
                              "Alice@example.com",
                              protocols,
                              "",
                              std::chrono::seconds(600)},
        talk);
    flow->start([this](Result<SignedIn> answer) {
      ++results;
      result.emplace(std::move(answer));
    });
    CHECK_FALSE(result);  // never from inside the call
    run_until_quiet();
  }

  std::string state() const { return parameter(printed, "state"); }

  RedirectVerdict::Kind redirect(const std::string& query) {
    const auto verdict = listeners.judge(query);
    run_until_quiet();
    return verdict.kind;
  }

  Error::Kind failure() const {
    REQUIRE(result);
    REQUIRE_FALSE(*result);
    CHECK(results == 1);
    CHECK_FALSE(keeper.grant);
    return result->error().kind;
  }
  bool did(const std::string& what) const {
    return std::find(journal.begin(), journal.end(), what) != journal.end();
  }
};

}  // namespace

TEST_CASE("a sign-in ends with a grant", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};

  scene.start();
  CHECK(scene.redirect("code=abc&state=" + scene.state()) == RedirectVerdict::Kind::kSignedIn);

  REQUIRE(scene.result);
  REQUIRE(*scene.result);
  CHECK((*scene.result)->key.identity == "alice@example.com");
  CHECK((*scene.result)->missing.empty());
  REQUIRE(scene.keeper.grant);
  CHECK(scene.keeper.grant->refresh_token.reveal() == "rt-1");
  CHECK(scene.keeper.grant->expires_at == scene.clock.time + std::chrono::seconds(3599));
  CHECK(scene.keeper.grant->token_endpoint == "https://p.example/token");
  CHECK(scene.journal == Journal{"store.prove", "store.secret", "listen", "browser",
                                 "listen no more", "http https://p.example/token", "adopt"});
}

TEST_CASE("the request has PKCE, state, hint and the scopes, and redemption repeats them",
          "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};

  scene.start();
  scene.redirect("code=abc&state=" + scene.state());

  CHECK(scene.browser.url == scene.printed);
  CHECK(parameter(scene.printed, "code_challenge_method") == "S256");
  CHECK(parameter(scene.printed, "state").size() == 43);
  CHECK(parameter(scene.printed, "login_hint") == "Alice@example.com");
  CHECK(parameter(scene.printed, "redirect_uri") == "http://localhost:4711/");
  REQUIRE(scene.http.seen.size() == 1);
  const std::string body = "?" + scene.http.seen[0].body;
  CHECK(parameter(body, "code") == "abc");
  CHECK(parameter(body, "redirect_uri") == "http://localhost:4711/");
  CHECK(parameter(body, "scope") == parameter(scene.printed, "scope"));
  CHECK(parameter(body, "code_verifier").size() == 43);
}

TEST_CASE("a random nonce is asked for whenever openid is, and has to come back", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};

  SECTION("it comes back") {
    scene.start();
    CHECK(parameter(scene.printed, "nonce").size() == 43);
    CHECK(parameter(scene.printed, "nonce") != scene.state());
    scene.redirect("code=abc&state=" + scene.state());
    REQUIRE(scene.keeper.grant);
    CHECK(scene.keeper.grant->subject == "s-1");
  }
  SECTION("another one comes back") {
    scene.nonce = "of-another-sign-in";
    scene.start();
    scene.redirect("code=abc&state=" + scene.state());
    CHECK(scene.failure() == Error::Kind::kProtocol);
  }
  SECTION("openid is not asked for") {
    scene.provider.scopes.identity = {"profile"};
    scene.nonce = "nobody asked";
    scene.start();
    CHECK(parameter(scene.printed, "nonce").empty());
    scene.redirect("code=abc&state=" + scene.state());
    CHECK(scene.keeper.grant);
  }
}

TEST_CASE("an id_token of another issuer signs nobody in", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.iss = "https://mallory.example";
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};
  scene.start();

  scene.redirect("code=abc&state=" + scene.state());

  CHECK(scene.failure() == Error::Kind::kProtocol);
  CHECK(scene.result->error().what.find("https://mallory.example") != std::string::npos);
  CHECK(scene.result->error().what.find(kIssuer) != std::string::npos);
}

TEST_CASE("whether an id_token has expired is judged by the provider's clock", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};

  SECTION("ours is two hours ahead") {
    scene.clock.time += std::chrono::hours(2);
    scene.http.headers["date"] = "Tue, 14 Nov 2023 22:13:20 GMT";  // 1'700'000'000
    scene.start();
    scene.redirect("code=abc&state=" + scene.state());
    CHECK(scene.keeper.grant);
  }
  SECTION("it had expired there, too") {
    scene.lasts = -301;
    scene.http.headers["date"] = "Tue, 14 Nov 2023 22:13:20 GMT";
    scene.start();
    scene.redirect("code=abc&state=" + scene.state());
    CHECK(scene.failure() == Error::Kind::kProtocol);
  }
  SECTION("who does not tell the time is judged by ours") {
    scene.clock.time += std::chrono::hours(2);
    scene.start();
    scene.redirect("code=abc&state=" + scene.state());
    CHECK(scene.failure() == Error::Kind::kProtocol);
  }
}

TEST_CASE("a client secret goes into the header where the provider wants it there", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.provider.client_secret_basic = true;
  scene.store.client_secret = "s3cret";
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};

  scene.start();
  scene.redirect("code=abc&state=" + scene.state());

  CHECK(scene.http.seen.at(0).authorization == "Basic YzE6czNjcmV0");  // c1:s3cret
  CHECK(scene.http.seen.at(0).body.find("s3cret") == std::string::npos);
  CHECK(scene.http.seen.at(0).body.find("client_id") == std::string::npos);
  REQUIRE(scene.keeper.grant);
  CHECK(scene.keeper.grant->client_secret_basic);
}

TEST_CASE("every request of a sign-in trusts what its provider's manifest names", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.provider.ca_file = "/etc/own.pem";
  scene.provider.endpoints.authorization.clear();
  scene.provider.endpoints.token.clear();
  scene.http.script = {
      {200,
       R"({"issuer":"https://p.example","authorization_endpoint":"https://p.example/a",)"
       R"("token_endpoint":"https://p.example/t"})",
       {}},
      {200, token_answer_for("alice@example.com"), {}}};

  scene.start();
  scene.redirect("code=abc&state=" + scene.state());

  REQUIRE(scene.http.seen.size() == 2);
  for (const auto& request : scene.http.seen) CHECK(request.ca_file == "/etc/own.pem");
}

TEST_CASE("a provider that takes pushed requests only is told before a browser opens", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.provider.endpoints.authorization.clear();
  scene.provider.endpoints.token.clear();
  scene.http.script = {
      {200,
       R"({"issuer":"https://p.example","authorization_endpoint":"https://p.example/a",)"
       R"("token_endpoint":"https://p.example/t","require_pushed_authorization_requests":true})",
       {}}};

  scene.start();

  CHECK(scene.failure() == Error::Kind::kRefused);
  CHECK(scene.result->error().what.find("PAR") != std::string::npos);
  CHECK_FALSE(scene.did("browser"));
  CHECK_FALSE(scene.did("listen"));
}

TEST_CASE("no browser is opened when the store cannot store", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.store.failure = make_error(Error::Kind::kStorage, "the keyring is locked");

  scene.start();

  CHECK(scene.failure() == Error::Kind::kStorage);
  CHECK(scene.journal == Journal{"store.prove"});
}

TEST_CASE("no browser is opened when nobody could come back", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.listeners.failure = make_error(Error::Kind::kConfig, "port 4711 is taken");

  scene.start();

  CHECK(scene.failure() == Error::Kind::kConfig);
  CHECK_FALSE(scene.did("browser"));
}

TEST_CASE("a protocol without scopes is refused before anything happens", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.provider.scopes.mail.erase(Protocol::kSmtp);

  scene.start();

  CHECK(scene.failure() == Error::Kind::kConfig);
  CHECK(scene.journal.empty());
}

TEST_CASE("a client secret is used where stored and missed where required", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.provider.client_secret = Presence::kRequired;

  SECTION("stored") {
    scene.store.client_secret = "s3cret";
    scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};
    scene.start();
    scene.redirect("code=abc&state=" + scene.state());
    CHECK(parameter("?" + scene.http.seen.at(0).body, "client_secret") == "s3cret");
  }
  SECTION("missing") {
    scene.start();
    CHECK(scene.failure() == Error::Kind::kConfig);
    CHECK_FALSE(scene.did("browser"));
  }
}

TEST_CASE("a browser that does not start is told, and the sign-in waits on", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.browser.failure = make_error(Error::Kind::kConfig, "no browser");
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};

  scene.start();
  REQUIRE(scene.no_browser);
  CHECK_FALSE(scene.result);
  scene.redirect("code=abc&state=" + scene.state());

  REQUIRE(scene.result);
  CHECK(*scene.result);
}

TEST_CASE("requests that are not the answer do not end the waiting", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};
  scene.start();

  for (const std::string query :
       {"", "code=abc", "code=evil&state=wrong", "%zz", "error=access_denied"}) {
    CHECK(scene.redirect(query) == RedirectVerdict::Kind::kNotForUs);
  }
  CHECK_FALSE(scene.result);
  CHECK(scene.redirect("code=abc&state=" + scene.state()) == RedirectVerdict::Kind::kSignedIn);
  CHECK(scene.redirect("code=abc&state=" + scene.state()) == RedirectVerdict::Kind::kNotForUs);

  REQUIRE(scene.result);
  CHECK(*scene.result);
  CHECK(scene.results == 1);
}

TEST_CASE("an answer of another issuer is refused", "[signin]") {
  const auto [iss, required, kind] = GENERATE(table<std::string, bool, Error::Kind>({
      {"&iss=https%3A%2F%2Fevil.example", false, Error::Kind::kProtocol},  // a mix-up
      {"&iss=https%3A%2F%2Fevil.example", true, Error::Kind::kProtocol},
      {"", true, Error::Kind::kProtocol},  // left out by an attacker
  }));
  AuthorizationCodeFlowScene scene;
  scene.provider.iss = required ? Presence::kRequired : Presence::kOptional;
  scene.start();

  CHECK(scene.redirect("code=abc&state=" + scene.state() + iss) == RedirectVerdict::Kind::kFailed);

  CHECK(scene.failure() == kind);
  CHECK(scene.http.seen.empty());  // the code went nowhere
}

TEST_CASE("the right issuer passes where it is required", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.provider.iss = Presence::kRequired;
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};
  scene.start();

  scene.redirect("code=abc&iss=https%3A%2F%2Fp.example&state=" + scene.state());

  REQUIRE(scene.result);
  CHECK(*scene.result);
}

TEST_CASE("errors in the redirect keep their kind", "[signin]") {
  const auto [query, kind] = GENERATE(table<std::string, Error::Kind>({
      {"error=access_denied", Error::Kind::kCancelled},
      {"error=temporarily_unavailable", Error::Kind::kTransient},
      {"error=unauthorized_client", Error::Kind::kRefused},
      {"nothing=1", Error::Kind::kProtocol},
  }));
  CAPTURE(query);
  AuthorizationCodeFlowScene scene;
  scene.start();

  CHECK(scene.redirect(query + "&state=" + scene.state()) == RedirectVerdict::Kind::kFailed);

  CHECK(scene.failure() == kind);
}

TEST_CASE("errors of the token endpoint keep their kind", "[signin]") {
  const auto [status, body, kind] = GENERATE(table<int, std::string, Error::Kind>({
      {400, R"({"error":"invalid_grant"})", Error::Kind::kReauthorize},
      {401, R"({"error":"invalid_client"})", Error::Kind::kConfig},
      {503, "<html>", Error::Kind::kTransient},
      {200, "<html>", Error::Kind::kProtocol},
      {400, R"({"error":"access_denied"})", Error::Kind::kRefused},
      {200, R"({"access_token":"at","token_type":"Bearer"})",
       Error::Kind::kProtocol},  // no refresh token
  }));
  CAPTURE(status, body);
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{status, body, {}}};
  scene.start();

  scene.redirect("code=abc&state=" + scene.state());

  CHECK(scene.failure() == kind);
}

TEST_CASE("a token endpoint that cannot be reached is transient", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{0, "", make_error(Error::Kind::kTransient, "certificate")}};
  scene.start();

  scene.redirect("code=abc&state=" + scene.state());

  CHECK(scene.failure() == Error::Kind::kTransient);
}

TEST_CASE("without an id_token the name that was asked for counts", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{200, tokens(""), {}}};
  scene.start();

  scene.redirect("code=abc&state=" + scene.state());

  REQUIRE(scene.keeper.grant);
  CHECK(scene.keeper.grant->key.identity == "alice@example.com");
}

TEST_CASE("another identity has to be confirmed, with both names", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{200, token_answer_for("alice@corp.example"), {}}, {200, "", {}}};
  std::string question;
  std::function<void(bool)> decide;
  scene.talk.confirm_identity = [&](const std::string& asked, const std::string& found,
                                    std::function<void(bool)> the_decide) {
    question = asked + " " + found;
    decide = the_decide;
  };
  scene.start();
  scene.redirect("code=abc&state=" + scene.state());
  CHECK(question == "Alice@example.com alice@corp.example");
  CHECK_FALSE(scene.result);
  CHECK_FALSE(scene.keeper.grant);

  SECTION("accepted") {
    decide(true);
    run_until_quiet();
    REQUIRE(scene.result);
    REQUIRE(*scene.result);
    CHECK((*scene.result)->key.identity == "alice@corp.example");
  }
  SECTION("declined: nothing is kept, and the provider is told") {
    decide(false);
    run_until_quiet();
    CHECK(scene.failure() == Error::Kind::kCancelled);
    CHECK(scene.http.seen.at(1).url == "https://p.example/revoke");
    CHECK(parameter("?" + scene.http.seen.at(1).body, "token") == "rt-1");
  }
  SECTION("asked too late") {
    scene.flow.reset();
    decide(true);
    run_until_quiet();
    CHECK_FALSE(scene.result);
  }
}

TEST_CASE("another identity is declined where nobody can be asked", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.provider.endpoints.revocation.clear();
  scene.http.script = {{200, token_answer_for("bob@example.com"), {}}};
  scene.start();

  scene.redirect("code=abc&state=" + scene.state());

  CHECK(scene.failure() == Error::Kind::kCancelled);
}

TEST_CASE("a narrower grant is kept, and what is missing is named", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {
      {200,
       token_answer_for("alice@example.com", R"(,"scope":"HTTPS://M.EXAMPLE/imap offline_access")"),
       {}}};
  scene.start();

  scene.redirect("code=abc&state=" + scene.state());

  REQUIRE(scene.result);
  REQUIRE(*scene.result);
  CHECK((*scene.result)->missing == std::vector<Protocol>{Protocol::kSmtp});
}

TEST_CASE("an answer without scope means what was asked for, and no more", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.protocols = {Protocol::kImap};
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};
  scene.start();

  scene.redirect("code=abc&state=" + scene.state());

  REQUIRE(scene.keeper.grant);
  CHECK(scene.keeper.grant->scope == "https://m.example/IMAP offline_access openid");
}

TEST_CASE("declining somebody does not end their sign-ins elsewhere", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.provider.revocation_ends_other_devices = true;
  scene.http.script = {{200, token_answer_for("bob@example.com"), {}}};
  scene.start();

  scene.redirect("code=abc&state=" + scene.state());

  CHECK(scene.failure() == Error::Kind::kCancelled);
  CHECK_FALSE(scene.did("http https://p.example/revoke"));
}

TEST_CASE("a grant of nothing is refused", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{200, token_answer_for("alice@example.com", R"(,"scope":"openid")"), {}}};
  scene.start();

  scene.redirect("code=abc&state=" + scene.state());

  CHECK(scene.failure() == Error::Kind::kRefused);
}

TEST_CASE("the address on which the browser ended can be pasted", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};
  scene.start();

  const auto wrong = scene.flow->paste("http://localhost:4711/?code=abc&state=wrong");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().kind == Error::Kind::kProtocol);
  REQUIRE(scene.flow->paste("  http://localhost:4711/?code=abc&state=" + scene.state() + "#x\n"));
  run_until_quiet();

  REQUIRE(scene.result);
  CHECK(*scene.result);
}

TEST_CASE("a pasted error is judged like a redirect", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.start();

  REQUIRE(scene.flow->paste("error=access_denied&state=" + scene.state()));
  run_until_quiet();

  CHECK(scene.failure() == Error::Kind::kCancelled);
}

TEST_CASE("nothing can be pasted before the address is known", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.store.failure = make_error(Error::Kind::kStorage, "locked");
  scene.start();

  CHECK(scene.flow->paste("code=a&state=b").error().kind == Error::Kind::kConfig);
}

TEST_CASE("a sign-in that nobody finishes ends after its limit", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.start();

  scene.clock.advance(std::chrono::seconds(599));
  CHECK_FALSE(scene.result);
  scene.clock.advance(std::chrono::seconds(2));

  CHECK(scene.failure() == Error::Kind::kTransient);
}

TEST_CASE("a cancelled sign-in says so once", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.start();

  scene.flow->cancel();
  scene.flow->cancel();
  run_until_quiet();

  CHECK(scene.failure() == Error::Kind::kCancelled);
}

TEST_CASE("a sign-in whose grant has gone to its keeper is not called cancelled", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.keeper.late = true;
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};
  scene.start();
  scene.redirect("code=abc&state=" + scene.state());
  REQUIRE(scene.keeper.grant);

  CHECK_FALSE(scene.flow->cancel());
  run_until_quiet();
  CHECK_FALSE(scene.result);
  REQUIRE(scene.keeper.due);
  scene.keeper.due({});

  REQUIRE(scene.result);
  CHECK(scene.result->has_value());
}

TEST_CASE("a destroyed sign-in says nothing", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.start();
  const auto judge = scene.listeners.judge;

  judge("code=abc&state=" + scene.state());
  scene.flow.reset();
  run_until_quiet();

  CHECK_FALSE(scene.result);
  CHECK(scene.http.seen.empty());
}

TEST_CASE("a grant that could not be stored is a storage error", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.keeper.failure = make_error(Error::Kind::kStorage, "disk full");
  scene.http.script = {{200, token_answer_for("alice@example.com"), {}}};
  scene.start();

  scene.redirect("code=abc&state=" + scene.state());

  REQUIRE(scene.result);
  CHECK(scene.result->error().kind == Error::Kind::kStorage);
}

TEST_CASE("endpoints come from the issuer where the manifest has none", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.provider.endpoints = {};
  scene.provider.endpoints.issuer = kIssuer;
  scene.http.script = {{200,
                        R"({"issuer":"https://p.example",
                                "authorization_endpoint":"https://p.example/auth2",
                                "token_endpoint":"https://p.example/token2",
                                "authorization_response_iss_parameter_supported":true})",
                        {}},
                       {200, token_answer_for("alice@example.com"), {}}};
  scene.start();
  CHECK(scene.printed.find("https://p.example/auth2?") == 0);

  SECTION("and with them the duty to name the issuer") {
    scene.redirect("code=abc&state=" + scene.state());
    CHECK(scene.failure() == Error::Kind::kProtocol);
  }
  SECTION("and the grant remembers them") {
    scene.redirect("code=abc&iss=https%3A%2F%2Fp.example&state=" + scene.state());
    REQUIRE(scene.keeper.grant);
    CHECK(scene.keeper.grant->token_endpoint == "https://p.example/token2");
  }
}

TEST_CASE("a sign-in that is cancelled before the browser opens opens none", "[signin]") {
  AuthorizationCodeFlowScene scene;
  scene.talk.authorization_url = [](const std::string&) { FAIL("an address was shown"); };
  scene.flow = std::make_unique<signin::AuthorizationCodeFlow>(
      signin::Ports{scene.store, scene.keeper, scene.http, scene.listeners, scene.browser,
                    scene.clock},
      signin::SignInRequest{scene.provider,
                            {"p", "c1", ""},
                            "alice@example.com",
                            scene.protocols,
                            "",
                            std::chrono::seconds(600)},
      scene.talk);
  scene.flow->start([&scene](Result<SignedIn> answer) {
    ++scene.results;
    scene.result.emplace(std::move(answer));
  });
  scene.flow->cancel();
  run_until_quiet();

  CHECK(scene.failure() == Error::Kind::kCancelled);
  CHECK(scene.journal.empty());
}
