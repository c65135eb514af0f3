#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each shipped manifest against answers as its provider documents or was recorded to give them, through the whole command:
redirect, redemption, keyring, renewal, rotation and each error. Only the addresses are those of a server of ours.

    tests/bed/bed.py run -- tests/cli/provider_answers_test.py
"""
import json
import os
import re
import unittest

from cli_case import ALICE, CONFIG, PROTOCOL, REAUTHORIZE, REFUSED, TRANSIENT
from played_provider import Provider, answer, id_token, refusal

SHIPPED = os.path.join(os.path.dirname(os.environ["MAIL_OAUTH"]), "..", "..", "manifests", "mail-oauth", "providers")
CORRELATION = "11111111-2222-3333-4444-555555555555"


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
               (refusal("INVALID_REFRESH_TOKEN", "refresh token was revoked"), REAUTHORIZE, ("INVALID_REFRESH_TOKEN",)),
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


def expired(tokens):
    return {**tokens, "expires_in": 1}


class Documented(Provider):
    def documented(self, provider):
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
            self.documented(provider)
        name = "test_" + re.sub(r"\W", "_", provider) + "_from_sign_in_over_renewal_to_each_error"
        setattr(Documented, name, test)


add_tests()


if __name__ == "__main__":
    unittest.main()
