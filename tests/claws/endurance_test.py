#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Claws Mail that runs for long, and one that ends in the middle: renewals, a keyring that comes and goes, a hundred
fetches, a kill at the worst moments.

Tokens are short, so that Claws Mail 4.1 can carry them over POP3: each fetch over POP3 is a login of its own. "Flat"
is measured between two equal states of one process and compared with what a hundred leaked logins would cost.
"""
import fcntl
import json
import os
import subprocess
import time
import unittest

import sanitized
from gui import Person
from host_case import ALICE, BOB, HERE, OAUTH, PASSWORD, SHARED, HostCase, decoded, wait_for

BROWSER = os.path.join(os.path.dirname(HERE), "bed", "browser")
ROUNDS, WARM_UP = 100, 20
#: Seconds: too short to be handed out a second time, long enough for a login on a busy machine.
SHORT = 8
#: The least that one of them leaves when it leaves something large: a TLS session, a connection, a thread's stack. The
#: host itself grows by half a megabyte now and then, with and without the plugin.
LEAK = 10_000


def poll(condition, limit):
    """Looks at it until it is true, but not for ever."""
    end = time.monotonic() + limit
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)


class Endurance(HostCase):
    bed_options = {"token_bytes": 120}

    def setUp(self):
        super().setUp()
        self.addCleanup(self.bed.control, "unlock_keyring")
        self.addCleanup(self.hold, False)

    # The authorization server ------------------------------------------------------------

    def hold(self, held=True):
        """Its answers at the token endpoint: worked out, so that the old refresh token is used up, and not sent."""
        self.bed.control("set", hold_token_answers=held)

    def renewals(self):
        """How often the token endpoint was asked since the requests were cleared."""
        return self.bed.control("requests")["counts"].get("token", 0)

    def item(self):
        """Alice's sign-in as it is in the keyring."""
        done = subprocess.run(["secret-tool", "lookup", *self._attributes(ALICE)], env=self.bed.env, check=True,
                              capture_output=True)
        return json.loads(done.stdout)

    def tokens_sent(self, port):
        """The token of each login, in order."""
        words = [decoded(word) for talk in self.sent_bytes(port) for word in talk.split()]
        return [word.partition("auth=Bearer ")[2].strip("\1") for word in words if "auth=Bearer " in word]

    # The host ----------------------------------------------------------------------------

    def work(self, **more):
        return self.account("Work", is_default=1, intent=self.intent(), **more)

    def post(self, **more):
        return self.account("Post", pop=True, is_default=1, intent=self.intent(), **more)

    def fetch(self, claws, port="POP"):
        """One more login with a token, and its success in the host's log; the token."""
        mark = {"POP": "POP< +OK Logged in", "IMAP": "Login to localhost successful"}[port]
        before = claws.log().count(mark)
        end = time.monotonic() + 30
        while claws.log().count(mark) == before:
            self.assertLess(time.monotonic(), end, f"one more login over {port}:\n{claws.log()[-2000:]}")
            claws.remote("--receive")  # it does nothing for two seconds after a connection was lost
            poll(lambda: claws.log().count(mark) > before, 2)
        return self.tokens_sent(port)[-1]

    def waiting(self, claws):
        return claws.windows().count("Sign in with OAuth")

    def assert_no_lock_is_held(self, profile):
        folder = os.path.join(profile.home, ".local", "state", "mail-oauth", "lock")
        names = os.listdir(folder)
        self.assertTrue(names)
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    # Renewal -----------------------------------------------------------------------------

    def test_a_token_that_lives_a_second_is_renewed_while_the_program_runs(self):
        self.bed.control("set", token_ttl=1)
        self.grant(expires_at=1)
        claws = self.start(self.profile({1: self.work()}))
        seen = []
        for _ in range(3):
            seen.append(self.fetch(claws, "IMAP"))
            self.bed.control("hang_up")  # a connection stays logged in for as long as it lives
        self.assertEqual(len(set(seen)), len(seen), "each login has a token of its own")
        self.assert_no_password_sent()
        self.only_main_window(claws, "Work")
        claws.exit()

    def test_two_accounts_that_wait_for_one_grant_renew_it_once(self):
        self.grant(expires_at=1)
        profile = self.profile({1: self.work(),
                                2: self.account("Support", SHARED, intent=self.intent(mailbox=SHARED))})
        self.queue(profile, 2, SHARED, BOB, "From the team")
        claws = self.start(profile)
        person = Person(claws, self.bed.env)
        self.bed.control("clear_requests")
        self.hold()
        claws.remote("--receive-all")
        wait_for(lambda: self.waiting(claws) == 1, "the first account waits")
        person.click("push button", "Send")
        wait_for(lambda: self.waiting(claws) == 2, "the second account waits")

        self.hold(False)

        wait_for(lambda: claws.log().count("Login to localhost successful") == 2, "both logins")
        wait_for(lambda: self.subjects(BOB) == ["From the team"], "the message of the second account")
        self.assertEqual(self.renewals(), 1)
        claws.exit()

    # The keyring -------------------------------------------------------------------------

    def test_a_keyring_that_is_locked_meanwhile_stops_the_mail_until_it_is_unlocked(self):
        self.bed.control("set", token_ttl=1)
        self.grant(expires_at=1)
        claws = self.start(self.profile({1: self.post()}))
        self.fetch(claws)
        self.bed.control("lock_keyring")
        self.bed.control("clear_requests")

        claws.remote("--receive")
        self.logged(claws, "The keyring is locked")
        self.only_main_window(claws, "Post")
        self.assertEqual(self.renewals(), 0, "nothing is asked for that could not be kept")

        self.bed.control("unlock_keyring")
        self.fetch(claws)
        claws.exit()

    def test_a_keyring_that_is_locked_during_a_renewal_loses_nothing(self):
        self.grant(expires_at=1)
        profile = self.profile({1: self.post()})
        claws = self.start(profile)
        old = self.item()["refresh_token"]
        self.bed.control("clear_requests")
        self.hold()
        claws.remote("--receive")
        wait_for(self.renewals, "the renewal")
        self.bed.control("lock_keyring")
        self.hold(False)

        self.logged(claws, "POP< +OK Logged in")  # mail comes all the same
        self.logged(claws, "The renewed sign-in is not saved")
        self.bed.control("unlock_keyring")
        # It is tried again after 30 s, and a minute after that where the keyring was still locked then.
        wait_for(lambda: self.item()["refresh_token"] != old, "the new refresh token in the keyring", limit=120)
        claws.exit()

        self.bed.control("expire_tokens")
        token = self.fetch_after_restart(profile)
        self.assertTrue(token)

    # Killed ------------------------------------------------------------------------------

    def fetch_after_restart(self, profile):
        """Makes the token stale, so that the refresh token has to be good."""
        self.grant_is_stale()
        claws = self.start(profile)
        token = self.fetch(claws)
        claws.exit()
        return token

    def grant_is_stale(self):
        subprocess.run(["secret-tool", "store", "--label", "Mail sign-in", *self._attributes(ALICE)],
                       input=json.dumps({**self.item(), "expires_at": 1}).encode(), env=self.bed.env, check=True)

    def killed_while_renewing(self):
        """A profile whose host was killed with a request under way."""
        profile = self.profile({1: self.post()})
        claws = self.start(profile)
        self.bed.control("clear_requests")
        claws.remote("--receive")
        wait_for(self.renewals, "the renewal")
        claws.kill()
        self.assert_no_lock_is_held(profile)
        return profile

    def test_killed_before_the_server_has_read_the_refresh_token(self):
        self.grant(expires_at=1)
        before = self.item()
        self.bed.control("provider_down", mode="hang")
        profile = self.killed_while_renewing()
        self.assertEqual(self.item(), before)
        self.bed.control("provider_up")

        self.fetch_after_restart(profile)

    def test_killed_before_the_new_refresh_token_arrives_it_asks_for_a_sign_in(self):
        """The server has used the old one up, and nobody has the new one."""
        self.grant(expires_at=1)
        before = self.item()
        self.hold()
        profile = self.killed_while_renewing()
        self.assertEqual(self.item(), before)
        self.hold(False)

        claws = self.start(profile)
        claws.remote("--receive")
        self.logged(claws, "Sign in again")
        self.no_prompt_stays(claws)
        self.assert_no_password_sent()
        self.grant()  # as a sign-in leaves it
        self.fetch(claws)
        claws.exit()

    def test_ended_before_the_new_refresh_token_arrives_it_says_what_may_be_lost(self):
        """The renewal is one ahead of the token's end, so that nobody waits for it."""
        self.grant(expires_at=int(time.time()) + 120)
        profile = self.profile({1: self.post()})
        claws = self.start(profile)
        self.bed.control("clear_requests")
        self.hold()
        self.fetch(claws)
        wait_for(self.renewals, "the renewal")
        claws.exit()
        self.assertIn("may have ended the sign-in", claws.output())  # the host has closed its log

    def test_killed_when_the_new_refresh_token_is_stored(self):
        self.grant(expires_at=1)
        old = self.item()["refresh_token"]
        profile = self.profile({1: self.post()})
        claws = self.start(profile)
        claws.remote("--receive")
        wait_for(lambda: self.item()["refresh_token"] != old, "the new refresh token in the keyring")
        claws.kill()
        self.assert_no_lock_is_held(profile)

        self.fetch_after_restart(profile)

    # Long --------------------------------------------------------------------------------

    def test_a_hundred_fetches_with_a_renewal_each_leave_nothing_behind(self):
        self.bed.control("set", token_ttl=SHORT)
        self.grant(expires_at=1)
        claws = self.start(self.profile({1: self.post()}, common={"loglength": 50}))  # or the log window grows
        for _ in range(WARM_UP):
            self.fetch(claws)
        threads, files, memory = claws.settled()
        warm = len(self.tokens_sent("POP"))
        self.bed.control("clear_requests")

        for _ in range(ROUNDS):
            self.fetch(claws)

        after = claws.settled(threads)
        seen = self.tokens_sent("POP")  # more where a slow host was told twice
        self.assertGreater(memory, 0)
        self.assertGreaterEqual(len(seen) - warm, ROUNDS)
        self.assertEqual(self.renewals(), len(seen) - warm)
        self.assertEqual(len(set(seen)), len(seen), "each login has a token of its own")
        self.assertLessEqual(after[0], threads)
        self.assertLessEqual(after[1], files)
        self.assertLess(after[2] - memory, ROUNDS * LEAK + sanitized.HELD_BACK)
        claws.exit()

    # There and back ----------------------------------------------------------------------

    def test_turned_on_restarted_and_turned_off_it_receives_with_a_password_again(self):
        work = self.account("Work", is_default=1, oauth2_client_id=self.bed.env["BED_CLIENT_ID"])
        profile = self.profile({1: work}, {1: {"recv": PASSWORD[ALICE], "send": PASSWORD[ALICE]}})
        env = {"BROWSER": BROWSER, "BED_BROWSER_USER": ALICE}
        claws = self.start(profile, env=env)
        person = Person(claws, self.bed.env)
        person.open_page()
        person.click("check box", "Sign in with OAuth")
        person.click("push button", "Sign in with browser")
        person.see("label", f"Signed in as {ALICE}")
        person.click("push button", "OK")
        wait_for(lambda: profile.account(1).get("imap_auth_method") == OAUTH["imap"], "the fields follow")
        claws.exit()

        claws = self.start(profile)
        self.fetch(claws, "IMAP")
        self.assert_no_password_sent()
        person = Person(claws, self.bed.env)
        person.open_page()
        person.click("check box", "Sign in with OAuth")
        person.click("push button", "OK")
        wait_for(lambda: "[account:1]" in profile.read("passwordstorerc"), "the passwords come back")
        claws.exit()

        self.bed.control("clear_transcript")
        claws = self.start(profile)
        claws.remote("--receive")
        self.logged(claws, "Login to localhost successful")
        talk = "".join(self.sent_bytes("IMAP"))
        self.assertIn(PASSWORD[ALICE], talk + "".join(decoded(word) for word in talk.split()))
        self.assertNotIn("XOAUTH2", talk)
        claws.exit()


if __name__ == "__main__":
    unittest.main()
