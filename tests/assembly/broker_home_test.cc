// SPDX-License-Identifier: GPL-3.0-or-later
#include "assembly/broker_home.h"

#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;

TEST_CASE("provider_for reads the manifest as it is now, and fills the tenant in", "[assembly]") {
  const testing::TempFolder folder;
  const std::vector<std::string> folders = {folder.path()};
  const ClientKey client{"own", "c", "contoso.test"};
  CHECK(provider_for(folders, client).error().kind == Error::Kind::kConfig);

  folder.write("own.json",
               R"({"schema":1,"id":"own","name":"Own",
            "authorization_endpoint":"https://auth.example/{tenant}/a",
            "token_endpoint":"https://auth.example/{tenant}/t",
            "scopes":{"imap":["mail"]}})");
  const auto provider = provider_for(folders, client);

  REQUIRE(provider);
  CHECK(provider->endpoints.token == "https://auth.example/contoso.test/t");
}

TEST_CASE("a broker comes with its parts, and takes them along", "[assembly]") {
  const testing::TempFolder folder;

  auto broker = make_broker({{folder.path()}, folder.path() + "/lock", Prompt::kNever}, {});

  REQUIRE(broker);
  CHECK(broker->losses().empty());
  CHECK_FALSE(broker->unsettled());
}
