# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange Online's six sign-in exchanges, byte for byte as Microsoft documents them.

Source: learn.microsoft.com, "Authenticate an IMAP, POP or SMTP connection using OAuth". A
refusal comes straight away, without the JSON challenge that XOAUTH2 describes. What the page
does not show (greeting, capabilities, signing off) is as the servers send it.

A script is {"greeting", "states", "asides"}: in a state, the first rule (pattern, answer, next
state) that matches a line is played; asides are answered in every state. {tag} in an answer is
the tag of the last IMAP command; next state None closes the connection.
"""

_IMAP_GREETING = "* OK The Microsoft Exchange IMAP4 service is ready.\r\n"
_IMAP_CAPABILITY = ("* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN "
                    "IDLE NAMESPACE LITERAL+\r\n{tag} OK CAPABILITY completed.\r\n")
_POP_GREETING = "+OK The Microsoft Exchange POP3 service is ready.\r\n"
_POP_CAPABILITY = "+OK\r\nTOP\r\nUIDL\r\nSASL PLAIN XOAUTH2\r\nUSER\r\n.\r\n"
_SMTP_GREETING = "220 outlook.office365.com Microsoft ESMTP MAIL Service ready\r\n"
_SMTP_EHLO = ("250-outlook.office365.com Hello [127.0.0.1]\r\n250-SIZE 157286400\r\n250-PIPELINING\r\n250-DSN\r\n"
              "250-ENHANCEDSTATUSCODES\r\n250-AUTH LOGIN XOAUTH2\r\n250-8BITMIME\r\n250-BINARYMIME\r\n"
              "250-CHUNKING\r\n250 SMTPUTF8\r\n")
_BASE64 = r"[A-Za-z0-9+/]+=*"


def _imap(verdict, after):
    return {
        "protocol": "imap", "greeting": _IMAP_GREETING,
        "states": {
            "start": [(rf"\S+ AUTHENTICATE XOAUTH2 {_BASE64}", verdict, after),
                      (r"\S+ AUTHENTICATE XOAUTH2", "+ \r\n", "response")],
            "response": [(_BASE64, verdict, after)],
            "in": [(r"\S+ LIST .*", '* LIST (\\HasNoChildren) "/" INBOX\r\n{tag} OK LIST completed.\r\n', "in"),
                   (r"\S+ (SELECT|EXAMINE) .*", "* 0 EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n"
                    "* OK [UIDVALIDITY 1] UIDVALIDITY value\r\n{tag} OK [READ-WRITE] SELECT completed.\r\n", "in")],
        },
        "asides": [(r"\S+ CAPABILITY", _IMAP_CAPABILITY), (r"\S+ NOOP", "{tag} OK NOOP completed.\r\n"),
                   (r"\S+ LOGOUT", "* BYE Microsoft Exchange Server IMAP4 server signing off.\r\n"
                    "{tag} OK LOGOUT completed.\r\n")],
    }


def _pop(verdict, after):
    return {
        "protocol": "pop", "greeting": _POP_GREETING,
        "states": {
            # Two lines are mandatory: a response on the first is an error.
            "start": [(r"AUTH XOAUTH2", "+\r\n", "response"), (r"AUTH XOAUTH2 .+", "-ERR Protocol error. Connection "
                      "is closed. 10\r\n", None)],
            "response": [(_BASE64, verdict, after)],
            "in": [(r"STAT", "+OK 0 0\r\n", "in"), (r"(LIST|UIDL)", "+OK\r\n.\r\n", "in")],
        },
        "asides": [(r"CAPA", _POP_CAPABILITY), (r"NOOP", "+OK\r\n"),
                   (r"QUIT", "+OK Microsoft Exchange Server POP3 server signing off.\r\n")],
    }


def _smtp(verdict, after):
    return {
        "protocol": "smtp", "greeting": _SMTP_GREETING,
        "states": {
            "start": [(r"AUTH XOAUTH2", "334 \r\n", "response"), (rf"AUTH XOAUTH2 {_BASE64}", verdict, after)],
            "response": [(_BASE64, verdict, after)],
            "in": [],
        },
        "asides": [(r"EHLO .*", _SMTP_EHLO), (r"HELO .*", "250 outlook.office365.com Hello\r\n"),
                   (r"NOOP", "250 2.0.0 OK\r\n"), (r"RSET", "250 2.0.0 Resetting\r\n"),
                   (r"QUIT", "221 2.0.0 Service closing transmission channel\r\n")],
    }


def _bearer(part):
    """The same with OAUTHBEARER, which Exchange Online does not have."""
    if isinstance(part, dict):
        return {name: _bearer(value) for name, value in part.items()}
    if isinstance(part, (list, tuple)):
        return type(part)(_bearer(value) for value in part)
    return part.replace("XOAUTH2", "OAUTHBEARER") if isinstance(part, str) else part


SCRIPTS = {
    "imap-ok": _imap("{tag} OK AUTHENTICATE completed.\r\n", "in"),
    "imap-no": _imap("{tag} NO AUTHENTICATE failed.\r\n", "start"),
    "pop-ok": _pop("+OK User successfully authenticated.\r\n", "in"),
    "pop-err": _pop("-ERR Authentication failure: unknown user name or bad password.\r\n", "start"),
    "smtp-ok": _smtp("235 2.7.0 Authentication successful\r\n", "in"),
    "smtp-535": _smtp("535 5.7.3 Authentication unsuccessful [SN2PR00CA0018.namprd00.prod.outlook.com]\r\n", "start"),
}
SCRIPTS.update({f"{name}-bearer": _bearer(SCRIPTS[name]) for name in ("imap-ok", "pop-ok", "smtp-ok")})
