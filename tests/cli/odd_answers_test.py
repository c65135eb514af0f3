#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authorization servers that break the rules, or bend them, through the whole command:

    tests/bed/bed.py run -- tests/cli/odd_answers_test.py
"""
import gzip
import os
import time
import unittest

from cli_case import (ALICE, CONFIG, PROTOCOL, REAUTHORIZE, REFUSED, TRANSIENT, bed, write_manifest)
from played_provider import JSON, Provider, answer, id_token, id_tokens_made, jwt, refusal


class Odd(Provider):
    """Servers that break the rules, or bend them."""

    def setUp(self):
        super().setUp()
        self.good = {"access_token": "first", "token_type": "Bearer", "expires_in": 1, "refresh_token": "one"}

    def signed_in(self, *answers, **fields):
        self.at("bed", [answer(self.good), *answers], identity_claims=[], **fields)
        self.set_client(False, False)
        self.assertEqual(0, self.sign_in_by_pasting()[0])

    def refused_with(self, odd, code, *words):
        """That error, and the next answer is taken with the same refresh token."""
        self.signed_in(odd, answer({**self.good, "access_token": "later", "expires_in": 3600}))
        self.token(code, *words)
        self.assertEqual("later", self.token(0))
        self.assertEqual(["one", "one"], [form["refresh_token"] for form in self.requests()[1:]])

    def test_an_empty_400_is_no_end_of_the_grant(self):
        self.refused_with({"status": 400}, PROTOCOL, "400")

    def test_a_page_in_html_with_500(self):
        self.refused_with("html-503", TRANSIENT)
        self.refused_with({"status": 500, "headers": {"Content-Type": "text/html"}, "body": "<h1>Oops</h1>"}, TRANSIENT)

    def test_a_page_in_html_with_200(self):
        self.refused_with("garbage", PROTOCOL)

    def test_an_error_that_no_rfc_knows_shows_the_providers_own_words(self):
        self.refused_with(refusal("E_MAILBOX_ASLEEP", "Come back on Monday."), REFUSED, "E_MAILBOX_ASLEEP", "Come back on Monday.")

    def test_a_body_in_form_encoding_is_an_unexpected_answer(self):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.refused_with(answer("access_token=later&token_type=bearer&expires_in=3600", headers=form), PROTOCOL)
        self.refused_with(answer("error=invalid_grant", 400, form), PROTOCOL)

    def test_a_token_type_in_any_case(self):
        for name in ("bearer", "BEARER", "Bearer"):
            self.signed_in(answer({**self.good, "access_token": "later", "expires_in": 3600, "token_type": name}))
            self.assertEqual("later", self.token(0))

    def test_another_token_type(self):
        self.refused_with(answer({**self.good, "token_type": "mac"}), PROTOCOL)

    def test_opaque_tokens_and_jwts_are_handed_on_as_they_are(self):
        for token in ("EwBAAl3B+/=AUFFpUAo7J3", jwt({"exp": 1, "iss": "https://elsewhere.test"}), "x" * 6000):
            self.signed_in(answer({**self.good, "access_token": token, "expires_in": 3600}))
            self.assertEqual(token, self.token(0))

    def test_a_redirect_to_an_exact_port(self):
        self.at("bed", [answer({**self.good, "expires_in": 3600})], identity_claims=[],
                redirect={"kind": "loopback", "host": "127.0.0.1", "port": 49321, "path": "/exact"})
        self.set_client(False, False)
        self.assertEqual(0, self.sign_in_by_pasting()[0])
        self.assertEqual("http://127.0.0.1:49321/exact", self.requests()[0]["redirect_uri"])

    def test_a_server_that_will_not_revoke(self):
        for odd in ({"status": 403}, refusal("unsupported_token_type"), "html-503"):
            number = bed("scripted_http", answers=[id_tokens_made(odd)])["port"]
            self.signed_in(revocation_endpoint=f"https://localhost:{number}/revoke")
            out = self.run_json("logout", ALICE, "--provider", "played")
            self.assertFalse(out["revoked"])
            self.assertNotIn("played", [grant["provider"] for grant in self.run_json("list")["grants"]])

    def test_an_id_token_for_another_client_ends_the_sign_in(self):
        self.at("bed", [answer({**self.good, "id_token": id_token(aud="mallory", email=ALICE)})])
        self.set_client(False, False)
        self.assertEqual(PROTOCOL, self.sign_in_by_pasting()[0])
        self.assertEqual([], self.run_json("list")["grants"])

    def test_an_id_token_for_somebody_else_ends_the_sign_in(self):
        self.at("bed", [answer({**self.good, "id_token": id_token(preferred_username="mallory@contoso.test")})])
        self.set_client(False, False)
        code, said = self.sign_in_by_pasting()
        self.assertNotEqual(0, code)
        self.assertIn("mallory@contoso.test", said)
        self.assertEqual([], self.run_json("list")["grants"])

    def test_a_name_in_an_id_token_cannot_steer_the_terminal(self):
        """Neither in words nor in JSON: CSI as one character, and a right-to-left override."""
        self.at("bed", [answer({**self.good, "id_token": id_token(preferred_username="m\x9b31m\u202eallory@contoso.test")})])
        self.set_client(False, False)
        code, said = self.sign_in_by_pasting()
        self.assertNotEqual(0, code)
        self.assertIn("allory@contoso.test", said)
        self.assertEqual([], [character for character in said if not character.isprintable() and character != "\n"])

    def test_an_issuer_in_the_redirect_that_is_another(self):
        self.at("bed", [answer(self.good)], identity_claims=[])
        self.set_client(False, False)
        code, said = self.sign_in_by_pasting(iss="https://mallory.test")
        self.assertEqual(PROTOCOL, code, said)
        self.assertIn(f'it names the issuer \\"https://mallory.test\\", and \\"{self.issuer}\\" was asked', said)  # in JSON
        self.assertEqual([], self.requests(), said)

    def test_metadata_with_a_wrong_issuer(self):
        number = bed("scripted_http", answers=["wrong-issuer"])["port"]
        write_manifest("played", name="Played", issuer=f"https://localhost:{number}", client_id="c", ca_file=os.environ["BED_CA"],
                       scopes={"imap": ["mail"]})
        self.assert_fails_json(PROTOCOL, "protocol", "login", ALICE, "--provider", "played")


def tokens(**more):
    """An answer to a refresh that rotates; its access token ends at once, so that the next command asks again."""
    whole = {"access_token": "later", "token_type": "Bearer", "expires_in": 1, "refresh_token": "two", **more}
    return answer({name: value for name, value in whole.items() if value is not LEFT_OUT})


def raw(body, status=200, **headers):
    return answer(body, status, {**JSON, **headers})


LEFT_OUT = object()
GOOD = '{"access_token":"later","expires_in":1,"refresh_token":"two"'
PLAIN = GOOD + "}"


def of_bytes(body, **headers):
    return raw(body.decode("latin-1"), **headers)


# What a server may say to a code, or to the refresh token "one" of alice, who signed in as the subject s-1: the exit code that
# is right at the sign-in, that at a renewal, the refresh token that is right to send next, and words of both.
ODD = [
    ("no scope", tokens(scope=""), 0, 0, "two", ""),
    ("a scope of null", tokens(scope=None), 0, 0, "two", ""),
    ("a scope that is a list", tokens(scope=["mail"]), PROTOCOL, 0, "two", ""),
    ("a scope that no rule permits", tokens(scope="mail Caf\u00e9"), PROTOCOL, 0, "two", ""),
    ("a token type that was not asked for", tokens(token_type="DPoP"), PROTOCOL, PROTOCOL, "two", ""),
    ("a refresh token that is a number", tokens(refresh_token=2), PROTOCOL, PROTOCOL, "one", ""),
    ("no refresh token", tokens(refresh_token=LEFT_OUT), PROTOCOL, 0, "one", ""),
    ("an empty one", tokens(refresh_token=""), PROTOCOL, 0, "one", ""),
    ("one of null", tokens(refresh_token=None), PROTOCOL, 0, "one", ""),
    ("no access token", tokens(access_token=LEFT_OUT), PROTOCOL, PROTOCOL, "two", ""),
    ("a token with a line end", tokens(access_token="la\nter"), PROTOCOL, PROTOCOL, "two", ""),
    ("a token with a NUL", tokens(access_token="la\0ter"), PROTOCOL, PROTOCOL, "two", ""),
    ("a token with other letters", tokens(access_token="l\u00e4ter"), PROTOCOL, PROTOCOL, "two", ""),
    ("a token of 900 kB", tokens(access_token="x" * 900_000), 0, 0, "two", ""),
    ("an end beyond all numbers", raw(PLAIN.replace(":1,", ":1e400,")), PROTOCOL, PROTOCOL, "one", ""),
    ("something twice", raw(GOOD + ',"access_token":"other"}'), PROTOCOL, PROTOCOL, "two", ""),
    ("half of it", raw(GOOD), PROTOCOL, PROTOCOL, "one", ""),
    ("too deep", raw("[" * 100), PROTOCOL, PROTOCOL, "one", ""),
    ("a NUL behind it", raw(PLAIN + "\0"), 0, 0, "two", ""),
    ("UTF-16", of_bytes(PLAIN.encode("utf-16")), PROTOCOL, PROTOCOL, "one", ""),
    ("gzip that nobody asked for", of_bytes(gzip.compress(PLAIN.encode()), **{"Content-Encoding": "gzip"}), PROTOCOL, PROTOCOL,
     "one", ""),
    ("a byte order mark before it", of_bytes(PLAIN.encode("utf-8-sig")), 0, 0, "two", ""),
    ("behind a 100", {**tokens(), "interim": [100]}, 0, 0, "two", ""),
    ("behind two hints", {**tokens(), "interim": [103, 103]}, 0, 0, "two", ""),
    ("201", {**tokens(), "status": 201}, 0, 0, "two", ""),
    ("203", {**tokens(), "status": 203}, 0, 0, "two", ""),
    ("206", {**tokens(), "status": 206}, 0, 0, "two", ""),
    ("text/plain", {**tokens(), "headers": {"Content-Type": "text/plain"}}, 0, 0, "two", ""),
    ("204", {"status": 204}, PROTOCOL, PROTOCOL, "one", ""),
    ("307", "redirect-post", PROTOCOL, PROTOCOL, "one", ""),
    ("426", {"status": 426}, PROTOCOL, PROTOCOL, "one", ""),
    ("an empty 400", {"status": 400}, PROTOCOL, PROTOCOL, "one", "400"),
    ("a page", "garbage", PROTOCOL, PROTOCOL, "one", ""),
    ("408", {"status": 408}, TRANSIENT, TRANSIENT, "one", ""),
    ("425", {"status": 425}, TRANSIENT, TRANSIENT, "one", ""),
    ("429 for a time that is none", raw("", 429, **{"Retry-After": "-1"}), TRANSIENT, TRANSIENT, "one", ""),
    ("503 for ever", raw("", 503, **{"Retry-After": "1000000000"}), TRANSIENT, TRANSIENT, "one", ""),
    ("401", refusal("invalid_client", status=401), CONFIG, CONFIG, "one", ""),
    ("an end of what was never begun", refusal("invalid_grant"), REAUTHORIZE, REAUTHORIZE, "one", ""),
    ("Yahoo's word for an end", refusal("INVALID_REFRESH_TOKEN"), REAUTHORIZE, REAUTHORIZE, "one", "ign in again"),
]
# The same of the id_token beside a renewal.
ID_TOKENS_AT_RENEWAL = [
    ("hers", tokens(id_token=id_token(email=ALICE)), 0, "two", ""),
    ("who is called something else now", tokens(id_token=id_token(email="renamed@contoso.test")), 0, "two", ""),
    ("of somebody else", tokens(id_token=id_token(sub="s-2", email=ALICE)), REAUTHORIZE, "one", "somebody else"),
    ("of another client", tokens(id_token=id_token(aud="other", email=ALICE)), REAUTHORIZE, "one", "somebody else"),
    ("of another issuer", tokens(id_token=id_token(iss="https://mallory.test", email=ALICE)), REAUTHORIZE, "one", "somebody else"),
    ("that has ended, as the first one", tokens(id_token=id_token(exp=1, email=ALICE)), 0, "two", ""),
    ("that is none", tokens(id_token="garbage"), 0, "two", ""),
]
# Ends of an access token that are none: it counts for an hour, and nobody is asked again.
AN_HOUR = [tokens(expires_in=LEFT_OUT), tokens(expires_in=None), tokens(expires_in=0), tokens(expires_in=-1),
           tokens(expires_in="soon"), tokens(expires_in=True), raw(GOOD.replace(":1,", ":1e20,") + "}")]
# What may come with the code; None: it is no claim. Who is not refused is signed in.
AT_SIGN_IN = [
    ("hers", {}, 0),
    ("for several clients", {"aud": ["other", "c"]}, 0),
    ("for us by name", {"azp": "c"}, 0),
    ("for another client", {"aud": "other"}, PROTOCOL),
    ("for nobody", {"aud": None}, PROTOCOL),
    ("for another client by name", {"azp": "other"}, PROTOCOL),
    ("of another issuer", {"iss": "https://mallory.test"}, PROTOCOL),
    ("of nobody", {"iss": None}, PROTOCOL),
    ("that ended an hour ago", {"exp": int(time.time()) - 3600}, PROTOCOL),
    ("without an end", {"exp": None}, PROTOCOL),
    ("of another sign-in", {"nonce": "n-0S6_WzA2Mj"}, PROTOCOL),
    ("of any sign-in", {"nonce": None}, PROTOCOL),
    ("about nobody", {"email": None}, PROTOCOL),
]


def access_token_of(said):
    body = said["body"]
    return body["access_token"] if isinstance(body, dict) else "later"


class OddAnswers(Provider):
    """The tables above."""

    def sign_in(self, first, claims=("email",)):
        self.at("bed", [first], identity_claims=list(claims))
        self.set_client(False, False)
        return self.sign_in_by_pasting()

    def answers_now(self, *answers):
        bed("scripted_answers", port=self.port, answers=[id_tokens_made(said, iss=self.issuer) for said in answers])

    def test_each_odd_answer_to_a_refresh_token(self):
        self.renew_with((name, odd, code, heir, words) for name, odd, _, code, heir, words in ODD)

    def test_each_odd_id_token_beside_a_renewal(self):
        self.renew_with(ID_TOKENS_AT_RENEWAL)

    def renew_with(self, rows):
        code, said = self.sign_in(tokens(refresh_token="one", id_token=id_token(email=ALICE)))
        self.assertEqual(0, code, said)
        for name, odd, code, heir, words in rows:
            with self.subTest(name):
                self.answers_now(odd)
                said = self.token(code, *filter(None, [words]))
                self.assertEqual(access_token_of(odd) if code == 0 else "", said)
                # The next request shows what was kept.
                self.answers_now(tokens(refresh_token="one"))
                self.token(0)
                self.assertEqual(heir, self.requests()[-1]["refresh_token"])

    def test_each_odd_answer_to_a_code(self):
        """Asked once, whatever it was: a code is good for one request."""
        for name, odd, code, _, _, words in ODD:
            with self.subTest(name):
                got, said = self.sign_in(odd, claims=())
                self.assertEqual(code, got, said)
                self.assertIn(words, said)
                self.assertEqual(["authorization_code"], [form["grant_type"] for form in self.requests()])
                self.assertEqual([ALICE] if code == 0 else [], [one["identity"] for one in self.run_json("list")["grants"]])
                if code == 0:
                    self.answers_now(tokens(access_token="renewed"))
                    self.assertEqual("renewed", self.token(0))
                    self.assertEqual("two", self.requests()[-1]["refresh_token"])
                    self.run_ok("logout", ALICE, "--provider", "played")

    def test_a_scope_without_mail_is_told_until_the_next_sign_in(self):
        self.assertEqual(0, self.sign_in(tokens(refresh_token="one", id_token=id_token(email=ALICE)))[0])
        self.answers_now(tokens(scope="profile"))
        for _ in range(2):
            self.token(REFUSED, "did not grant it")

    def test_an_end_that_is_none_is_an_hour(self):
        for said in AN_HOUR:
            with self.subTest(said["body"]):
                self.assertEqual(0, self.sign_in(tokens(refresh_token="one", id_token=id_token(email=ALICE)))[0])
                self.answers_now(said)
                self.assertEqual(["later"] * 2, [self.token(0), self.token(0)])
                self.assertEqual(2, len(self.requests()))
                self.run_ok("logout", ALICE, "--provider", "played")

    def test_each_odd_id_token_at_sign_in(self):
        for name, claims, code in AT_SIGN_IN:
            with self.subTest(name):
                got, said = self.sign_in(tokens(id_token=id_token(**{"email": ALICE, **claims})))
                self.assertEqual(code, got, said)
                self.assertEqual([ALICE] if code == 0 else [], [one["identity"] for one in self.run_json("list")["grants"]])
                if code == 0:
                    self.run_ok("logout", ALICE, "--provider", "played")


if __name__ == "__main__":
    unittest.main()
