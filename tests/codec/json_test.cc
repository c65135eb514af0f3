// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/json.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']');
}

}  // namespace

TEST_CASE("reads give what is there in its own type only", "[codec][json]") {
  const auto json = Json::parse(
      R"({"s":"text","n":42,"b":true,"z":null,"a":[1,"two"],"o":{"k":"v"},"e":"\u0041"})");
  REQUIRE(json);

  CHECK(json->is_object());
  CHECK(json->string_at("s") == "text");
  CHECK(json->secret_at("s")->reveal() == "text");
  CHECK(json->integer_at("n") == 42);
  CHECK(json->boolean_at("b") == true);
  CHECK(json->string_at("e") == "A");
  CHECK(json->at("o")->string_at("k") == "v");
  CHECK(json->at("z")->type() == Json::Type::kNull);
  CHECK(json->at("a")->type() == Json::Type::kArray);
  REQUIRE(json->at("a")->items().size() == 2);
  CHECK(json->at("a")->items()[0].as_integer() == 1);
  CHECK(json->at("a")->items()[1].as_string() == "two");

  CHECK_FALSE(json->string_at("n"));
  CHECK_FALSE(json->integer_at("s"));
  CHECK_FALSE(json->boolean_at("n"));
  CHECK_FALSE(json->secret_at("z"));
  CHECK_FALSE(json->string_at("absent"));
  CHECK_FALSE(json->at("absent"));
}

TEST_CASE("reads of a value that is no object give nothing", "[codec][json]") {
  const auto json = Json::parse("[\"s\"]");
  REQUIRE(json);

  CHECK_FALSE(json->string_at("s"));
  CHECK_FALSE(json->at("s"));
  CHECK(json->keys().empty());
  CHECK_FALSE(json->as_string());
  CHECK_FALSE(json->as_integer());
  CHECK_FALSE(json->as_boolean());
}

TEST_CASE("an integer is a number without fraction that fits", "[codec][json]") {
  const auto [text, number] = GENERATE(table<std::string, std::optional<std::int64_t>>({
      {"0", 0},
      {"-1", -1},
      {"3600.0", 3600},
      {"3.6e3", 3600},
      {"3.5", {}},
      {"9223372036854775807", INT64_MAX},
      {"-9223372036854775808", INT64_MIN},
      {"9223372036854775808", {}},  // one past the end, still an unsigned number
      {"1e300", {}},
      {"\"7\"", {}},
      {"true", {}},
  }));
  CAPTURE(text);

  const auto json = Json::parse(text);

  REQUIRE(json);
  CHECK(json->as_integer() == number);
}

TEST_CASE("keys come in the order of the text", "[codec][json]") {
  const auto json = Json::parse(R"({"zebra":1,"ant":2,"mole":3})");

  REQUIRE(json);
  CHECK(json->keys() == std::vector<std::string>{"zebra", "ant", "mole"});
}

TEST_CASE("parse refuses what is not strict JSON, without repeating it", "[codec][json]") {
  const auto text =
      GENERATE(as<std::string>{}, "", " ", "{", "}", "{\"a\":}", "{\"a\":1,}", "[1,]", "{'a':1}",
               "nul", "<html>hunter2</html>", "{} {}", "{\"a\":\"hunter2\n\"}", "\"\xff hunter2\"",
               "\"\\ud800\"", "01", "1e999", "/* c */ {}", "{\"hunter2\":1,\"hunter2\":2}", "NaN");
  CAPTURE(text);

  const auto json = Json::parse(text);

  REQUIRE_FALSE(json);
  CHECK(json.error().kind == Error::Kind::kProtocol);
  CHECK(json.error().what.find("hunter2") == std::string::npos);
}

TEST_CASE("the error says where the text goes wrong", "[codec][json]") {
  CHECK(Json::parse("{\"a\" 1}").error().what.find("byte 6") != std::string::npos);
}

TEST_CASE("repeated keys are refused at any level, and only within one object", "[codec][json]") {
  CHECK_FALSE(Json::parse(R"({"a":{"b":1,"b":1}})"));
  CHECK_FALSE(Json::parse(R"([{"b":1,"\u0062":1}])"));
  CHECK(Json::parse(R"([{"b":1},{"b":{"b":1}}])"));
}

TEST_CASE("nesting ends at 64", "[codec][json]") {
  CHECK(Json::parse(nested(64)));
  CHECK_FALSE(Json::parse(nested(65)));
  CHECK_FALSE(Json::parse(nested(500'000)));
}

TEST_CASE("a hundred thousand keys are read in reasonable time", "[codec][json]") {
  std::string text = "{\"first\":0";
  for (int i = 0; i < 100'000; ++i) text += ",\"" + std::to_string(i) + "\":0";

  const auto json = Json::parse(text + "}");

  REQUIRE(json);
  CHECK(json->keys().size() == 100'001);
}

TEST_CASE("what was built can be written and read again", "[codec][json]") {
  Json json = Json::object();
  json.set("text", Json::of("a\"b\n"));
  json.set("number", Json::of(-3));
  json.set("flag", Json::of(false));
  Json list = Json::array();
  list.append(Json::of(1));
  json.set("list", std::move(list));
  json.set("gone", Json::of(1));
  json.remove("gone");
  json.remove("never there");
  json.set("number", Json::of(4));  // keeps its place

  CHECK(json.text() == R"({"text":"a\"b\n","number":4,"flag":false,"list":[1]})");
  CHECK(json.secret_text().reveal() == json.text());
  CHECK(Json::parse(json.text())->boolean_at("flag") == false);
}

TEST_CASE("pretty_text is for people", "[codec][json]") {
  Json json = Json::object();
  json.set("schema", Json::of(1));

  CHECK(json.pretty_text() == "{\n  \"schema\": 1\n}\n");
}

TEST_CASE("broken UTF-8 is written as the replacement character", "[codec][json]") {
  CHECK(Json::of("a\xff").text() == "\"a\xef\xbf\xbd\"");
}

TEST_CASE("text for a terminal has nothing that steers it, and loses nothing", "[codec][json]") {
  const auto [text, written] = GENERATE(table<std::string, std::string>({
      {"plain \"~\"", R"("plain \"~\"")"},
      {"\x1b[31m\x7f", R"("\u001b[31m\u007f")"},                // ESC, DEL
      {"\xc2\x9b", R"("\u009b")"},                              // CSI as one C1 character
      {"\xe2\x80\xae", R"("\u202e")"},                          // right-to-left override
      {"\xc3\xa4\xf0\x9f\x98\x80", R"("\u00e4\ud83d\ude00")"},  // above the BMP: two halves
      {"\xff", R"("\ufffd")"},
  }));
  CAPTURE(text);

  CHECK(Json::of(text).ascii_text() == written);
  CHECK(Json::of(text).secret_ascii_text().reveal() == written);
  CHECK(Json::parse("[" + written + "]")->items()[0].text() == Json::of(text).text());
}

TEST_CASE("a duplicate goes its own way", "[codec][json]") {
  Json json = Json::object();
  Json copy = json.duplicate();
  copy.set("a", Json::of("b"));

  CHECK(json.text() == "{}");
  CHECK(copy.text() == R"({"a":"b"})");
}

TEST_CASE("a NUL in a string is kept, so that callers can see it", "[codec][json]") {
  CHECK(Json::parse(R"(["a\u0000b"])")->items()[0].as_string() == std::string("a\0b", 3));
}

TEST_CASE("a number may stand in a string, whole and alone", "[codec][json]") {
  const auto [text, number] = GENERATE(table<std::string, std::optional<std::int64_t>>({
      {R"({"n":900})", 900},
      {R"({"n":"900"})", 900},
      {R"({"n":"-3"})", -3},
      {R"({"n":"900s"})", std::nullopt},
      {R"({"n":" 900"})", std::nullopt},
      {R"({"n":""})", std::nullopt},
      {R"({"n":"9999999999999999999999"})", std::nullopt},
      {R"({"n":null})", std::nullopt},
      {R"({})", std::nullopt},
  }));
  CAPTURE(text);

  CHECK(Json::parse(text)->integer_or_text_at("n") == number);
}
