// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("an error in JSON has its kind and words, and the rest where known", "[cli][output]") {
  Error error = make_error(Error::Kind::kRefused, "No.", "access_denied");
  CHECK(cli::json_of(error).text() ==
        R"({"kind":"refused","message":"No.","code":"access_denied"})");

  error.correlation_id = "id-1";
  error.code.clear();
  CHECK(cli::json_of(error).text() ==
        R"({"kind":"refused","message":"No.","correlation_id":"id-1"})");
}

TEST_CASE("what a provider or a server said is explained in JSON", "[cli][output]") {
  Error error = make_error(Error::Kind::kReauthorize, "Again.", "invalid_grant");
  error.peer = Error::Peer::kProvider;
  error.details = {"AADSTS54005", "54005"};
  CHECK(
      cli::json_of(error).text() ==
      R"({"kind":"reauthorize","message":"Again.","code":"invalid_grant",)"
      R"("details":["AADSTS54005","54005"],"explanation":{"id":"sign-in-used",)"
      R"("what":"The answer of this sign-in was used before, or by somebody else.",)"
      R"("who":"you","what_to_do":"Start the sign-in again.",)"
      R"("link":"https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes"}})");

  Error unknown = make_error(Error::Kind::kRefused, "It says: Full moon.", "moon");
  unknown.peer = Error::Peer::kProvider;
  CHECK(cli::json_of(unknown).text().find(
            R"("explanation":{"what":"It says: Full moon.","who":"provider","what_to_do":)") !=
        std::string::npos);
}
