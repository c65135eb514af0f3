/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mail-oauth for mail programs: access tokens, and libetpan sessions signed in with them.
 *
 * Somebody signs in once with `mail-oauth login ADDRESS` (or in Claws Mail); from then on every
 * program of that person gets tokens here, renewed when they have to be. No function opens a
 * browser. docs/mail-host.c is a whole program.
 *
 * Threads: a session may be used by any number of threads at once. Functions that return a token
 * or sign in block their thread: mostly a few milliseconds, never longer than 90 s for a token, and
 * for each answer of a mail server 60 s or the libetpan session's own limit where that is longer.
 * So they are not for the thread that draws a window. The library has one thread of its own, begun
 * by the first question and joined when the session is freed, and one for each login under way. Do
 * not fork() and go on using a session in the child. exit(), and a return from main, wait up to 5 s
 * for each session that was not freed, if its sign-in is just being renewed, and say on standard
 * error what is lost all the same; a signal that ends the program, and _exit(), lose that renewal,
 * and where the provider rotates the sign-in with it.
 *
 * Errors: every function that can fail returns its kind, 0 for success, and mail_oauth_last_error()
 * has the words. An error never holds a token. Pointers that must not be NULL and are: CONFIG.
 *
 * Ownership: what this library hands out is given back with mail_oauth_free(). What it is given
 * stays the caller's and is not kept: strings and structures are copied.
 *
 * Strings are UTF-8. The library stays in memory until the process ends, dlclose() or not. The
 * process needs the environment of its person: HOME, DBUS_SESSION_BUS_ADDRESS for the keyring,
 * https_proxy. It speaks through gettext in the process's locale, and leaves signals alone: ignore
 * SIGPIPE, as with libetpan.
 *
 * ABI: libmail-oauth.so.0, symbol version MAIL_OAUTH_0. Structures begin with their size; later
 * versions only add members at the end. Zero is the default of every member.
 */
#ifndef MAIL_OAUTH_H
#define MAIL_OAUTH_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mailimap; /* libetpan's */
struct mailpop3;
struct mailsmtp;

/* Sorted by what the caller does about it. The numbers are the exit codes of the command. */
enum mail_oauth_kind {
  MAIL_OAUTH_OK = 0,
  MAIL_OAUTH_INTERNAL = 1, /* a bug of ours: please report */
  MAIL_OAUTH_CONFIG = 2,   /* the call, the account or a provider file is wrong: which, in words */
  MAIL_OAUTH_REAUTHORIZE = 3, /* nobody is signed in, or the sign-in was ended: sign in (again) */
  MAIL_OAUTH_CANCELLED = 4,   /* the session was freed meanwhile */
  MAIL_OAUTH_TRANSIENT = 5,   /* network, certificate or time-out: later, and keep all as it is */
  MAIL_OAUTH_REFUSED = 6,     /* a server said no, and a new sign-in will not mend it */
  MAIL_OAUTH_STORAGE = 7,     /* the keyring is locked or cannot be reached */
  MAIL_OAUTH_PROTOCOL = 8     /* the other side answered what it must not */
};

enum mail_oauth_protocol {
  MAIL_OAUTH_IMAP = 1,
  MAIL_OAUTH_POP3 = 2,
  MAIL_OAUTH_SMTP = 3,
  MAIL_OAUTH_LAST_PROTOCOL = 0x7fffffff /* no protocol: leaves room for later ones */
};

/* How the process wants it. */
struct mail_oauth_options {
  size_t size;      /* sizeof (struct mail_oauth_options) */
  int never_prompt; /* a locked keyring is STORAGE; else the person may be asked to unlock it */
  int plain_on_loopback; /* sign in without TLS where the peer is this computer: tunnels, tests */
};

/* Whose token, for which mailbox. */
struct mail_oauth_account {
  size_t size;         /* sizeof (struct mail_oauth_account) */
  const char* address; /* who signed in, such as "alice@example.com"; must be there */
  const char* mailbox; /* a shared mailbox that alice may open; NULL: alice's own */
  /* Only needed where alice signed in more than once; NULL says nothing. With provider and client
   * both, these and the tenant (NULL: none) are taken exactly as they stand, and the keyring is
   * not searched. */
  const char* provider; /* "microsoft365": the file's name */
  const char* client;   /* the client id */
  const char* tenant;
};

/* A session with a person's sign-ins. */
typedef struct mail_oauth_session mail_oauth_session; /* NOLINT(modernize-use-using): this is C */

#define MAIL_OAUTH_API __attribute__((visibility("default")))

/* Opens a session; `options` may be NULL. Reads nothing and asks nobody yet, and fails only where
 * memory is out, or with a wrong size in `options`: NULL then. Free it with mail_oauth_free(). */
MAIL_OAUTH_API mail_oauth_session* mail_oauth_open(const struct mail_oauth_options* options);

/* An access token for one protocol that does not expire within seconds, NUL-terminated, in
 * `*token`; NULL there on failure. Give it back with mail_oauth_free(), which wipes it, and soon:
 * ask for a new one for each connection. It lies in memory that is left out of core dumps; copies
 * are the caller's business. mail_oauth_login_*() is the better way to use it.
 *
 * REAUTHORIZE: nobody is signed in as address, or the provider ended it. CONFIG: several sign-ins
 * fit (the words list them). REFUSED: the sign-in does not cover the protocol. STORAGE, TRANSIENT,
 * PROTOCOL as they come. */
MAIL_OAUTH_API enum mail_oauth_kind mail_oauth_token(mail_oauth_session* session,
                                                     const struct mail_oauth_account* account,
                                                     enum mail_oauth_protocol protocol,
                                                     char** token);

/* Signs a connected libetpan session in, with a token of any length. `host` and `port` are what it
 * was connected to (port 0: not known): the certificate is verified for that name, which libetpan
 * does not do, before a token is asked for. STARTTLS, where it is wanted, comes before; on SMTP
 * neither EHLO nor AUTH is needed. Name the host as TLS begins, as docs/mail-host.c does: libetpan
 * leaves that out too, and some servers then show a certificate that is for nobody. A token that
 * the server refuses is renewed once, and tried again. On success libetpan knows that the session
 * is signed in: go on with select, list, mail.
 *
 * Besides the failures of mail_oauth_token(): REFUSED, with the server's own words and what can be
 * done. TRANSIENT: the connection broke, or its certificate is for somebody else. CONFIG: no TLS,
 * not connected, or signed in already. After REFUSED the connection can mostly be used again;
 * after other failures that came from it, it cannot. */
MAIL_OAUTH_API enum mail_oauth_kind mail_oauth_login_imap(mail_oauth_session* session,
                                                          const struct mail_oauth_account* account,
                                                          struct mailimap* imap, const char* host,
                                                          int port);
MAIL_OAUTH_API enum mail_oauth_kind mail_oauth_login_pop3(mail_oauth_session* session,
                                                          const struct mail_oauth_account* account,
                                                          struct mailpop3* pop, const char* host,
                                                          int port);
MAIL_OAUTH_API enum mail_oauth_kind mail_oauth_login_smtp(mail_oauth_session* session,
                                                          const struct mail_oauth_account* account,
                                                          struct mailsmtp* smtp, const char* host,
                                                          int port);

/* Registers XOAUTH2 and OAUTHBEARER with this process's Cyrus SASL, so that libetpan's own
 * mailimap_authenticate(imap, "XOAUTH2", host, NULL, NULL, user, user, "", NULL) signs in: its
 * password is not used, the token is the one for `user`. For programs that cannot be taught the
 * functions above: these verify certificates and these mechanisms cannot, so the program has to.
 *
 * `user` is an address that signed in, or the user name of an account registered here: call it once
 * with NULL, or once for each account that needs more than its address (a shared mailbox, a choice
 * among several sign-ins). The last registered session serves the whole process; when it is freed,
 * the mechanisms fail. libetpan's POP3 and SMTP calls cut long tokens off: the mechanisms then fail
 * before anything is sent, and the words say so.
 *
 * Ask for a mechanism by name only. A program that hands Cyrus a list ("PLAIN XOAUTH2") would get
 * XOAUTH2 where it meant a password; see SECURITY.md. CONFIG: Cyrus SASL will not take them. */
MAIL_OAUTH_API enum mail_oauth_kind mail_oauth_register_mechanisms(
    mail_oauth_session* session, const struct mail_oauth_account* account);

/* The last failure on this thread, of one of these functions or, after libetpan's own calls, of the
 * mechanisms. `*words` (may be NULL) gets one or two sentences that a person can act on, in the
 * process's language; borrowed until this thread calls the library again. OK and "": none. */
MAIL_OAUTH_API enum mail_oauth_kind mail_oauth_last_error(const char** words);

/* Gives back what this library handed out: a token, which is wiped, or a session, which must not be
 * in use. NULL does nothing, and so does what is not ours. To give something back twice is a
 * mistake, and harmless with a session; with a token, as long as no 64 others were given back in
 * between. A session takes a few seconds at most, while a renewed sign-in is being stored. Tokens
 * outlive it.
 *
 * After a session mail_oauth_last_error() is STORAGE where a renewed sign-in could not be stored
 * and is lost with it: the person has to sign in again; TRANSIENT where one may be, as the
 * provider's answer did not come in time. Else it is OK. After anything else it is what it was. */
MAIL_OAUTH_API void mail_oauth_free(void* handed_out);

#ifdef __cplusplus
}
#endif

#endif
