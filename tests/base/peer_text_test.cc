// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/peer_text.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("peer_words is the first line, fit to be shown", "[base][peer_text]") {
  const auto [text, words] = GENERATE(table<std::string, std::string>({
      {"Token has been expired or revoked.", "Token has been expired or revoked."},
      {"\r\n\tAADSTS70008: It has expired.\r\nTrace ID: 1", "AADSTS70008: It has expired."},
      {"a\tb", "a b"},
      {"red\033[31m", "red[31m"},
      {std::string("be\0fore", 7),
       "be\xef\xbf\xbd"
       "fore"},  // GLib marks a NUL as broken
      {"a\xe2\x80\xae"
       "b\xc2\x9b"
       "c",
       "abc"},  // U+202E and the C1 control CSI
      {"\xff", "\xef\xbf\xbd"},
      {"token EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA was bad", "token [40 bytes] was bad"},
      {"EwBAAl3BAAUFFpU\xe2\x80\x8b"
       "Ao7J3Ve0bjLBWZWCclRC3EoAA",
       "[40 bytes]"},  // U+200B inside
      {" \r\n ", ""},
      {"", ""},
  }));
  CAPTURE(text);

  CHECK(peer_words(text) == words);
}

TEST_CASE("peer_words ends after 300 characters and between two of them", "[base][peer_text]") {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "\xc3\xa4 ";

  const std::string words = peer_words(text);

  CHECK(words.size() == 297 + 149 + 3);  // 149 of the 297 have two bytes, then "..."
  CHECK(words.substr(words.size() - 5) == "\xc3\xa4...");
}

TEST_CASE("a token at the cut does not show its beginning", "[base][peer_text]") {
  std::string text;
  for (int i = 0; i < 145; ++i) text += "a ";
  const std::string words = peer_words(text + "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA");

  CHECK(words.find("EwBA") == std::string::npos);
}

TEST_CASE("peer_code passes codes and nothing that could be a token", "[base][peer_text]") {
  CHECK(peer_code("invalid_grant") == "invalid_grant");
  CHECK(peer_code("temporarily_unavailable") == "temporarily_unavailable");
  CHECK(peer_code("bad_token-1.2") == "bad_token-1.2");
  CHECK(peer_code("INVALID_REFRESH_TOKEN") == "INVALID_REFRESH_TOKEN");
  CHECK(peer_code("MFRGGZDFMZTWQYLTORUA").empty());  // base32
  CHECK(peer_code("").empty());
  CHECK(peer_code("EwBAAl3BAAUFFpUAo7J3").empty());
  CHECK(peer_code("invalid grant").empty());
  CHECK(peer_code("a\n").empty());
  CHECK(peer_code(std::string(49, 'a')).empty());
}

TEST_CASE("peer_guid passes a GUID only", "[base][peer_text]") {
  CHECK(peer_guid("255d1aef-8c98-452f-ac51-23d051240864") ==
        "255d1aef-8c98-452f-ac51-23d051240864");
  CHECK(peer_guid("255d1aef-8c98-452f-ac51").empty());
  CHECK(peer_guid("EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3").empty());
  CHECK(peer_guid(std::string("255d1aef-8c98-452f-ac51-23d051240864\0x", 38)).empty());
  CHECK(peer_guid("").empty());
}

TEST_CASE("leading_code passes a number with its letters, in front of a colon",
          "[base][peer_text]") {
  CHECK(leading_code("AADSTS50076: Due to a configuration change") == "AADSTS50076");
  CHECK(leading_code("AADSTS7000218:") == "AADSTS7000218");
  CHECK(leading_code("Error: no number").empty());
  CHECK(leading_code("AADSTS50076").empty());
  CHECK(leading_code("50a76: x").empty());
  CHECK(leading_code(": x").empty());
  CHECK(leading_code("").empty());
  CHECK(leading_code("EwBAAAFFFpUAoJVebjLBWZWCclRC3: x").empty());
  CHECK(leading_code("12345678901234567890123456: x").empty());
}
