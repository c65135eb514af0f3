#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each shipped manifest against answers as its provider documents or was recorded to give them, through the whole command:
redirect, redemption, keyring, renewal, rotation and each error. Only the addresses are those of a server of ours.

    tests/bed/bed.py run -- tests/cli/provider_answers_test.py
"""
import base64
import json
import os
import re
import unittest
import urllib.parse

from cli_case import (ALICE, CONFIG, PROTOCOL, REAUTHORIZE, REFUSED, SECONDS, TRANSIENT, CliCase, bed, write_manifest)

SHIPPED = os.path.join(os.path.dirname(os.environ["MAIL_OAUTH"]), "..", "..", "manifests", "mail-oauth", "providers")
JSON = {"Content-Type": "application/json; charset=utf-8"}
CORRELATION = "11111111-2222-3333-4444-555555555555"


def answer(body, status=200, headers=None):
    return {"status": status, "headers": headers or JSON, "body": body if isinstance(body, str) else json.dumps(body)}


def refusal(error, description="", status=400, **more):
    return answer({"error": error, "error_description": description, **more}, status)


def entra(error, number, words, status=400, **more):
    """https://learn.microsoft.com/entra/identity-platform/reference-error-codes"""
    return refusal(error, f"AADSTS{number}: {words} Trace ID: {CORRELATION} Correlation ID: {CORRELATION} "
                   "Timestamp: 2026-01-31 12:00:00Z", status, error_codes=[number], timestamp="2026-01-31 12:00:00Z",
                   trace_id=CORRELATION, correlation_id=CORRELATION, error_uri=f"https://login.example/error?code={number}", **more)


def manifest_of(provider):
    """With what it extends."""
    with open(os.path.join(SHIPPED, f"{provider}.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    return {**manifest_of(manifest["extends"]), **manifest} if "extends" in manifest else manifest


def id_token(**claims):
    """Not signed: it comes straight from the token endpoint (OpenID Connect Core 3.1.3.7)."""
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, {"aud": ["c", "closed"], **claims})]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in [*parts, b"x"])


def microsoft(at, access="eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.e30.c2ln", **more):
    """https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow"""
    scope = " ".join(f"{at}{name}" for name in ("IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "SMTP.Send"))
    return {"token_type": "Bearer", "scope": scope, "expires_in": 3599, "ext_expires_in": 3599, "access_token": access,
            "refresh_token": "0.AXoA-first", "id_token": id_token(preferred_username=ALICE), **more}


MICROSOFT_ERRORS = [
    (entra("invalid_grant", 700082, "The refresh token has expired due to inactivity.", suberror="token_expired"),
     REAUTHORIZE, ("700082", CORRELATION)),
    (entra("invalid_grant", 50173, "The provided grant has expired due to it being revoked.", suberror="bad_token"), REAUTHORIZE,
     ("your password changed",)),
    (entra("interaction_required", 50076, "You must use multi-factor authentication."), REAUTHORIZE, ("50076",)),
    (entra("consent_required", 65001, "The user or administrator has not consented."), REAUTHORIZE, ("65001",)),
    (entra("unauthorized_client", 700016, "Application with identifier 'c' was not found in the directory."), CONFIG, ("700016",)),
    (entra("invalid_client", 7000218, "The request body must contain client_assertion or client_secret.", 401), CONFIG,
     ("7000218",)),
    (entra("invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid."), CONFIG, ("70011",)),
    (entra("temporarily_unavailable", 90033, "A transient error has occurred. Please try again.", 503), TRANSIENT, ("90033",)),
    (entra("invalid_request", 900432, "Confidential Client is not supported in Cross Cloud request."), CONFIG, ("900432",)),
]

# What a provider says at redemption, at a refresh (rotated, or without a refresh token: the old one stays), and its errors.
ANSWERS = {
    "microsoft365": (microsoft("https://outlook.office.com/"), microsoft("https://outlook.office365.com/",
                                                                         refresh_token="0.AXoA-second"), MICROSOFT_ERRORS),
    "microsoft365-gcc-high": (microsoft("https://outlook.office365.us/"), microsoft("https://outlook.office365.us/"),
                              MICROSOFT_ERRORS[:1]),
    "microsoft365-dod": (microsoft("https://outlook.office365.us/"), microsoft("https://outlook.office365.us/"), MICROSOFT_ERRORS[:1]),
    "microsoft365-21vianet": (microsoft("https://partner.outlook.cn/"), microsoft("https://partner.outlook.cn/"), MICROSOFT_ERRORS[:1]),
    # https://learn.microsoft.com/previous-versions/azure/active-directory/azuread-dev/v1-protocols-oauth-code: numbers in strings
    "microsoft365-21vianet-v1": (
        microsoft("", expires_in="3599", expires_on="1388444763", resource="https://partner.outlook.cn", id_token=id_token(upn=ALICE)),
        microsoft("", expires_in="3599", refresh_token="0.AXoA-second"), MICROSOFT_ERRORS[:1]),
    # Opaque, as the sample in Microsoft's page on IMAP, POP and SMTP.
    "outlook.com": (microsoft("https://outlook.office.com/", access="EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA"),
                    microsoft("https://outlook.office.com/", access="EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAB"),
                    [(entra("invalid_grant", 70000, "The user could not be authenticated or the grant is expired."), REAUTHORIZE,
                      ("70000",))]),
    # https://developers.google.com/identity/protocols/oauth2/native-app
    "google": ({"access_token": "1/fFAGRNJru1FTz70BzhT3Zg", "expires_in": 3920, "token_type": "Bearer",
                "scope": "openid https://mail.google.com/ https://www.googleapis.com/auth/userinfo.email",
                "refresh_token": "1//xEoDL4iW3cxlI7yDbSRFYNG01kVKM2C-259HOF2aQbI", "id_token": id_token(email=ALICE)},
               {"access_token": "1/fFBGRNJru1FQd44AzqT3Zg", "expires_in": 3920, "scope": "https://mail.google.com/ openid",
                "token_type": "Bearer"},
               [(refusal("invalid_grant", "Token has been expired or revoked."), REAUTHORIZE, ("expired or revoked",)),
                (refusal("invalid_grant", "Bad Request"), REAUTHORIZE, ("Bad Request",)),
                (refusal("invalid_client", "The OAuth client was not found.", 401), CONFIG, ("was not found",)),
                (refusal("unauthorized_client", "Unauthorized"), CONFIG, ("Unauthorized",)),
                (refusal("invalid_grant", "reauth related error (invalid_rapt)", error_subtype="invalid_rapt"), REAUTHORIZE,
                 ("invalid_rapt",))]),
    # https://senders.yahooinc.com/developer/documentation/
    "yahoo": ({"access_token": "Jzxbkqqcvjqik2IMxGFEE1cuaos--", "refresh_token": "AOiRUlJn_qOmByVGTmUpwcMKW3XDcipToOoHx2wRoyLgJC",
               "expires_in": 3600, "token_type": "bearer", "xoauth_yahoo_guid": "JT4FACLQZI2OCE"},
              {"access_token": "Kzxbkqqcvjqik2IMxGFEE1cuaos--", "refresh_token": "AOiRUlJn_qOmByVGTmUpwcMKW3XDcipToOoHx2wRoyLgJC",
               "expires_in": 3600, "token_type": "bearer", "xoauth_yahoo_guid": "JT4FACLQZI2OCE"},
              [(refusal("invalid_grant", "Invalid refresh token", 401), REAUTHORIZE, ("Invalid refresh token",)),
               (refusal("INVALID_REFRESH_TOKEN", "refresh token was revoked"), REFUSED, ("INVALID_REFRESH_TOKEN",)),
               (answer({"error": {"localizedMessage": "client request is not acceptable or not supported",
                                  "errorId": "INVALID_INPUT", "message": "client request is not acceptable"}}, 400), PROTOCOL,
                ("400",))]),
    "aol": ({"access_token": "Jzx--", "refresh_token": "AOi", "expires_in": 3600, "token_type": "bearer"},
            {"access_token": "Kzx--", "refresh_token": "AOj", "expires_in": 3600, "token_type": "bearer"},
            [(refusal("unauthorized_client", "client is not allowed this grant"), CONFIG, ("not allowed",))]),
    # Its own page gives no sample: the answer of RFC 6749 section 5.1.
    "fastmail": ({"access_token": "2YotnFZFEjr1zCsicMWpAA", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "tGzv3JOk"},
                 {"access_token": "3YotnFZFEjr1zCsicMWpAA", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "uGzv3JOk"},
                 [(refusal("invalid_grant", "Invalid refresh token"), REAUTHORIZE, ("Invalid refresh token",))]),
    # https://yandex.com/dev/id/doc/en/codes/code-url: the access token may stay the same
    "yandex": ({"token_type": "bearer", "access_token": "AQAAAACy1C6ZAAAAfa6vDLuItEy8pg-iIpnDxIs", "expires_in": 31536000,
                "refresh_token": "1:GN686QVt0mmakDd9:A4pYuW9LGk0", "scope": "mail:imap_full mail:smtp"},
               {"token_type": "bearer", "access_token": "AQAAAACy1C6ZAAAAfa6vDLuItEy8pg-iIpnDxIs", "expires_in": 31536000,
                "refresh_token": "1:HN686QVt0mmakDd9:B4pYuW9LGk0", "scope": "mail:imap_full mail:smtp"},
               [(refusal("invalid_grant", "expired_token"), REAUTHORIZE, ("expired_token",)),
                (refusal("unsupported_token_type", "token of this kind"), REFUSED, ("unsupported_token_type",))]),
    # https://biz.mail.ru/developer/oauth.html: no token_type
    "mail.ru": ({"expires_in": 3600, "access_token": "e4d6f1a2", "refresh_token": "ccc0dd"},
                {"expires_in": 3600, "access_token": "f4d6f1a2"},
                [(refusal("invalid_grant", "token not found", error_code=6), REAUTHORIZE, ("token not found",))]),
    "comcast": ({"access_token": "cc1", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "cr1",
                 "scope": "https://email.comcast.net/ profile openid"},
                {"access_token": "cc2", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "cr2"},
                [(refusal("invalid_client", "Client authentication failed", 401), CONFIG, ("authentication failed",))]),
}


class Provider(CliCase):
    """A manifest whose addresses are those of a server that plays `answers`, one a request."""

    def at(self, provider, answers, **fields):
        number = bed("scripted_http", answers=answers)["port"]
        origin = f"https://localhost:{number}"
        write_manifest("played", extends=provider, name="Played", domains=[], mx=[], ca_file=os.environ["BED_CA"],
                       issuer=origin, authorization_endpoint=f"{origin}/authorize", token_endpoint=f"{origin}/token", **fields)
        self.port = number

    def requests(self):
        """The forms that came to the token endpoint."""
        return [dict(urllib.parse.parse_qsl(request["body"]))
                for request in bed("scripted_log", port=self.port)["requests"] if request["path"] == "/token"]

    def set_client(self, secret, registered):
        words = ["client", "set", "played", "--client-id", "closed" if secret else "c"]
        if registered:
            words += ["--redirect-uri", "https://client.example/back"]
        self.run_ok(*words, *(["--secret-stdin"] if secret else []), text="s3cret\n" if secret else "")

    def sign_in_by_pasting(self, **more):
        """As the person does whose browser ends at an address; the program's exit code, and what it said."""
        process = self.start("login", ALICE, "--provider", "played", "--paste", "--json", BROWSER="/bin/false")
        url = json.loads(process.stdout.readline())["url"]
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        back = urllib.parse.urlencode({"code": "SplxlOBeZQQYbYS6WxSbIA", "state": asked["state"],
                                       "iss": f"https://localhost:{self.port}", **more})
        out, err = process.communicate(f"{asked['redirect_uri']}?{back}\n", timeout=SECONDS)
        return process.returncode, out + err

    def token(self, code, *words):
        done = self.run_command("token", ALICE, "--provider", "played")
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        return done.stdout.strip()


def expired(tokens):
    return {**tokens, "expires_in": 1}


class Documented(Provider):
    def play(self, provider):
        first, renewed, errors = ANSWERS[provider]
        manifest = manifest_of(provider)
        secret, registered = manifest.get("client_secret") == "required", manifest.get("redirect", {}).get("kind") == "registered"
        self.at(provider, [answer(expired(first)), answer(expired(renewed)), *[error for error, _, _ in errors], answer(renewed)])
        self.set_client(secret, registered)
        code, said = self.sign_in_by_pasting()
        self.assertEqual(0, code, said)
        self.assertEqual(renewed["access_token"], self.token(0))
        for _, code, words in errors:
            self.token(code, *words)
        self.assertEqual(renewed["access_token"], self.token(0))  # no error cost the grant
        redemption, refresh, *later = self.requests()
        self.assertEqual(("authorization_code", "SplxlOBeZQQYbYS6WxSbIA", "closed" if secret else "c"),
                         (redemption["grant_type"], redemption["code"], redemption["client_id"]))
        self.assertEqual(43, len(redemption["code_verifier"]))
        self.assertEqual(first["refresh_token"], refresh["refresh_token"])
        newest = renewed.get("refresh_token", first["refresh_token"])
        self.assertEqual({newest}, {form["refresh_token"] for form in later})
        self.assertEqual(len(errors) + 1, len(later))
        self.assertEqual({"s3cret" if secret else None}, {form.get("client_secret") for form in self.requests()})
        self.run_ok("logout", ALICE, "--provider", "played")

    def test_every_provider_with_addresses_of_its_own_is_in_the_table(self):
        known = {provider for provider in (name[:-5] for name in os.listdir(SHIPPED)) if manifest_of(provider).get("token_endpoint")}
        self.assertEqual(known, set(ANSWERS))


def add_tests():
    for provider in ANSWERS:
        def test(self, provider=provider):
            self.play(provider)
        name = "test_" + re.sub(r"\W", "_", provider) + "_from_sign_in_over_renewal_to_each_error"
        setattr(Documented, name, test)


add_tests()


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
        for token in ("EwBAAl3B+/=AUFFpUAo7J3", id_token(exp=1, iss="https://elsewhere.test"), "x" * 6000):
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
            number = bed("scripted_http", answers=[odd])["port"]
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

    def test_an_issuer_in_the_redirect_that_is_another(self):
        self.at("bed", [answer(self.good)], identity_claims=[])
        self.set_client(False, False)
        code, said = self.sign_in_by_pasting(iss="https://mallory.test")
        self.assertNotEqual(0, code)
        self.assertEqual([], self.requests(), said)

    def test_metadata_with_a_wrong_issuer(self):
        number = bed("scripted_http", answers=["wrong-issuer"])["port"]
        write_manifest("played", name="Played", issuer=f"https://localhost:{number}", client_id="c", ca_file=os.environ["BED_CA"],
                       scopes={"imap": ["mail"]})
        self.assert_fails_json(PROTOCOL, "protocol", "login", ALICE, "--provider", "played")


if __name__ == "__main__":
    unittest.main()
