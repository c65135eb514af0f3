/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asks for the last error, and makes another one, when the objects of its threads are destroyed
 * already: from the destructor of a pthread key, from an atexit handler, and from a destructor of
 * the program. Ends with 0 when the words were right each time, in all three.
 */
#include <mail_oauth.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int right = 0;

static void ask(const char* when) {
  const char* words = NULL;
  char* token = NULL;
  const enum mail_oauth_kind before = mail_oauth_last_error(&words);
  if (before != MAIL_OAUTH_CONFIG || strstr(words, "session is not open") == NULL) {
    fprintf(stderr, "%s: kind %d: %s\n", when, (int)before, words);
    return;
  }
  if (mail_oauth_token(NULL, NULL, MAIL_OAUTH_IMAP, NULL) != MAIL_OAUTH_CONFIG) return;
  mail_oauth_last_error(&words);
  if (strstr(words, "no place for the token") == NULL) {
    fprintf(stderr, "%s: %s\n", when, words);
    return;
  }
  mail_oauth_token(NULL, NULL, MAIL_OAUTH_IMAP, &token);
  ++right;
}

static void make_an_error(void) {
  char* token = NULL;
  mail_oauth_token(NULL, NULL, MAIL_OAUTH_IMAP, &token);
  mail_oauth_last_error(NULL);
}

static void at_the_end_of_a_thread(void* nothing) {
  (void)nothing;
  ask("pthread key");
}

static void* in_a_thread(void* key) {
  make_an_error();
  pthread_setspecific(*(pthread_key_t*)key, key);
  return NULL;
}

static void at_exit(void) { ask("atexit"); }

__attribute__((destructor)) static void at_the_very_end(void) {
  ask("destructor");
  if (right != 3) _exit(1);
}

int main(void) {
  pthread_key_t key;
  pthread_t thread;
  if (pthread_key_create(&key, at_the_end_of_a_thread) != 0) return 2;
  if (pthread_create(&thread, NULL, in_a_thread, &key) != 0) return 2;
  pthread_join(thread, NULL);
  make_an_error();
  return atexit(at_exit);
}
