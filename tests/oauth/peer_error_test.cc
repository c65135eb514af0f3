// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/peer_error.h"

#include "oauth/authorization.h"
#include "oauth/token_answer.h"
#include "support/catch.h"

using namespace mail_oauth;
using Details = std::vector<std::string>;

// The sample of Microsoft's page "Microsoft Entra authentication and authorization error codes".
TEST_CASE("what Microsoft's token endpoint says is kept", "[oauth][peer_error]") {
  const Error error = oauth::classify_error(400, R"({
    "error":"invalid_scope",
    "error_description":"AADSTS70011: The provided value for the input parameter 'scope' isn't valid.\r\nTrace ID: 0000aaaa-11bb-cccc-dd33-eeeeee333333\r\nCorrelation ID: aaaa0000-bb11-2222-33cc-444444dddddd\r\nTimestamp: 2016-01-09 02:02:12Z",
    "error_codes":[70011],"timestamp":"2016-01-09 02:02:12Z",
    "trace_id":"0000aaaa-11bb-cccc-dd33-eeeeee333333",
    "correlation_id":"aaaa0000-bb11-2222-33cc-444444dddddd"})");

  CHECK(error.peer == Error::Peer::kProvider);
  CHECK(error.code == "invalid_scope");
  CHECK(error.details == Details{"AADSTS70011", "70011"});
  CHECK(error.said ==
        "AADSTS70011: The provided value for the input parameter 'scope' isn't valid.");
  CHECK(error.what.find(error.said) != std::string::npos);
  CHECK(error.correlation_id == "aaaa0000-bb11-2222-33cc-444444dddddd");
}

TEST_CASE("a correlation id that stands only in the text is kept", "[oauth][peer_error]") {
  Error error;
  oauth::keep_description(error,
                          "AADSTS65004: User declined to consent to access the app. Trace ID: "
                          "0000aaaa-11bb-cccc-dd33-eeeeee333333 Correlation ID: "
                          "aaaa0000-bb11-2222-33cc-444444dddddd Timestamp: x");

  CHECK(error.correlation_id == "aaaa0000-bb11-2222-33cc-444444dddddd");
  CHECK(error.details == Details{"AADSTS65004"});

  Error cut;
  oauth::keep_description(cut, "Correlation ID: aaaa0000");
  CHECK(cut.correlation_id.empty());
}

TEST_CASE("the error of a redirect keeps its words and codes", "[oauth][peer_error]") {
  const auto code = oauth::parse_redirect(
      "state=xyz&error=access_denied&error_description=AADSTS65004%3A+User+declined+to+consent."
      "%0D%0ACorrelation+ID%3A+aaaa0000-bb11-2222-33cc-444444dddddd",
      {"xyz", "", Presence::kOptional});

  REQUIRE_FALSE(code);
  CHECK(code.error().peer == Error::Peer::kProvider);
  CHECK(code.error().details == Details{"AADSTS65004"});
  CHECK(code.error().said == "AADSTS65004: User declined to consent.");
  CHECK(code.error().correlation_id == "aaaa0000-bb11-2222-33cc-444444dddddd");
}

TEST_CASE("suberrors of either name are kept", "[oauth][peer_error]") {
  CHECK(oauth::classify_error(400, R"({"error":"invalid_grant","suberror":"bad_token"})").details ==
        Details{"bad_token"});
  // Google, when a Workspace wants people to sign in anew after some hours
  CHECK(oauth::classify_error(400, R"({"error":"invalid_grant","error_subtype":"invalid_rapt"})")
            .details == Details{"invalid_rapt"});
}

TEST_CASE("details of a wrong type, and what could be a token, are not kept",
          "[oauth][peer_error]") {
  const auto body = GENERATE(
      as<std::string>{}, R"({"error":"x","error_codes":"50076","suberror":7})",
      R"({"error":"x","error_codes":{"a":1},"error_description":[]})",
      R"({"error":"x","suberror":"EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA","error_codes":["a",1.5]})",
      R"({"error":"x","error_description":"EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC31: x"})");
  CAPTURE(body);

  const Error error = oauth::classify_error(400, body);

  CHECK(error.details.empty());
  CHECK(error.said.find("EwBA") == std::string::npos);
  CHECK(error.what.find("EwBA") == std::string::npos);
}

TEST_CASE("a flood of numbers is cut", "[oauth][peer_error]") {
  const Error error =
      oauth::classify_error(400, R"({"error":"x","error_codes":[1,2,3,4,5,6,7,8,9,10,1,1]})");
  CHECK(error.details.size() == 8);
}
