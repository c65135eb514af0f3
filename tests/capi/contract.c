/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What mail_oauth.h promises beside the logins, asked in plain C.
 *
 *   contract ADDRESS    somebody who is signed in; ends with 0 when every promise was kept
 */
#include <mail_oauth.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static int broken = 0;

#define CHECK(promise)                                                      \
  do {                                                                      \
    if (!(promise)) {                                                       \
      const char* said = "";                                                \
      mail_oauth_last_error(&said);                                         \
      fprintf(stderr, "line %d: %s; last: %s\n", __LINE__, #promise, said); \
      ++broken;                                                             \
    }                                                                       \
  } while (0)

static struct mail_oauth_account account(const char* address) {
  const struct mail_oauth_account who = {.size = sizeof who, .address = address};
  return who;
}

static const char* words(void) {
  const char* said = NULL;
  mail_oauth_last_error(&said);
  return said;
}

/* What a careless program does is CONFIG, with words, and harmless. */
static void careless(mail_oauth_session* session, const char* address) {
  const struct mail_oauth_account who = account(address);
  struct mail_oauth_account wrong = who;
  int nobodys = 0;
  char* token = (char*)&nobodys;
  CHECK(mail_oauth_token(NULL, &who, MAIL_OAUTH_IMAP, &token) == MAIL_OAUTH_CONFIG);
  CHECK(token == NULL);
  CHECK(strstr(words(), "not open") != NULL);
  CHECK(mail_oauth_token(session, NULL, MAIL_OAUTH_IMAP, &token) == MAIL_OAUTH_CONFIG);
  CHECK(mail_oauth_token(session, &who, MAIL_OAUTH_IMAP, NULL) == MAIL_OAUTH_CONFIG);
  CHECK(mail_oauth_token(session, &who, (enum mail_oauth_protocol)7, &token) == MAIL_OAUTH_CONFIG);
  CHECK(strstr(words(), "protocol") != NULL);
  wrong.size = 0;
  CHECK(mail_oauth_token(session, &wrong, MAIL_OAUTH_IMAP, &token) == MAIL_OAUTH_CONFIG);
  CHECK(strstr(words(), "size in mail_oauth_account") != NULL);
  CHECK(mail_oauth_login_imap(session, &who, NULL, "localhost", 993) == MAIL_OAUTH_CONFIG);
  CHECK(mail_oauth_login_pop3(session, &who, NULL, "localhost", 995) == MAIL_OAUTH_CONFIG);
  CHECK(mail_oauth_login_smtp(session, &who, NULL, NULL, 465) == MAIL_OAUTH_CONFIG);
  CHECK(mail_oauth_register_mechanisms(NULL, NULL) == MAIL_OAUTH_CONFIG);
  CHECK(token == NULL);
  mail_oauth_free(NULL);
  mail_oauth_free(&nobodys);
  CHECK(mail_oauth_last_error(NULL) == MAIL_OAUTH_CONFIG); /* the one before */
}

/* The address is no address, or nobody has signed in with it. */
static void strangers(mail_oauth_session* session) {
  const struct mail_oauth_account none = account("carol"), carol = account("carol@contoso.test");
  char* token = NULL;
  CHECK(mail_oauth_token(session, &none, MAIL_OAUTH_IMAP, &token) == MAIL_OAUTH_CONFIG);
  CHECK(strcmp(words(), "\"carol\" is no mail address.") == 0);
  CHECK(mail_oauth_token(session, &carol, MAIL_OAUTH_IMAP, &token) == MAIL_OAUTH_REAUTHORIZE);
  CHECK(strstr(words(), "mail-oauth login carol@contoso.test") != NULL);
  CHECK(mail_oauth_last_error(NULL) == MAIL_OAUTH_REAUTHORIZE);
}

static void tokens(mail_oauth_session* session, const char* address) {
  struct mail_oauth_account who = account(address);
  char *one = NULL, *two = NULL;
  CHECK(mail_oauth_token(session, &who, MAIL_OAUTH_IMAP, &one) == MAIL_OAUTH_OK);
  CHECK(mail_oauth_last_error(NULL) == MAIL_OAUTH_OK && *words() == '\0');
  CHECK(mail_oauth_token(session, &who, MAIL_OAUTH_SMTP, &two) == MAIL_OAUTH_OK);
  CHECK(one && two && one != two && strcmp(one, two) == 0); /* one grant, one token */
  if (one) puts(one);
  mail_oauth_free(one);
  if (two) CHECK(strlen(two) > 30); /* the other is still there */
  mail_oauth_free(two);
  who.provider = "nobody-knows";
  CHECK(mail_oauth_token(session, &who, MAIL_OAUTH_IMAP, &one) == MAIL_OAUTH_REAUTHORIZE);
  CHECK(strstr(words(), "provider bed") != NULL); /* the one that there is */
  CHECK(one == NULL);
}

/* The last error belongs to a thread; a session, to all. */
static void* in_another_thread(void* session) {
  const struct mail_oauth_account carol = account("carol@contoso.test");
  char* token = NULL;
  CHECK(mail_oauth_last_error(NULL) == MAIL_OAUTH_OK);
  CHECK(mail_oauth_token(session, &carol, MAIL_OAUTH_POP3, &token) == MAIL_OAUTH_REAUTHORIZE);
  return NULL;
}

static void threads(mail_oauth_session* session) {
  pthread_t thread;
  CHECK(mail_oauth_token(session, NULL, MAIL_OAUTH_IMAP, NULL) == MAIL_OAUTH_CONFIG);
  CHECK(pthread_create(&thread, NULL, in_another_thread, session) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(mail_oauth_last_error(NULL) == MAIL_OAUTH_CONFIG);
}

int main(int argc, char** argv) {
  struct mail_oauth_options options = {.size = 1};
  mail_oauth_session* session = NULL;
  if (argc != 2) return 2;
  CHECK(mail_oauth_open(&options) == NULL);
  CHECK(strstr(words(), "size in mail_oauth_options") != NULL);
  options.size = sizeof options;
  options.never_prompt = 1;
  session = mail_oauth_open(&options);
  CHECK(session != NULL);
  careless(session, argv[1]);
  strangers(session);
  tokens(session, argv[1]);
  threads(session);
  mail_oauth_free(session);
  CHECK(mail_oauth_last_error(NULL) == MAIL_OAUTH_OK); /* nothing is lost with it */
  strangers(mail_oauth_open(NULL));                    /* left open at the end: harmless */
  return broken ? 1 : 0;
}
