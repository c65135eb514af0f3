// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reader's half of manifests.json; schema_test.py has the schema's.
#include <fstream>
#include <iterator>

#include "codec/json.h"
#include "manifest/provider_reader.h"
#include "manifest/sources.h"
#include "support/catch.h"

using namespace mail_oauth;

namespace {

Json table_of(const char* name) {
  std::ifstream file(MANIFESTS_TABLE);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto document = Json::parse(text);
  REQUIRE(document);
  auto rows = document->at(name);
  REQUIRE(rows);
  REQUIRE_FALSE(rows->items().empty());
  return *std::move(rows);
}

// As the catalog takes one file; one that extends another, or waits for that, need not be whole.
Result<void> taken(const Json& manifest) {
  const auto provider = manifest::read_provider(manifest, "/p.json");
  if (!provider) return provider.error();
  if (auto sources = manifest::check_sources(manifest, "/p.json"); !sources) return sources;
  if (manifest.at("extends") || manifest.boolean_at("template") == true) return {};
  return manifest::check_complete(*provider);
}

}  // namespace

TEST_CASE("the reader takes the good manifests of the table", "[manifest][schema]") {
  const Json table = table_of("good");
  for (const Json& row : table.items()) {
    CAPTURE(row.text());
    const auto read = taken(*row.at("manifest"));
    CHECK(read);
  }
}

TEST_CASE("the reader refuses the broken manifests of the table", "[manifest][schema]") {
  for (const char* name : {"refused_by_both", "refused_by_the_reader"}) {
    const Json table = table_of(name);
    for (const Json& row : table.items()) {
      CAPTURE(row.text());
      const auto read = taken(*row.at("manifest"));
      REQUIRE_FALSE(read);
      CHECK(read.error().kind == Error::Kind::kConfig);
      CHECK(read.error().what.rfind("/p.json: /", 0) == 0);
    }
  }
}

TEST_CASE("a manifest for client credentials is told what to use instead", "[manifest]") {
  const auto member =
      GENERATE(as<std::string>{}, R"("scopes":{"imap":["https://outlook.office365.com/.default"]})",
               R"("grant_type":"client_credentials")",
               R"("authorization_parameters":{"grant_type":"client_credentials"})");
  const auto document = Json::parse(R"({"schema":1,"id":"p",)" + member + "}");
  REQUIRE(document);

  const auto read = manifest::read_provider(*document, "/p.json");

  REQUIRE_FALSE(read);
  CHECK(read.error().what.find("client credentials") != std::string::npos);
  CHECK(read.error().what.find("delegated") != std::string::npos);
  CHECK(read.error().what.find("Microsoft Graph") != std::string::npos);
}
