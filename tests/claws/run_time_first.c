/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Preloaded into the host behind the sanitizers' run-time, and built with it: its own constructor
 * starts the run-time, and it is linked with -z initfirst. For tests only.
 *
 * The run-time would start at the first malloc else, which is in libgpg-error's constructor, inside
 * bindtextdomain. Starting, it calls dlerror, which takes gettext's lock a second time in the same
 * thread, and releases it twice: the host's own bindtextdomain would then wait for ever.
 */
#include <string.h>

/* glibc gives constructors what main gets. The programs that the host starts shall run as they are.
 */
__attribute__((constructor)) static void keep_out_of_children(int count, char** words,
                                                              char** environment) {
  static const char name[] = "LD_PRELOAD=";
  char** kept = environment;
  char** variable = environment;
  (void)count;
  (void)words;
  for (; *variable; ++variable)
    if (strncmp(*variable, name, sizeof name - 1) != 0) *kept++ = *variable;
  *kept = NULL;
}
