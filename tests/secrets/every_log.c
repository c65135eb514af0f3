/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Preloaded into a program: turns libetpan's log on, as a program that debugs its connections does,
 * and writes it to the file that EVERY_LOG names. What the program prints goes out at once.
 */
#include <libetpan/libetpan.h>
#include <stdio.h>
#include <stdlib.h>

static FILE* log_file;

static void write_log(int direction, const char* text, size_t size) {
  (void)direction;
  fwrite(text, 1, size, log_file);
  fputc('\n', log_file);
}

__attribute__((constructor)) static void begin(void) {
  const char* name = getenv("EVERY_LOG");
  log_file = name ? fopen(name, "a") : NULL;
  if (!log_file) abort();
  setvbuf(log_file, NULL, _IONBF, 0);
  setvbuf(stdout, NULL, _IONBF, 0);
  mailstream_logger = write_log;
  mailstream_debug = 1;
}
