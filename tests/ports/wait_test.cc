// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waiting for a token is tested with its source, in tests/broker/threaded_broker_test.cc.
#include "ports/wait.h"

#include "base/source.h"
#include "support/catch.h"
#include "support/memory_store.h"

using namespace mail_oauth;
using namespace std::chrono_literals;

TEST_CASE("wait_for_grants needs no loop of the caller's", "[ports]") {
  testing::MemoryStore store;
  Grant grant;
  grant.key = grant_key({"p", "c", ""}, "alice@contoso.test");
  store.put(grant);

  const auto grants = wait_for_grants(store, 20s);

  REQUIRE(grants);
  CHECK(*grants == std::vector<GrantKey>{grant.key});
}

namespace {

/// Answers, and leaves something to be done when the loop is idle, as GDBus does.
class UntidyStore : public testing::MemoryStore {
 public:
  Call list(Done<std::vector<GrantKey>> done) override {
    post(current_context().get(), [this] { post(current_context().get(), [this] { ++tidied; }); });
    return MemoryStore::list(std::move(done));
  }
  int tidied = 0;
};

}  // namespace

TEST_CASE("what an answered call left for the loop is not leaked", "[ports]") {
  UntidyStore store;

  REQUIRE(wait_for_grants(store, 20s));

  CHECK(store.tidied == 1);
}

TEST_CASE("wait_for_grants ends when nothing comes", "[ports]") {
  testing::MemoryStore store;
  store.silent = true;

  const auto grants = wait_for_grants(store, 1ms);

  REQUIRE_FALSE(grants);
  CHECK(grants.error().kind == Error::Kind::kTransient);
  CHECK(grants.error().what.find("keyring") != std::string::npos);
}
