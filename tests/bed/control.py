# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API: POST a JSON object to BED_CONTROL/OPERATION, get a JSON object back.

README.md lists the operations. /judge on the same port is what Dovecot introspects at.
"""
import asyncio
import email
import email.policy
import email.utils
import http.server
import json
import os
import shutil
import threading
import urllib.error
import urllib.parse
import urllib.request

import people
import signin

_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def post_json(url, value, timeout=30):
    """POSTs `value`; the decoded answer, or RuntimeError with the server's words."""
    request = urllib.request.Request(url, json.dumps(value).encode(), {"Content-Type": "application/json"})
    try:
        with _NO_PROXY.open(request, timeout=timeout) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise RuntimeError(json.load(error).get("error", str(error))) from None


def introspection(issuer, client_id, secret):
    """A function from token to introspection answer; it raises OSError when there is none."""
    def ask(token):
        body = urllib.parse.urlencode({"token": token, "client_id": client_id, "client_secret": secret})
        with _NO_PROXY.open(f"{issuer}/token/introspection", body.encode(), timeout=10) as answer:
            return json.load(answer)
    return ask


class Operations:
    """What can be asked of a running bed: every public method is one operation."""

    def __init__(self, bed):
        self._bed = bed

    # The authorization server -----------------------------------------------------------

    def set(self, mailbox_as_smtp_user=None, judge_down=None, **settings):
        judge = self._bed.judge
        if mailbox_as_smtp_user is not None:
            judge.mailbox_as_smtp_user = bool(mailbox_as_smtp_user)
        if judge_down is not None:
            judge.down = bool(judge_down)
        values = self._provider("set", settings=settings)
        return {**values, "mailbox_as_smtp_user": judge.mailbox_as_smtp_user, "judge_down": judge.down}

    def settings(self):
        return self.set()

    def provider_down(self, mode="503"):
        if mode not in ("503", "drop", "hang"):
            raise ValueError("mode is 503, drop or hang")
        return self.set(down=mode)

    def provider_up(self):
        return self.set(down=False)

    def expire_tokens(self):
        return self._provider("expire_tokens")

    def expire_device_codes(self):
        return self._provider("expire_device_codes")

    def revoke_user(self, user):
        return self._provider("revoke_user", user=user)

    def requests(self):
        return self._provider("requests")

    def clear_requests(self):
        return self._provider("clear_requests")

    def secrets(self):
        return self._provider("secrets")

    def sign_in(self, user, scopes=None):
        """Signs `user` in by a scripted browser: the token endpoint's whole answer."""
        scopes = scopes or [*people.SCOPES.values(), "offline_access", "openid", "profile", "email"]
        return signin.tokens(self._bed.env["BED_ISSUER_HTTP"], self._bed.env["BED_CLIENT_ID"], user,
                             people.PASSWORDS[user], scopes)

    def _provider(self, operation, **arguments):
        return post_json(self._bed.provider_control, {"op": operation, **arguments})

    # Mail ------------------------------------------------------------------------------

    def deliver(self, mailbox, subject="A message", body="Hello.", sender="sender@elsewhere.test", raw=None):
        """Puts a message into a mailbox, over LMTP."""
        date = email.utils.formatdate(localtime=True)
        text = raw or (f"From: {sender}\r\nTo: {mailbox}\r\nSubject: {subject}\r\nDate: {date}\r\n"
                       f"Message-ID: <{os.urandom(8).hex()}@bed.test>\r\nMIME-Version: 1.0\r\n"
                       f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n")
        if mailbox not in people.MAILBOXES:
            raise ValueError(f"no mailbox {mailbox}")
        self._bed.post.deliver(sender, [mailbox], text.encode())
        return {"delivered": mailbox}

    def messages(self, mailbox, folder="INBOX"):
        """What lies in a folder, oldest first, read from the disk and not through a server."""
        found = []
        for place in self._maildir(mailbox, folder):
            with open(place, "rb") as file:
                raw = file.read()
            message = email.message_from_bytes(raw, policy=email.policy.default)
            found.append({"subject": message["subject"], "from": message["from"], "to": message["to"],
                          "raw": raw.decode("latin-1")})
        return {"messages": found}

    def clear_mailbox(self, mailbox):
        shutil.rmtree(os.path.join(self._bed.dovecot.folder, "mail", mailbox, "Maildir"), ignore_errors=True)
        return {"cleared": mailbox}

    def _maildir(self, mailbox, folder):
        if mailbox not in people.MAILBOXES or "/" in folder:
            raise ValueError(f"no mailbox {mailbox}")
        top = os.path.join(self._bed.dovecot.folder, "mail", mailbox, "Maildir")
        if folder != "INBOX":
            top = os.path.join(top, f".{folder}")
        paths = [os.path.join(top, part, name) for part in ("new", "cur")
                 if os.path.isdir(os.path.join(top, part)) for name in os.listdir(os.path.join(top, part))]
        return sorted(paths, key=lambda path: (os.stat(path).st_mtime_ns, path))

    def sent(self):
        return {"sent": list(self._bed.post.sent)}

    def transcript(self, port=None):
        """Every connection to a mail server and the bytes it carried, in Latin-1."""
        talks = self._in_loop(lambda: [talk.as_json() for talk in self._bed.recorder.conversations])
        return {"connections": [talk for talk in talks if port in (None, talk["port"])]}

    def clear_transcript(self):
        return self._in_loop(lambda: self._bed.recorder.conversations.clear()) or {}

    def mail_down(self, ports=None):
        """New connections to these ports (default: all) are cut at once."""
        self._in_loop(lambda: self._bed.recorder.down.update(ports or self._bed.port_names))
        return {"down": sorted(self._bed.recorder.down)}

    def mail_up(self):
        return self._in_loop(lambda: self._bed.recorder.down.clear()) or {}

    def hang_up(self):
        return self._in_loop(self._bed.recorder.hang_up) or {}

    def _in_loop(self, function):
        async def call():
            return function()
        return asyncio.run_coroutine_threadsafe(call(), self._bed.loop).result(10)

    # Scripted servers ------------------------------------------------------------------

    def scripted(self, script, tls="tls", certificate="good"):
        return self._bed.scripted(script, tls, certificate).as_json()

    def scripted_http(self, answers, tls=True, certificate="good"):
        return self._bed.scripted_http(answers, tls, certificate).as_json()

    def scripted_answers(self, port, answers):
        """What the server says from now on."""
        self._bed.scripted_servers[port].play(answers)
        return {}

    def scripted_log(self, port):
        return self._bed.scripted_servers[port].as_json()

    # The keyring -----------------------------------------------------------------------

    def lock_keyring(self):
        return self._bed.keyring.lock() or {}

    def unlock_keyring(self):
        return self._bed.keyring.unlock() or {}

    def stop_keyring(self):
        return self._bed.keyring.stop() or {}

    def start_keyring(self):
        return self._bed.keyring.start() or {}

    def hold_keyring(self):
        return self._bed.keyring.hold() or {}

    def let_keyring_go(self):
        return self._bed.keyring.let_go() or {}

    def fill_keyring_disk(self):
        return self._bed.keyring.fill_disk() or {}

    def free_keyring_disk(self):
        return self._bed.keyring.free_disk() or {}


class Server(http.server.ThreadingHTTPServer):
    """Serves the operations of one bed on a free port of 127.0.0.1."""

    daemon_threads = True

    def __init__(self, bed):
        self.operations, self.judge = Operations(bed), bed.judge
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        pass  # the transcript and the request list are the log

    def do_GET(self):
        self.do_POST()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.strip("/")
        if path == "judge":
            self._answer(*self._judged(body))
        else:
            self._answer(*self._performed(path, body))

    def _judged(self, body):
        form = urllib.parse.parse_qs(body.decode("ascii", "replace"))
        headers = self.headers  # 2.3 and 2.4 call it by different names
        service = headers.get("X-Dovecot-Auth-Protocol") or headers.get("X-Dovecot-Auth-Service", "")
        try:
            return 200, self.server.judge.standing(form.get("token", [""])[0], service)
        except OSError as error:
            return 503, {"error": str(error)}

    def _performed(self, name, body):
        operation = getattr(self.server.operations, name, None)
        if name.startswith("_") or operation is None:
            return 404, {"error": f"no such operation: {name}"}
        try:
            return 200, operation(**json.loads(body or b"{}"))
        except Exception as error:  # the caller is a test: it gets the reason, whatever it is
            return 400, {"error": f"{type(error).__name__}: {error}"}

    def _answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
