# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of a provider's answers share: a manifest whose addresses are those of a server that plays a list of answers."""
import base64
import json
import os
import time
import urllib.parse

from cli_case import ALICE, SECONDS, CliCase, bed, write_manifest

JSON = {"Content-Type": "application/json; charset=utf-8"}


def answer(body, status=200, headers=None):
    return {"status": status, "headers": headers or JSON, "body": body}


def refusal(error, description="", status=400, **more):
    return answer({"error": error, "error_description": description, **more}, status)


class IdToken(dict):
    """Claims, beside those that every sign-in brings anew: see id_tokens_made()."""


def id_token(**claims):
    return IdToken(claims)


def jwt(claims):
    """Not signed: it comes straight from the token endpoint (OpenID Connect Core 3.1.3.7)."""
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in [*parts, b"x"])


def id_tokens_made(said, **usual):
    """The answer with its id_token for this very sign-in; a claim of None is left out."""
    body = said.get("body") if isinstance(said, dict) else None
    if not isinstance(body, dict):
        return said
    claims = body.get("id_token")
    if isinstance(claims, IdToken):
        whole = {"aud": ["c", "closed"], "sub": "s-1", "exp": int(time.time()) + 3600, **usual, **claims}
        body = {**body, "id_token": jwt({name: claim for name, claim in whole.items() if claim is not None})}
    return {**said, "body": json.dumps(body)}


class Provider(CliCase):
    """A manifest whose addresses are those of a server that plays `answers`, one a request."""

    def at(self, provider, answers, **fields):
        number = bed("scripted_http", answers=["empty-400"])["port"]
        origin, self.answers = f"https://localhost:{number}", answers
        write_manifest("played", extends=provider, name="Played", domains=[], mx=[], ca_file=os.environ["BED_CA"],
                       issuer=origin, authorization_endpoint=f"{origin}/authorize", token_endpoint=f"{origin}/token", **fields)
        self.port, self.issuer = number, fields.get("issuer", origin)

    def play(self, nonce=None):
        """The answers from the first on, which are those to this sign-in and its renewals."""
        bed("scripted_answers", port=self.port,
            answers=[id_tokens_made(said, iss=self.issuer, nonce=nonce) for said in self.answers])

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
        self.play(asked.get("nonce"))
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
