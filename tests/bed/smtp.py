# SPDX-License-Identifier: GPL-3.0-or-later
"""The bed's SMTP beside Dovecot's submission: delivery into Dovecot, and a server that
takes AUTH lines of 12 KB, as Microsoft's does.

Both are aiosmtpd. A message to a mailbox of the bed is handed to Dovecot over LMTP; what
goes elsewhere is only noted.
"""
import asyncio
import base64
import binascii
import hmac
import logging
import re
import smtplib

from aiosmtpd.smtp import SMTP, AuthResult

import people

_WIDE = 12288
logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns about its own past


class Post:
    """Delivers messages and remembers them. Thread-safe enough for tests: it only appends."""

    def __init__(self, lmtp_socket):
        self._socket = lmtp_socket
        self.sent = []

    def deliver(self, sender, recipients, content):
        """Hands a message (bytes) to the mailboxes among `recipients`; OSError or
        smtplib.SMTPException when LMTP refuses."""
        ours = [name for name in recipients if name.lower() in people.MAILBOXES]
        if ours:
            with smtplib.LMTP(self._socket) as lmtp:
                lmtp.sendmail(sender or "<>", ours, content)

    def note(self, server, user, envelope):
        content = envelope.content or b""
        self.sent.append({"server": server, "user": user, "mail_from": envelope.mail_from,
                          "rcpt_to": list(envelope.rcpt_tos), "content": content.decode("latin-1")})


class Sink:
    """Where Dovecot's submission relays to."""

    def __init__(self, post, name="submission"):
        self._post, self._name = post, name

    async def handle_DATA(self, server, session, envelope):
        user = session.auth_data.login if session.auth_data else None
        try:
            await asyncio.get_running_loop().run_in_executor(
                None, self._post.deliver, envelope.mail_from, envelope.rcpt_tos, envelope.content)
        except (OSError, smtplib.SMTPException) as error:
            return f"451 4.3.0 Delivery failed: {type(error).__name__}"
        self._post.note(self._name, user, envelope)
        return "250 Ok: delivered"


class WideSink(Sink):
    """Adds sign-in by the judge, and Send As as Exchange has it."""

    def __init__(self, post, judge):
        super().__init__(post, "wide")
        self._judge = judge

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        server.command_size_limits["AUTH"] = _WIDE
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if not session.authenticated:
            return "530 5.7.57 Client not authenticated to send mail."
        if session.auth_data.login not in people.owners(address.lower()):
            return "550 5.7.60 SMTP; Client does not have permissions to send as this sender"
        envelope.mail_from = address
        return "250 2.1.0 Sender OK"

    async def auth_XOAUTH2(self, server, args):
        return await self._bearer(server, args, rb"user=([^\x01]*)\x01auth=Bearer ([^\x01]+)\x01\x01")

    async def auth_OAUTHBEARER(self, server, args):
        return await self._bearer(
            server, args, rb"n,a=([^,]*),\x01(?:[a-z]+=[^\x01]*\x01)*?auth=Bearer ([^\x01]+)\x01(?:[a-z]+=[^\x01]*\x01)*\x01")

    async def auth_PLAIN(self, server, args):
        blob = await self._response(server, args)
        if blob is None:
            return AuthResult(success=False, handled=True)
        _, user, word = ([*blob.split(b"\0"), b"", b""])[:3]
        known = people.MAIL_PASSWORDS.get(user.decode(errors="replace"), "").encode()
        return self._verdict(bool(known) and hmac.compare_digest(known, word), user)

    async def _response(self, server, args):
        """The client's response, from this line or the next; None when it was answered."""
        if len(args) == 2:
            return server_base64(args[1])
        blob = await server.challenge_auth("")
        return blob if isinstance(blob, bytes) else None

    async def _bearer(self, server, args, layout):
        blob = await self._response(server, args)
        if blob is None:
            return AuthResult(success=False, handled=True)
        match = re.fullmatch(layout, blob)
        if not match:
            return AuthResult(success=False, handled=False, message="501 5.5.2 Malformed response")
        user = match[1].decode(errors="replace").replace("=2C", ",").replace("=3D", "=")
        try:
            admitted = await asyncio.get_running_loop().run_in_executor(
                None, self._judge.admits, match[2].decode("ascii", "replace"), "submission", user)
        except OSError:
            return AuthResult(success=False, handled=False, message="454 4.7.0 Temporary authentication failure")
        return self._verdict(admitted, match[1])

    @staticmethod
    def _verdict(admitted, user):
        if not admitted:
            return AuthResult(success=False, handled=False, message="535 5.7.3 Authentication unsuccessful")
        login = user.decode(errors="replace").lower()
        return AuthResult(success=True, auth_data=_Login(login))


class _Login:
    def __init__(self, login):
        self.login = login


def server_base64(text):
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


class WideSMTP(SMTP):
    """aiosmtpd with the line length that Microsoft accepts."""

    line_length_limit = _WIDE


async def open_servers(address, sink_port, post, judge, tls):
    """Starts the sink and the wide server on `address`; returns the listeners: the sink's,
    and the wide server's with implicit TLS and with STARTTLS."""
    loop = asyncio.get_running_loop()
    wide = WideSink(post, judge)
    options = {"hostname": "localhost", "auth_exclude_mechanism": ["LOGIN"], "ident": "ESMTP test bed"}
    sink = await loop.create_server(lambda: SMTP(Sink(post), hostname="localhost"), address, sink_port)
    direct = await loop.create_server(
        lambda: WideSMTP(wide, auth_require_tls=False, **options), address, 0, ssl=tls)
    upgraded = await loop.create_server(
        lambda: WideSMTP(wide, tls_context=tls, require_starttls=True, **options), address, 0)
    return sink, direct, upgraded
