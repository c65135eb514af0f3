# SPDX-License-Identifier: GPL-3.0-or-later
"""Who lives in the bed, what they may open, and the judge that says so.

The judge has Exchange Online's rules: a delegate opens a shared mailbox over IMAP and POP3
with a token of their own; SMTP signs in as the person; each protocol wants its own scope.
"""

RESOURCE = "https://outlook.office.com"
SCOPES = {
    "imap": f"{RESOURCE}/IMAP.AccessAsUser.All",
    "pop3": f"{RESOURCE}/POP.AccessAsUser.All",
    "submission": f"{RESOURCE}/SMTP.Send",
}
SHARED = "support@contoso.test"
MAILBOXES = ("alice@contoso.test", "bob@contoso.test", SHARED)
DELEGATES = {SHARED: ("alice@contoso.test",)}
#: For the sign-in page.
PASSWORDS = {
    "alice@contoso.test": "alice-signs-in",
    "bob@contoso.test": "bob-signs-in",
    "first_last@contoso.test": "first-last-signs-in",
    "stranger@elsewhere.test": "stranger-signs-in",
}
#: For the mail servers' PLAIN, which a migration starts from.
MAIL_PASSWORDS = {
    "alice@contoso.test": "alice-mail-password",
    "bob@contoso.test": "bob-mail-password",
}


def owners(mailbox):
    """Everybody whose token opens `mailbox`."""
    return {mailbox, *DELEGATES.get(mailbox, ())} if mailbox in MAILBOXES else set()


class Judge:
    """Turns an introspection answer into what a mail server needs to know.

    `introspect(token)` asks the authorization server and raises OSError when it cannot.
    """

    def __init__(self, introspect):
        self._introspect = introspect
        self.mailbox_as_smtp_user = False
        self.down = False

    def standing(self, token, service):
        """{"active", "sub", "rights"}; rights is the person, or "own/person" when only the
        person's own mailbox may be named in `service` ("imap", "pop3", "submission")."""
        if self.down:
            raise OSError("the judge is switched off")
        answer = self._introspect(token)
        scopes = answer.get("scope", "").lower().split()
        if not answer.get("active") or SCOPES.get(service, "").lower() not in scopes:
            return {"active": False}
        person = answer["sub"]
        own_only = service == "submission" and not self.mailbox_as_smtp_user
        return {"active": True, "sub": person, "rights": f"own/{person}" if own_only else person}

    def admits(self, token, service, mailbox):
        """May the bearer of `token` open `mailbox`? For servers that are not Dovecot."""
        standing = self.standing(token, service)
        return standing["active"] and f"{standing['rights']}/{mailbox.lower()}" in pairs()


def pairs():
    """Every right that exists, as "person/mailbox" and "own/person/person"."""
    delegated = {f"{person}/{mailbox}" for mailbox in MAILBOXES for person in owners(mailbox)}
    return delegated | {f"own/{mailbox}/{mailbox}" for mailbox in MAILBOXES}
