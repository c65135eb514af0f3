/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program that gives nothing back: it asks for a token, says "asked", and returns from main, with the word
 * "leaving", when a line comes, whatever the library does meanwhile of its own accord, or for a thread that still
 * waits.
 *
 *   no-free ADDRESS [in-a-thread]
 */
#include <mail_oauth.h>
#include <pthread.h>
#include <stdio.h>

static mail_oauth_session* session;
static struct mail_oauth_account who = {.size = sizeof who};

static enum mail_oauth_kind ask(void) {
  char* token = NULL;
  return mail_oauth_token(session, &who, MAIL_OAUTH_IMAP, &token);
}

static void* in_a_thread(void* nothing) {
  ask();
  return nothing;
}

int main(int argc, char** argv) {
  pthread_t thread;
  if (argc != 2 && argc != 3) return 2;
  who.address = argv[1];
  session = mail_oauth_open(NULL);
  if (argc == 3) {
    if (pthread_create(&thread, NULL, in_a_thread, NULL) != 0) return 2;
  } else if (ask() != MAIL_OAUTH_OK) {
    const char* said = "";
    mail_oauth_last_error(&said);
    fprintf(stderr, "%s\n", said);
    return 1;
  }
  puts("asked");
  fflush(stdout);
  if (getchar() == EOF) return 1;
  puts("leaving");
  fflush(stdout);
  return 0;
}
