// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/routed_store.h"

#include "cmdstore/bench.h"
#include "support/catch.h"
#include "support/memory_store.h"

using namespace mail_oauth;
using namespace mail_oauth::cmdstore_test;
using testing::MemoryStore;
using testing::TempFolder;

namespace {

const GrantKey kBob{{"p", "c", "t"}, "bob@example.com"};

Error no_bus() { return make_error(Error::Kind::kStorage, "No bus.", "no-bus"); }

/// A keyring as it is where none runs.
class AbsentKeyring : public MemoryStore {
 public:
  Call prove_writable(Done<void> done) override { return fail<void>(std::move(done)); }
  Call load(GrantKey, Done<std::optional<Grant>> done) override { return fail(std::move(done)); }
  Call save(Grant, Done<void> done) override { return fail(std::move(done)); }
  Call erase(GrantKey, Done<void> done) override { return fail(std::move(done)); }
  Call list(Done<std::vector<GrantKey>> done) override { return fail(std::move(done)); }
  Call load_client_secret(ClientKey, Done<std::optional<ClientSecret>> done) override {
    return fail(std::move(done));
  }
  Error why = no_bus();

 private:
  template <class T>
  Call fail(Done<T> done) {
    auto source = std::make_shared<Source>(current_context().get(), std::chrono::milliseconds(0),
                                           [this, done] { done(why); });
    return Call([source]() mutable { source.reset(); });
  }
};

template <class Keyring>
struct RoutedBench {
  TempFolder temp;
  Keyring keyring;
  CommandTokenStore commands{temp.path() + "/grants"};
  RoutedTokenStore store{keyring, commands};

  void sign_in_with_commands(const GrantKey& key = kAlice) {
    commands.use(filters());
    store.choose(StoreKind::kCommands);
    REQUIRE(save(store, grant_of(key)));
  }
  /// As another process finds it.
  RoutedTokenStore fresh() { return RoutedTokenStore(keyring, commands); }
};

}  // namespace

TEST_CASE("nothing goes to commands unless somebody said so", "[cmdstore]") {
  RoutedBench<MemoryStore> bench;
  bench.commands.use(filters());

  REQUIRE(prove(bench.store));
  REQUIRE(save(bench.store, grant_of(kAlice)));

  CHECK(bench.keyring.items->grants.count(kAlice) == 1);
  CHECK_FALSE(bench.commands.has(kAlice));
}

TEST_CASE("each grant is found where it is", "[cmdstore]") {
  RoutedBench<MemoryStore> bench;
  bench.keyring.put(grant_of(kBob));
  bench.sign_in_with_commands();
  RoutedTokenStore store = bench.fresh();

  CHECK(*list(store) == std::vector<GrantKey>{kAlice, kBob});
  CHECK(*load(store, kAlice));
  CHECK(*load(store, kBob));
  CHECK(store.by_commands(kAlice));
  CHECK_FALSE(store.by_commands(kBob));
  REQUIRE(save(store, grant_of(kAlice, "refresh-2")));  // a renewal
  CHECK(bench.keyring.items->grants.count(kAlice) == 0);
  REQUIRE(erase(store, kAlice));
  CHECK(*list(store) == std::vector<GrantKey>{kBob});
}

TEST_CASE("a sign-in that moves leaves nothing behind", "[cmdstore]") {
  RoutedBench<MemoryStore> bench;
  bench.keyring.put(grant_of(kAlice));

  bench.sign_in_with_commands();
  CHECK(bench.keyring.items->grants.empty());

  bench.store.choose(StoreKind::kKeyring);
  REQUIRE(save(bench.store, grant_of(kAlice, "refresh-2")));
  CHECK_FALSE(bench.commands.has(kAlice));
  CHECK((*load(bench.store))->refresh_token.equals("refresh-2"));
}

TEST_CASE("signing out leaves no older sign-in in the keyring", "[cmdstore]") {
  RoutedBench<MemoryStore> bench;
  bench.sign_in_with_commands();  // where the keyring could not be reached
  bench.keyring.put(grant_of(kAlice, "older"));
  bench.keyring.put(grant_of(kBob));

  SECTION("it is gone from both places") {
    REQUIRE(erase(bench.store));
    CHECK(*list(bench.store) == std::vector<GrantKey>{kBob});
  }
  SECTION("a keyring that keeps it is told of, and nothing is signed out by half") {
    bench.keyring.save_fails = MemoryStore::locked();
    const auto erased = erase(bench.store);
    REQUIRE_FALSE(erased);
    CHECK(erased.error().code == "locked");
    CHECK((*load(bench.store))->refresh_token.equals("refresh-1"));
  }
}

TEST_CASE("a keyring that cannot be looked into at sign-out is told of", "[cmdstore]") {
  RoutedBench<AbsentKeyring> bench;
  bench.sign_in_with_commands();
  std::vector<std::string> unseen;
  bench.store.on_unseen = [&unseen](const Error& error) { unseen.push_back(error.code); };

  SECTION("where it is locked") {
    bench.keyring.why = MemoryStore::locked();
    REQUIRE(erase(bench.store));
    CHECK(unseen == std::vector<std::string>{"locked"});
  }
  SECTION("but not where there is none") {
    REQUIRE(erase(bench.store));
    CHECK(unseen.empty());
  }
}

TEST_CASE("without a keyring, commands do all that is asked for", "[cmdstore]") {
  RoutedBench<AbsentKeyring> bench;
  bench.sign_in_with_commands();
  RoutedTokenStore store = bench.fresh();

  CHECK(*list(store) == std::vector<GrantKey>{kAlice});
  CHECK(*load(store));
  CHECK(save(store, grant_of(kAlice, "refresh-2")));
  REQUIRE(load_secret(store, kAlice.client));
  CHECK_FALSE(*load_secret(store, kAlice.client));
  CHECK(erase(store));
}

TEST_CASE("who writes to one of two stores is waited for as that one says", "[cmdstore]") {
  RoutedBench<MemoryStore> bench;
  using std::chrono::seconds;
  bench.keyring.writes_for = seconds(1);
  CHECK(bench.store.write_limit(kAlice) == seconds(1));

  bench.commands.use(keepers(bench.temp.path()));
  bench.store.choose(StoreKind::kCommands);
  CHECK(bench.store.write_limit(kAlice) == seconds(1) + bench.commands.write_limit(kAlice));
  REQUIRE(save(bench.store, grant_of(kAlice)));
  RoutedTokenStore other = bench.fresh();
  CHECK(other.write_limit(kAlice) == seconds(1) + bench.commands.write_limit(kAlice));
  CHECK(other.write_limit(kBob) == seconds(1));
}

TEST_CASE("without a keyring, the words name the way out", "[cmdstore]") {
  RoutedBench<AbsentKeyring> bench;
  const auto names_way_out = [](const auto& result) {
    REQUIRE_FALSE(result);
    CHECK(result.error().code == "no-bus");
    CHECK(result.error().what.find("No bus. ") == 0);
    CHECK(result.error().what.find("--store command") != std::string::npos);
  };
  names_way_out(list(bench.store));
  names_way_out(load(bench.store));
  names_way_out(prove(bench.store));
  names_way_out(save(bench.store, grant_of(kAlice)));
  names_way_out(load_secret(bench.store, kAlice.client));
}

TEST_CASE("a locked keyring is said to be left out of a list", "[cmdstore]") {
  RoutedBench<AbsentKeyring> bench;
  bench.sign_in_with_commands();
  bench.keyring.why = MemoryStore::locked();
  std::string unseen;
  bench.store.on_unseen = [&unseen](const Error& error) { unseen = error.code; };

  CHECK(*list(bench.store) == std::vector<GrantKey>{kAlice});
  CHECK(unseen == "locked");
  // "I could not look" is not "there is nothing".
  CHECK_FALSE(load_secret(bench.store, kAlice.client));
  REQUIRE(erase(bench.store));
  CHECK_FALSE(list(bench.store));
}

TEST_CASE("a client secret is found in the keyring for a grant that commands keep", "[cmdstore]") {
  RoutedBench<MemoryStore> bench;
  REQUIRE(save_secret(bench.store, kAlice.client, "s3cret"));
  bench.sign_in_with_commands();
  CHECK((*load_secret(bench.store, kAlice.client))->equals("s3cret"));

  REQUIRE(save_secret(bench.store, kAlice.client, "n3wer"));
  CHECK((*load_secret(bench.store, kAlice.client))->equals("n3wer"));
  bench.store.choose(StoreKind::kKeyring);
  REQUIRE(save_secret(bench.store, kAlice.client, "n3west"));
  CHECK((*load_secret(bench.store, kAlice.client))->equals("n3west"));
  CHECK_FALSE(bench.commands.has(kAlice.client));
}

TEST_CASE("an item that cannot be read is told, and the others are listed", "[cmdstore]") {
  RoutedBench<AbsentKeyring> bench;
  bench.sign_in_with_commands();
  const std::string damaged = bench.temp.path() + "/grants/" + std::string(64, 'a') + ".json";
  REQUIRE(g_file_set_contents(damaged.c_str(), "{", -1, nullptr));
  std::vector<std::string> told;
  bench.store.on_unseen = [&told](const Error& error) { told.push_back(error.what); };

  CHECK(*list(bench.store) == std::vector<GrantKey>{kAlice});
  REQUIRE(told.size() == 1);
  CHECK(told[0].find(damaged) != std::string::npos);

  REQUIRE(erase(bench.store, kAlice));
  const auto nobody = list(bench.store);  // where there is no keyring either
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == "damaged");
}

TEST_CASE("one address is looked up in both places, in any case", "[cmdstore]") {
  RoutedBench<MemoryStore> bench;
  const GrantKey alice_elsewhere{{"q", "c", "t"}, kAlice.identity};
  REQUIRE(save(bench.keyring, grant_of(alice_elsewhere)));
  REQUIRE(save(bench.keyring, grant_of(kBob)));
  bench.sign_in_with_commands();

  const auto found = test::answer_of<std::vector<GrantKey>>([&bench](auto done) {
    return bench.store.list_of("ALICE@" + kAlice.identity.substr(kAlice.identity.find('@') + 1),
                               std::move(done));
  });

  REQUIRE(found);
  REQUIRE(*found);
  CHECK(**found == std::vector<GrantKey>{kAlice, alice_elsewhere});
}
