# SPDX-License-Identifier: GPL-3.0-or-later
"""The smallest mail client that can hold a token: log in and say what the server said.

For tests of the bed; it uses Python's mail modules and none of the project's code.
"""
import base64
import imaplib
import poplib
import smtplib
import ssl


def xoauth2(user, token):
    return f"user={user}\1auth=Bearer {token}\1\1".encode()


def oauthbearer(user, token):
    return f"n,a={user},\1host=localhost\1port=1\1auth=Bearer {token}\1\1".encode()


_LAYOUTS = {"XOAUTH2": (xoauth2, b""), "OAUTHBEARER": (oauthbearer, b"AQ==")}


class Client:
    """Logs in at the servers of a bed. Each method returns the server's last answer."""

    def __init__(self, bed):
        self._env = bed.env
        self._tls = ssl.create_default_context(cafile=bed.env["BED_CA"])

    def _port(self, name):
        return int(self._env[f"BED_{name}_PORT"])

    def imap(self, user, token, mechanism="XOAUTH2", port="IMAP"):
        """"OK" or the refusal's text; the mailbox has been opened when it is "OK"."""
        layout, _ = _LAYOUTS[mechanism]
        if port == "IMAP":
            session = imaplib.IMAP4_SSL("localhost", self._port(port), ssl_context=self._tls)
        else:
            session = imaplib.IMAP4("localhost", self._port(port))
            session.starttls(self._tls)
        responses = [layout(user, token), b"\1" if mechanism == "OAUTHBEARER" else b""]
        try:
            session.authenticate(mechanism, lambda challenge: responses.pop(0))
            session.select()
            session.logout()
            return "OK"
        except imaplib.IMAP4.error as error:
            session.shutdown()
            return str(error)

    def pop(self, user, token, mechanism="XOAUTH2", port="POP"):
        """"+OK..." or "-ERR...", by the two-line form."""
        layout, after_challenge = _LAYOUTS[mechanism]
        if port == "POP":
            session = poplib.POP3_SSL("localhost", self._port(port), context=self._tls)
        else:
            session = poplib.POP3("localhost", self._port(port))
            session.stls(self._tls)
        try:
            session._shortcmd(f"AUTH {mechanism}")
            answer = session._shortcmd(base64.b64encode(layout(user, token)).decode())
            if answer.startswith(b"+ "):
                answer = session._shortcmd(after_challenge.decode())
            return answer.decode()
        except poplib.error_proto as error:
            return error.args[0].decode()
        finally:
            session.close()

    def smtp(self, user, token, mechanism="XOAUTH2", port="SMTP", one_line=False, message=None):
        """The reply code. `message` is (sender, recipients, text), sent after a 235."""
        layout, after_challenge = _LAYOUTS[mechanism]
        if "STARTTLS" in port:
            session = smtplib.SMTP("localhost", self._port(port))
            session.starttls(context=self._tls)
        else:
            session = smtplib.SMTP_SSL("localhost", self._port(port), context=self._tls)
        response = base64.b64encode(layout(user, token)).decode()
        try:
            session.ehlo("client.test")
            if one_line:
                code, _ = session.docmd(f"AUTH {mechanism} {response}")
            else:
                session.docmd(f"AUTH {mechanism}")
                code, _ = session.docmd(response)
            if code == 334:
                code, _ = session.docmd(after_challenge.decode())
            if code == 235 and message:
                session.sendmail(*message)
            return code
        except smtplib.SMTPResponseException as error:
            return error.smtp_code
        finally:
            session.close()
