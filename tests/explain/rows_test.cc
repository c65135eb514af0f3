// SPDX-License-Identifier: GPL-3.0-or-later
//
// The data itself: every row can be reached, and every text is fit to be shown.
#include "explain/rows.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "support/catch.h"

using namespace mail_oauth;
using explain::Row;
using explain::Saying;

namespace {

const std::map<unsigned, Error::Peer> kPeers = {
    {explain::kOAuth, Error::Peer::kProvider}, {explain::kImap, Error::Peer::kImap},
    {explain::kPop, Error::Peer::kPop},        {explain::kSmtp, Error::Peer::kSmtp},
    {explain::kHere, Error::Peer::kNone},
};

Error error_of(const Saying& saying, Error::Peer peer) {
  Error error = make_error(Error::Kind::kRefused, "x", saying.code);
  error.peer = peer;
  error.said = saying.words;
  return error;
}

bool is_sentence(const std::string& text) {
  const bool whole = text.size() > 10 && text.back() == '.' && text[0] >= 'A' && text[0] <= 'Z';
  return whole && text.find_first_of("{}%\n") == std::string::npos &&
         text.find("  ") == std::string::npos;
}

}  // namespace

TEST_CASE("every number of the data leads to its row, and stands there once", "[explain][rows]") {
  std::set<int> seen;
  for (const Row& row : explain::rows()) {
    for (const int number : row.numbers) {
      if (number == 0) break;
      CAPTURE(row.id, number);
      CHECK(seen.insert(number).second);
      Error error = make_error(Error::Kind::kReauthorize, "x", "invalid_grant");
      error.peer = Error::Peer::kProvider;
      error.details = {"AADSTS" + std::to_string(number)};
      CHECK(explain::explain(error).id == row.id);
      error.details = {std::to_string(number)};
      CHECK(explain::explain(error).id == row.id);
    }
  }
}

TEST_CASE("every saying of the data leads to its row, wherever it is said", "[explain][rows]") {
  for (const Row& row : explain::rows()) {
    for (const Saying& saying : row.sayings) {
      if (saying.where == explain::kNowhere) break;
      for (const auto& [bit, peer] : kPeers) {
        if ((saying.where & bit) == 0) continue;
        CAPTURE(row.id, saying.code, saying.words, bit);
        CHECK(explain::explain(error_of(saying, peer), {saying.shared}).id == row.id);
      }
    }
  }
}

TEST_CASE("every row can be reached", "[explain][rows]") {
  for (const Row& row : explain::rows()) {
    CAPTURE(row.id);
    CHECK((row.numbers[0] != 0 || row.sayings[0].where != explain::kNowhere));
  }
}

TEST_CASE("a saying names a code or words, and the arrays keep their end", "[explain][rows]") {
  for (const Row& row : explain::rows()) {
    CAPTURE(row.id);
    CHECK(*std::rbegin(row.numbers) == 0);
    CHECK(std::rbegin(row.sayings)->where == explain::kNowhere);
    for (const Saying& saying : row.sayings) {
      if (saying.where == explain::kNowhere) break;
      CHECK(std::strlen(saying.code) + std::strlen(saying.words) > 0);
    }
  }
}

TEST_CASE("every text is whole sentences without a placeholder, every link https",
          "[explain][rows]") {
  std::set<std::string> ids;
  for (const Row& row : explain::rows()) {
    CAPTURE(row.id);
    CHECK(ids.insert(row.id).second);
    CHECK(std::string(row.id).find_first_not_of("abcdefghijklmnopqrstuvwxyz-") ==
          std::string::npos);
    CHECK(is_sentence(row.what));
    CHECK(is_sentence(row.what_to_do));
    const std::string link = row.link;
    CHECK(link.substr(0, 8) == "https://");
    CHECK(link.size() > 16);
    CHECK(link.find_first_of(" {}<>\"") == std::string::npos);
    const bool anybody = std::any_of(std::begin(row.sayings), std::end(row.sayings),
                                     [](const Saying& saying) { return saying.anybody; });
    CHECK(anybody == (std::string(row.elsewhere).substr(0, 8) == "https://"));
  }
}

// The wording table of Microsoft's numbers that are known to reach people.
TEST_CASE("no number that people meet is without words", "[explain][rows]") {
  const auto number = GENERATE(
      // sign in again
      700082, 70008, 70000, 50173, 50089, 50132, 50133, 70043, 54005,
      // a second factor
      50072, 50074, 50076, 50078, 50079,
      // consent
      65001, 65004, 90094, 90095, 650052, 650056, 650057,
      // Conditional Access
      50005, 50097, 50131, 53000, 53001, 53002, 53003, 530032,
      // the client
      700016, 7000112, 50194, 90002, 9002332, 700025, 7000218, 7000215, 7000222, 50011,
      // scopes, clouds
      70011, 28002, 700022, 700023, 90038, 900432,
      // a code on another device
      70016, 70018, 70019, 90120, 50134,
      // not now
      50033, 50087, 90006, 90012, 90024, 90033, 90090, 90055, 50196);
  CAPTURE(number);
  const auto rows = explain::rows();
  CHECK(std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
    return std::find(std::begin(row.numbers), std::end(row.numbers), number) !=
           std::end(row.numbers);
  }));
}
