// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sign_in_words.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;
using std::chrono::seconds;

TEST_CASE("a name with an underscore keeps it in a button", "[claws][words]") {
  CHECK(without_keys("first_last@example.org") == "first__last@example.org");
  CHECK(without_keys("_a__b") == "__a____b");
  CHECK(without_keys("alice") == "alice");
}

TEST_CASE("the time left is told in whole minutes, and in seconds at the end", "[claws][words]") {
  const auto [left, words] = GENERATE(table<int, std::string>({
      {900, "The code is good for 15 more minutes."},
      {899, "The code is good for 14 more minutes."},
      {119, "The code is good for 1 more minute."},
      {60, "The code is good for 1 more minute."},
      {59, "The code is good for 59 more seconds."},
      {1, "The code is good for 1 more second."},
      {0, "The code has run out."},
      {-5, "The code has run out."},
  }));
  CHECK(time_left_words(seconds(left)) == words);
}

TEST_CASE("what support asks for is kept out of the plain words", "[claws][words]") {
  Error error = make_error(Error::Kind::kReauthorize, "The provider wants a new sign-in.",
                           "interaction_required");
  error.peer = Error::Peer::kProvider;
  error.said = "AADSTS50076: You must use multi-factor authentication.";
  error.details = {"AADSTS50076", "basic_action"};
  error.correlation_id = "11111111-2222-3333-4444-555555555555";

  const std::string plain = plain_words(error);
  CHECK(plain.find("The provider wants a new sign-in.") == 0);
  CHECK(plain.find("What you can do: ") != std::string::npos);
  CHECK(plain.find("interaction_required") == std::string::npos);
  CHECK(plain.find("11111111") == std::string::npos);
  CHECK(details_of(error) ==
        "Kind: reauthorize\nError: interaction_required\nCodes: AADSTS50076, basic_action\n"
        "Correlation ID: 11111111-2222-3333-4444-555555555555\n"
        "In the words of the server: AADSTS50076: You must use multi-factor authentication.");
}

TEST_CASE("an error of our own asks for a report", "[claws][words]") {
  const std::string plain = plain_words(make_error(Error::Kind::kInternal, "It broke."));
  CHECK(plain.find("Please report this (mail-oauth " MAIL_OAUTH_VERSION ").") != std::string::npos);
}

TEST_CASE("a code is spelled for who cannot see it", "[claws][words]") {
  CHECK(spelled("AB-1") == "A B - 1");
  CHECK(spelled("").empty());
}
