// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/login_fields.h"

#include <functional>

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

using Edit = std::function<void(SavedFields&)>;

/// As the host has them before: LOGIN for IMAP (4), APOP off, PLAIN for SMTP (16).
SavedFields before() {
  SavedFields fields;
  fields.userid = "alice";
  fields.smtp_userid = "sender";
  fields.use_smtp_auth = true;
  fields.imap_auth_method = 4;
  fields.smtp_auth_method = 16;
  fields.oauth2_provider = 1;
  return fields;
}

OurLogin signing_in(std::optional<Protocol> receives, bool sends = true) {
  return {receives, sends, "alice@c.test", "alice@c.test"};
}

/// Turned on, edited by a person in one window, and turned off in its OK.
SavedFields off_after(const SavedFields& saved, const OurLogin& ours, const Edit& edit) {
  SavedFields live = with_login(saved, ours, saved);
  const OurLogin set = login_in(live, ours.receives);
  edit(live);
  return given_back(live, set, saved);
}

}  // namespace

TEST_CASE("what nobody has edited is as before once it is off", "[claws][login]") {
  const auto receives =
      GENERATE(as<std::optional<Protocol>>{}, Protocol::kImap, Protocol::kPop, std::nullopt);
  const bool sends = GENERATE(true, false);
  SavedFields saved = before();
  saved.smtp_userid = GENERATE(as<std::string>{}, "sender", "");
  saved.use_smtp_auth = GENERATE(true, false);
  CAPTURE(sends, saved.smtp_userid, saved.use_smtp_auth);

  const SavedFields fields = off_after(saved, signing_in(receives, sends), [](SavedFields&) {});

  CHECK(fields == saved);
}

TEST_CASE("what a person has edited stays when it goes off, and the rest is as before",
          "[claws][login]") {
  const auto [edit, expected] = GENERATE(table<Edit, Edit>({
      {[](SavedFields& live) { live.userid = "bob"; },
       [](SavedFields& fields) { fields.userid = "bob"; }},
      {[](SavedFields& live) { live.smtp_userid = "new"; },
       [](SavedFields& fields) {
         fields.smtp_userid = "new";
         fields.use_smtp_auth = true;  // a name is for logging in
       }},
      {[](SavedFields& live) { live.smtp_auth_method = 1; },
       [](SavedFields& fields) {
         fields.smtp_auth_method = 1;
         fields.use_smtp_auth = true;
       }},
      {[](SavedFields& live) { live.imap_auth_method = 1; },
       [](SavedFields& fields) { fields.imap_auth_method = 1; }},
      // Never ours over IMAP, and so the person's whenever it was edited.
      {[](SavedFields& live) { live.oauth2_provider = 3; },
       [](SavedFields& fields) { fields.oauth2_provider = 3; }},
      {[](SavedFields& live) { live.use_pop_auth = true; },
       [](SavedFields& fields) { fields.use_pop_auth = true; }},
  }));
  SavedFields saved = before();
  saved.use_smtp_auth = false;
  SavedFields wanted = saved;
  expected(wanted);

  CHECK(off_after(saved, signing_in(Protocol::kImap), edit) == wanted);
}

TEST_CASE("a login for POP3 that a person has chosen stays when it goes off", "[claws][login]") {
  SavedFields saved = before();
  SavedFields wanted = saved;
  wanted.pop_auth_method = 1;
  wanted.use_pop_auth = true;

  CHECK(off_after(saved, signing_in(Protocol::kPop),
                  [](SavedFields& live) { live.pop_auth_method = 1; }) == wanted);
}

TEST_CASE("no login by OAuth stays that was not there before", "[claws][login]") {
  const SavedFields saved = before();

  const SavedFields fields =
      off_after(saved, signing_in(Protocol::kImap, false), [](SavedFields& live) {
        live.smtp_auth_method = kSmtpOauth;
        live.pop_auth_method = kPopOauth;
      });

  CHECK(fields == saved);
}

TEST_CASE("what was given back is not given back once more", "[claws][login]") {
  const SavedFields saved = before();
  const SavedFields off =
      off_after(saved, signing_in(Protocol::kImap), [](SavedFields& live) { live.userid = "bob"; });

  CHECK(given_back(off, login_in(off, Protocol::kImap), saved) == off);
}

TEST_CASE("the name of an account that reads news is never ours", "[claws][login]") {
  const SavedFields saved = before();
  SavedFields live = saved;
  live.userid = "another";

  const SavedFields on = with_login(live, signing_in(std::nullopt), saved);

  CHECK(on.userid == "another");
  CHECK(on.smtp_userid == "alice@c.test");
  CHECK(given_back(on, login_in(on, std::nullopt), saved).userid == "another");
}

TEST_CASE("who sends with the name for receiving goes on to with the one of before",
          "[claws][login]") {
  const auto [receives, name] = GENERATE(table<std::optional<Protocol>, std::string>({
      {Protocol::kImap, "alice"}, {std::nullopt, ""},  // its name for receiving is still there
  }));
  SavedFields saved = before();
  saved.smtp_userid.clear();

  CHECK(with_login(saved, signing_in(receives, false), saved).smtp_userid == name);
}

TEST_CASE("a login for sending that a person sets meanwhile is the one of before",
          "[claws][login]") {
  SavedFields saved = before();
  SavedFields live = with_login(saved, signing_in(Protocol::kImap, false), saved);
  CHECK_FALSE(learn_sending(live, saved));

  live.smtp_userid = "new";
  CHECK(learn_sending(live, saved));

  CHECK(saved.smtp_userid == "new");
  CHECK(with_login(live, signing_in(Protocol::kImap, false), saved) == live);
}

TEST_CASE("what was lent for sending is the password of a name that a person sets there",
          "[claws][login]") {
  SavedFields saved = before();
  saved.smtp_userid.clear();
  SavedFields live = with_login(saved, signing_in(Protocol::kImap, false), saved);
  CHECK(sends_as_it_receives(live, saved));
  saved.lent = true;
  CHECK_FALSE(learn_sending(live, saved));
  CHECK(saved.lent);

  live.smtp_userid = "new";
  CHECK(learn_sending(live, saved));

  CHECK_FALSE(saved.lent);
  CHECK_FALSE(sends_as_it_receives(live, saved));
}
