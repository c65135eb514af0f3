/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program that was not taught anything but one call: it registers the mechanisms, and leaves the
 * rest to libetpan's own calls, by name.
 *
 *   by-name MECHANISM ADDRESS HOST IMAP-PORT POP-PORT SMTP-PORT [SHARED-MAILBOX]
 *
 * Prints what libetpan made of each, and the library's words.
 */
#include <libetpan/libetpan.h>
#include <mail_oauth.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static void tell(const char* protocol, int code) {
  const char* words = NULL;
  const enum mail_oauth_kind kind = mail_oauth_last_error(&words);
  printf("%s: libetpan %d, kind %d: %s\n", protocol, code, (int)kind, words);
}

static void imap_in(const char* mechanism, const char* user, const char* host, int port) {
  mailimap* imap = mailimap_new(0, NULL);
  int code = mailimap_ssl_connect(imap, host, (uint16_t)port);
  code = mailimap_authenticate(imap, mechanism, host, NULL, NULL, user, user, "", NULL);
  if (code == MAILIMAP_NO_ERROR) code = mailimap_select(imap, "INBOX");
  tell("imap", code);
  mailimap_free(imap);
}

static void pop_in(const char* mechanism, const char* user, const char* host, int port) {
  mailpop3* pop = mailpop3_new(0, NULL);
  int code = mailpop3_ssl_connect(pop, host, (uint16_t)port);
  code = mailpop3_auth(pop, mechanism, host, NULL, NULL, user, user, "", NULL);
  tell("pop", code);
  mailpop3_free(pop);
}

static void smtp_in(const char* mechanism, const char* user, const char* host, int port) {
  mailsmtp* smtp = mailsmtp_new(0, NULL);
  int code = mailsmtp_ssl_connect(smtp, host, (uint16_t)port);
  if (code == MAILSMTP_NO_ERROR) code = mailesmtp_ehlo(smtp);
  code = mailesmtp_auth_sasl(smtp, mechanism, host, NULL, NULL, user, user, "", NULL);
  tell("smtp", code);
  mailsmtp_free(smtp);
}

int main(int argc, char** argv) {
  struct mail_oauth_account who = {.size = sizeof who};
  const char* mailbox = argc > 7 ? argv[7] : NULL;
  mail_oauth_session* session = mail_oauth_open(NULL);
  if (argc < 7 || !session) return 2;
  signal(SIGPIPE, SIG_IGN);
  who.address = argv[2];
  who.mailbox = mailbox;
  if (mail_oauth_register_mechanisms(session, mailbox ? &who : NULL)) return 1;
  imap_in(argv[1], mailbox ? mailbox : who.address, argv[3], atoi(argv[4]));
  pop_in(argv[1], mailbox ? mailbox : who.address, argv[3], atoi(argv[5]));
  smtp_in(argv[1], who.address, argv[3], atoi(argv[6]));
  mail_oauth_free(session);
  imap_in(argv[1], who.address, argv[3], atoi(argv[4])); /* nobody to ask any more */
  return 0;
}
