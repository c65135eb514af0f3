/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A mail program in a hundred lines: lists the mailbox over IMAP, fetches the last message over
 * POP3 and sends one over SMTP, signed in by mail-oauth, everything else by libetpan.
 *
 *   cc -std=c11 -Wl,-z,now -o mail-host mail-host.c $(pkg-config --cflags --libs mail-oauth) -letpan
 *   mail-oauth login alice@example.com
 *   ./mail-host alice@example.com mail.example.com 993 995 465 [SHARED-MAILBOX]
 *
 * Ends with 0, or with the kind of what went wrong (enum mail_oauth_kind).
 */
#include <libetpan/libetpan.h>
#include <mail_oauth.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names the host to the server as TLS begins (SNI): else some, Google's too, show a certificate
 * that is for nobody. */
static void name_host(struct mailstream_ssl_context* tls, void* host) {
  mailstream_ssl_set_server_name(tls, host);
}

/* The subject of a fetched message; NULL when it has none. Borrowed. */
static const char* subject_of(struct mailimap_msg_att* message) {
  for (clistiter* at = clist_begin(message->att_list); at; at = clist_next(at)) {
    struct mailimap_msg_att_item* item = clist_content(at);
    if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
        item->att_data.att_static->att_type == MAILIMAP_MSG_ATT_ENVELOPE)
      return item->att_data.att_static->att_data.att_env->env_subject;
  }
  return NULL;
}

/* Prints the subjects of the selected mailbox. */
static int show_subjects(mailimap* imap) {
  struct mailimap_set* all = mailimap_set_new_interval(1, 0);
  struct mailimap_fetch_type* what =
      mailimap_fetch_type_new_fetch_att(mailimap_fetch_att_new_envelope());
  clist* messages = NULL;
  const int code = mailimap_fetch(imap, all, what, &messages);
  for (clistiter* at = messages ? clist_begin(messages) : NULL; at; at = clist_next(at)) {
    const char* subject = subject_of(clist_content(at));
    printf("listed: %s\n", subject ? subject : "(no subject)");
  }
  if (messages) mailimap_fetch_list_free(messages);
  mailimap_fetch_type_free(what);
  mailimap_set_free(all);
  return code;
}

static int list(mail_oauth_session* oauth, const struct mail_oauth_account* who, char* host,
                int port) {
  mailimap* imap = mailimap_new(0, NULL);
  int failed = MAIL_OAUTH_TRANSIENT;
  if (mailimap_ssl_connect_with_callback(imap, host, (uint16_t)port, name_host, host) ==
      MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
    failed = (int)mail_oauth_login_imap(oauth, who, imap, host, port);
  if (!failed && (mailimap_select(imap, "INBOX") != MAILIMAP_NO_ERROR ||
                  (imap->imap_selection_info->sel_exists > 0 && show_subjects(imap) != 0)))
    failed = MAIL_OAUTH_TRANSIENT;
  if (!failed) mailimap_logout(imap);
  mailimap_free(imap);
  return failed;
}

static int fetch(mail_oauth_session* oauth, const struct mail_oauth_account* who, char* host,
                 int port) {
  mailpop3* pop = mailpop3_new(0, NULL);
  carray* messages = NULL; /* the session owns it */
  char* text = NULL;
  size_t size = 0;
  int failed = MAIL_OAUTH_TRANSIENT;
  if (mailpop3_ssl_connect_with_callback(pop, host, (uint16_t)port, name_host, host) ==
      MAILPOP3_NO_ERROR)
    failed = (int)mail_oauth_login_pop3(oauth, who, pop, host, port);
  if (!failed && mailpop3_list(pop, &messages) != MAILPOP3_NO_ERROR) failed = MAIL_OAUTH_TRANSIENT;
  if (!failed && carray_count(messages) > 0) {
    if (mailpop3_retr(pop, carray_count(messages), &text, &size) != MAILPOP3_NO_ERROR)
      failed = MAIL_OAUTH_TRANSIENT;
    else
      printf("fetched: %zu bytes\n", size);
    if (text) mailpop3_retr_free(text);
  }
  mailpop3_quit(pop);
  mailpop3_free(pop);
  return failed;
}

static int send_one(mail_oauth_session* oauth, const struct mail_oauth_account* who, char* host,
                    int port) {
  static const char text[] = "Subject: sent by mail-host\r\n\r\nNo password was involved.\r\n";
  mailsmtp* smtp = mailsmtp_new(0, NULL);
  int failed = MAIL_OAUTH_TRANSIENT;
  if (mailsmtp_ssl_connect_with_callback(smtp, host, (uint16_t)port, name_host, host) ==
      MAILSMTP_NO_ERROR)
    failed = (int)mail_oauth_login_smtp(oauth, who, smtp, host, port);
  if (!failed && (mailsmtp_mail(smtp, who->address) != MAILSMTP_NO_ERROR ||
                  mailsmtp_rcpt(smtp, who->address) != MAILSMTP_NO_ERROR ||
                  mailsmtp_data(smtp) != MAILSMTP_NO_ERROR ||
                  mailsmtp_data_message(smtp, text, strlen(text)) != MAILSMTP_NO_ERROR))
    failed = MAIL_OAUTH_TRANSIENT;
  if (!failed) puts("sent");
  mailsmtp_quit(smtp);
  mailsmtp_free(smtp);
  return failed;
}

int main(int argc, char** argv) {
  if (argc < 6)
    return fputs("usage: mail-host ADDRESS HOST IMAP POP3 SMTP [MAILBOX]\n", stderr),
           MAIL_OAUTH_CONFIG;
  const struct mail_oauth_account who = {
      .size = sizeof who, .address = argv[1], .mailbox = argc > 6 ? argv[6] : NULL};
  mail_oauth_session* oauth = mail_oauth_open(NULL);
  if (!oauth) return MAIL_OAUTH_INTERNAL;
  int failed = list(oauth, &who, argv[2], atoi(argv[3]));
  if (!failed) failed = fetch(oauth, &who, argv[2], atoi(argv[4]));
  if (!failed) failed = send_one(oauth, &who, argv[2], atoi(argv[5]));
  const char* words = NULL;
  if (failed) {
    mail_oauth_last_error(&words);
    fprintf(stderr, "mail-host: %s\n", *words ? words : "the server does not do what it was asked");
  }
  mail_oauth_free(oauth);
  const int lost = (int)mail_oauth_last_error(&words); /* a sign-in that could not be stored */
  if (lost) fprintf(stderr, "mail-host: %s\n", words);
  return failed ? failed : lost;
}
