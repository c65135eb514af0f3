/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program that stays: it asks for a token by address alone, once for each line that it reads, and
 * prints the kind and the token or the words.
 *
 *   again ADDRESS
 */
#include <mail_oauth.h>
#include <stdio.h>

int main(int argc, char** argv) {
  const struct mail_oauth_options options = {.size = sizeof options, .never_prompt = 1};
  mail_oauth_session* session = mail_oauth_open(&options);
  char line[16];
  if (argc != 2 || !session) return 2;
  while (fgets(line, sizeof line, stdin)) {
    const struct mail_oauth_account who = {.size = sizeof who, .address = argv[1]};
    const char* words = "";
    char* token = NULL;
    const int kind = (int)mail_oauth_token(session, &who, MAIL_OAUTH_IMAP, &token);
    mail_oauth_last_error(&words);
    printf("%d %s\n", kind, token ? token : words);
    fflush(stdout);
    mail_oauth_free(token);
  }
  mail_oauth_free(session);
  return 0;
}
