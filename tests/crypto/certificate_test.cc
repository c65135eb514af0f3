// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/certificate.h"

#include <glib/gstdio.h>

#include "issued.h"
#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using crypto::TrustAnchors;
using tests::Issued;
using tests::Wish;
using Kind = Error::Kind;

namespace {

std::chrono::system_clock::time_point at(std::time_t seconds) {
  return std::chrono::system_clock::from_time_t(seconds);
}

const auto kThen = at(1'700'000'000);

/// An authority, one below it, and a server's certificate.
struct House {
  Issued root{{"Test Root", true}};
  Issued middle{{"Test Middle", true}, &root};
  Issued server{{"mail.example.com"}, &middle};
  TrustAnchors anchors = *TrustAnchors::of_pem(root.pem());

  std::vector<std::string> chain() const { return {server.der(), middle.der()}; }
};

void check_refused(const Result<void>& verified, std::string_view word) {
  REQUIRE_FALSE(verified.has_value());
  CHECK(verified.error().kind == Kind::kTransient);
  CHECK(verified.error().code == "certificate");
  CHECK(verified.error().what.find(word) != std::string::npos);
}

}  // namespace

TEST_CASE("a chain to a trusted authority holds for its host", "[crypto][certificate]") {
  const House house;

  CHECK(house.anchors.verify(house.chain(), "mail.example.com", kThen).has_value());
  CHECK(house.anchors.verify(house.chain(), "MAIL.example.com", kThen).has_value());
}

TEST_CASE("certificates that the path does not need do no harm", "[crypto][certificate]") {
  const House house;
  const Issued old({"Old Cross", true, 1'500'000'000, 1'600'000'000});

  CHECK(house.anchors
            .verify({house.server.der(), house.middle.der(), house.root.der()}, "mail.example.com",
                    kThen)
            .has_value());
  CHECK(house.anchors
            .verify({house.server.der(), house.middle.der(), old.der()}, "mail.example.com", kThen)
            .has_value());
}

TEST_CASE("a certificate is for its host only", "[crypto][certificate]") {
  const House house;
  const auto host = GENERATE(as<std::string>{}, "example.com", "imap.example.com",
                             "mail.example.com.evil.example", "", "127.0.0.1",
                             std::string("mail.example.com\0.evil.example", 30));
  CAPTURE(host);

  check_refused(house.anchors.verify(house.chain(), host, kThen), "not issued for");
}

TEST_CASE("an address is matched as an address", "[crypto][certificate]") {
  const House house;
  const Issued local({"127.0.0.1"}, &house.root);

  CHECK(house.anchors.verify({local.der()}, "127.0.0.1", kThen).has_value());
  check_refused(house.anchors.verify({local.der()}, "127.0.0.2", kThen), "not issued for");
}

TEST_CASE("a wildcard stands for one label", "[crypto][certificate]") {
  const House house;
  const Issued any({"*.example.com"}, &house.root);

  CHECK(house.anchors.verify({any.der()}, "imap.example.com", kThen).has_value());
  check_refused(house.anchors.verify({any.der()}, "a.imap.example.com", kThen), "not issued for");
}

TEST_CASE("a chain to nobody is refused", "[crypto][certificate]") {
  const House house;
  const Issued other({"Other Root", true});
  const Issued own({"mail.example.com"});

  check_refused(TrustAnchors::of_pem(other.pem())->verify(house.chain(), "mail.example.com", kThen),
                "does not know");
  check_refused(house.anchors.verify({own.der()}, "mail.example.com", kThen), "does not know");
  // The one between is missing.
  check_refused(house.anchors.verify({house.server.der()}, "mail.example.com", kThen),
                "does not know");
}

TEST_CASE("an authority is known by its key and not by its name", "[crypto][certificate]") {
  const House house;
  const House impostor;  // the same names

  check_refused(house.anchors.verify(impostor.chain(), "mail.example.com", kThen), "signature");
}

TEST_CASE("a server's certificate issues nothing", "[crypto][certificate]") {
  const House house;
  const Issued forged({"mail.example.com"}, &house.server);

  const auto verified = house.anchors.verify({forged.der(), house.server.der(), house.middle.der()},
                                             "mail.example.com", kThen);

  REQUIRE_FALSE(verified.has_value());
  CHECK(verified.error().kind == Kind::kTransient);
}

TEST_CASE("a certificate for clients serves no server", "[crypto][certificate]") {
  const House house;
  const Issued client({"mail.example.com", false, 1'600'000'000, 1'800'000'000, false},
                      &house.root);

  check_refused(house.anchors.verify({client.der()}, "mail.example.com", kThen), "purpose");
}

TEST_CASE("a key that can be broken proves no server", "[crypto][certificate]") {
  const House house;
  Wish weak{"mail.example.com"};
  weak.rsa_bits = GENERATE(512U, 1024U);
  CAPTURE(weak.rsa_bits);
  Wish strong = weak;
  strong.rsa_bits = 2048;
  const Issued server(weak, &house.root);
  const Issued good(strong, &house.root);

  check_refused(house.anchors.verify({server.der()}, "mail.example.com", kThen), "too weak");
  CHECK(house.anchors.verify({good.der()}, "mail.example.com", kThen).has_value());
}

TEST_CASE("an authority between with a key that can be broken ends the path",
          "[crypto][certificate]") {
  const House house;
  Wish weak{"Weak Middle", true};
  weak.rsa_bits = 1024;
  const Issued middle(weak, &house.root);
  const Issued server({"mail.example.com"}, &middle);

  check_refused(house.anchors.verify({server.der(), middle.der()}, "mail.example.com", kThen),
                "too weak");
}

TEST_CASE("a signature with SHA-1 proves no server", "[crypto][certificate]") {
  const House house;
  Wish wish{"mail.example.com"};
  wish.sha1 = true;
  const Issued server(wish, &house.root);

  check_refused(house.anchors.verify({server.der()}, "mail.example.com", kThen), "too weak");
}

// RFC 9525 section 2: what the subject is called says nothing about servers.
TEST_CASE("a name that is only the common name is nobody's", "[crypto][certificate]") {
  const House house;
  const auto name = GENERATE(as<std::string>{}, "mail.example.com", "127.0.0.1");
  CAPTURE(name);
  Wish wish{name};
  wish.by_common_name = true;
  const Issued server(wish, &house.root);

  check_refused(house.anchors.verify({server.der()}, name, kThen), "not issued for");
}

TEST_CASE("an address as text is no address", "[crypto][certificate]") {
  const House house;
  Wish wish{"127.0.0.1"};
  wish.address_as_name = true;
  const Issued server(wish, &house.root);

  check_refused(house.anchors.verify({server.der()}, "127.0.0.1", kThen), "not issued for");
}

TEST_CASE("the period is that of the time given", "[crypto][certificate]") {
  const House house;

  check_refused(house.anchors.verify(house.chain(), "mail.example.com", at(1'800'000'001)),
                "has expired");
  check_refused(house.anchors.verify(house.chain(), "mail.example.com", at(1'599'999'999)),
                "not valid yet");
}

TEST_CASE("an expired authority ends the path", "[crypto][certificate]") {
  const Issued root({"Test Root", true});
  const Issued middle({"Test Middle", true, 1'600'000'000, 1'650'000'000}, &root);
  const Issued server({"mail.example.com"}, &middle);
  const Issued old_root({"Old Root", true, 1'600'000'000, 1'650'000'000});
  const Issued below({"mail.example.com"}, &old_root);

  check_refused(TrustAnchors::of_pem(root.pem())
                    ->verify({server.der(), middle.der()}, "mail.example.com", kThen),
                "has expired");
  check_refused(
      TrustAnchors::of_pem(old_root.pem())->verify({below.der()}, "mail.example.com", kThen),
      "has expired");
}

TEST_CASE("a chain that cannot be read is the peer's fault", "[crypto][certificate]") {
  const House house;
  const std::vector<std::vector<std::string>> chains = {
      {},
      {""},
      {"no DER"},
      {house.server.der(), "no DER"},
      {house.server.der().substr(0, 100)},
      {house.server.pem()},
      std::vector<std::string>(17, house.server.der())};
  for (const auto& chain : chains) {
    const auto verified = house.anchors.verify(chain, "mail.example.com", kThen);

    REQUIRE_FALSE(verified.has_value());
    CHECK(verified.error().kind == Kind::kProtocol);
  }
}

TEST_CASE("a text without a certificate is no trust", "[crypto][certificate]") {
  const auto pem = GENERATE(as<std::string>{}, "", "no PEM",
                            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n");

  const auto anchors = TrustAnchors::of_pem(pem);

  REQUIRE_FALSE(anchors.has_value());
  CHECK(anchors.error().kind == Kind::kConfig);
}

TEST_CASE("a file of authorities that others may write is not trusted", "[crypto][certificate]") {
  const House house;
  const testing::TempFolder folder;
  const std::string file = folder.write("ca.pem", house.root.pem());
  REQUIRE(g_chmod(file.c_str(), 0666) == 0);

  const auto anchors = TrustAnchors::of_system(file);

  REQUIRE_FALSE(anchors.has_value());
  CHECK(anchors.error().kind == Error::Kind::kConfig);
  CHECK(anchors.error().what.find(file) != std::string::npos);
}

TEST_CASE("an extra file of authorities is trusted beside the system's", "[crypto][certificate]") {
  const House house;
  const testing::TempFolder folder;

  const auto anchors = TrustAnchors::of_system(folder.write("ca.pem", house.root.pem()));

  REQUIRE(anchors.has_value());
  CHECK(anchors->verify(house.chain(), "mail.example.com", kThen).has_value());
}

TEST_CASE("an extra file that is not there is named", "[crypto][certificate]") {
  const auto anchors = TrustAnchors::of_system("/nonexistent/ca.pem");

  REQUIRE_FALSE(anchors.has_value());
  CHECK(anchors.error().kind == Kind::kConfig);
  CHECK(anchors.error().what.find("/nonexistent/ca.pem") != std::string::npos);
}
