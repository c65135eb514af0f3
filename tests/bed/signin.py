#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does what a person with a browser does: follows an address, signs in, consents.

    signin.py URL USER [--deny] [--password WORD] [--code USER_CODE] [--no-redirect]

Keeps cookies, submits forms, follows redirects, the one to a program's loopback listener
included, and prints the last address. --no-redirect prints that address without visiting it.
The certificate authority is BED_CA. Exit code 0 when a page without a form was reached.
"""
import argparse
import base64
import hashlib
import html.parser
import http.cookiejar
import json
import os
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request

import people


class _Forms(html.parser.HTMLParser):
    """The forms of a page, as {"id", "action", "method", "fields"}."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag == "form":
            self.forms.append({"id": named.get("id", ""), "action": named.get("action", ""), "fields": {}})
        elif tag == "input" and self.forms and named.get("name"):
            self.forms[-1]["fields"][named["name"]] = named.get("value") or ""


class _Stop(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


class Browser:
    """One window with its own cookies. `ca` is a PEM file or None."""

    def __init__(self, ca=None):
        context = ssl.create_default_context(cafile=ca) if ca else ssl.create_default_context()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context), _Stop,
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def load(self, url, fields=None, stop_at=None):
        """(address, page) after all redirects; page is None where it stopped at `stop_at`."""
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        for _ in range(20):
            if stop_at and stop_at(url):
                return url, None
            try:
                with self._opener.open(url, data, timeout=30) as answer:
                    return url, answer.read().decode("utf-8", "replace")
            except urllib.error.HTTPError as error:
                with error:
                    page = error.read().decode("utf-8", "replace")
                    if error.code not in (301, 302, 303, 307, 308):
                        return url, page
                    url, data = urllib.parse.urljoin(url, error.headers["Location"]), None
        raise RuntimeError("too many redirects")


def _choose(forms, deny):
    wanted = [form for form in forms if (form["id"] == "deny") == deny]
    return (wanted or forms)[0]


def _is_redirect(url):
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
    return "state" in query and ("code" in query or "error" in query)


def sign_in(url, user, password, *, deny=False, ca=None, code="", visit=True):
    """Follows `url` to its end; (last address, last page). `visit` False stops short of the
    program's own listener and gives a page of None."""
    browser = Browser(ca)
    stop_at = None if visit else _is_redirect
    url, page = browser.load(url, stop_at=stop_at)
    for _ in range(8):
        forms = _Forms(page).forms if page else []
        if not forms:
            return url, page
        form = _choose(forms, deny)
        fields = form["fields"]
        answers = {"login": user, "password": password, "user_code": fields.get("user_code") or code}
        fields.update({name: value for name, value in answers.items() if name in fields})
        url, page = browser.load(urllib.parse.urljoin(url, form["action"]), fields, stop_at)
    raise RuntimeError("the sign-in does not end: is the password right?")


def tokens(issuer, client_id, user, password, scopes, ca=None):
    """A whole authorization code flow; the token endpoint's answer."""
    verifier = os.urandom(32).hex()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    redirect = "http://127.0.0.1:9/"
    query = {"client_id": client_id, "response_type": "code", "redirect_uri": redirect, "state": "s",
             "scope": " ".join(scopes), "code_challenge": challenge, "code_challenge_method": "S256"}
    url, _ = sign_in(f"{issuer}/auth?{urllib.parse.urlencode(query)}", user, password, ca=ca, visit=False)
    answer = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
    if "code" not in answer:
        raise RuntimeError(f"no code: {answer.get('error', ['?'])[0]}")
    form = {"grant_type": "authorization_code", "code": answer["code"][0], "redirect_uri": redirect,
            "client_id": client_id, "code_verifier": verifier}
    result = json.loads(Browser(ca).load(f"{issuer}/token", form)[1])
    if "access_token" not in result:
        raise RuntimeError(f"no token: {result.get('error')}, {result.get('error_description')}")
    return result


def command_line(about):
    """What every program that signs somebody in takes: who, where, and how it goes."""
    parser = argparse.ArgumentParser(description=about.split("\n")[0])
    parser.add_argument("url")
    parser.add_argument("user")
    parser.add_argument("--deny", action="store_true")
    parser.add_argument("--password")
    parser.add_argument("--code", default="")
    return parser


def main():
    parser = command_line(__doc__)
    parser.add_argument("--no-redirect", action="store_true")
    options = parser.parse_args()
    password = options.password or people.PASSWORDS.get(options.user, "")
    url, page = sign_in(options.url, options.user, password, deny=options.deny, code=options.code,
                        ca=os.environ.get("BED_CA"), visit=not options.no_redirect)
    print(url)
    return 0 if page is None or not _Forms(page).forms else 1


if __name__ == "__main__":
    sys.exit(main())
