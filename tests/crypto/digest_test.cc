// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/digest.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("sha256 gives the examples of FIPS 180-4", "[crypto][digest]") {
  const auto [bytes, digest] = GENERATE(table<std::string, std::string>({
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
  }));

  const auto result = crypto::sha256(bytes);

  REQUIRE(result);
  CHECK(crypto::hex(*result) == digest);
}

TEST_CASE("hex is lower case, two digits a byte", "[crypto][digest]") {
  CHECK(crypto::hex(std::string("\0\x0f\xff", 3)) == "000fff");
}

TEST_CASE("base64 gives the vectors of RFC 4648 section 10", "[crypto][digest]") {
  const auto [bytes, text] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\1", "AQ=="},
      {std::string("\xfb\xff\0", 3), "+/8A"},
  }));
  CAPTURE(text);

  const auto encoded = crypto::base64(bytes);

  REQUIRE(encoded);
  CHECK(encoded->reveal() == text);
  CHECK(crypto::base64_decoded(text) == bytes);
}

TEST_CASE("base64 stays on one line at any length", "[crypto][digest]") {
  const auto encoded = crypto::base64(std::string(12'000, 'x'));

  REQUIRE(encoded);
  CHECK(encoded->size() == 16'000);
  CHECK(encoded->reveal().find('\n') == std::string_view::npos);
}

TEST_CASE("base64_decoded takes nothing else", "[crypto][digest]") {
  const auto text = GENERATE(as<std::string>{}, "Z", "Zg", "Zg=", "Zg==\n", "Z g=", "Zg-_",
                             "====", "Zg==Zg==", "Zm9\n", "=AAA", "A===");
  CAPTURE(text);

  CHECK_FALSE(crypto::base64_decoded(text));
}
