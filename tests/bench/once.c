/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench_once COMMAND...: runs it once with its output thrown away and prints "nanoseconds kilobytes code": the time from
 * fork to end, and the most memory it had. Small itself, because a process inherits its parent's peak until exec.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int count, char** words) {
  if (count < 2) return 2;
  struct rusage used;
  int status = 0;
  const long long start = nanoseconds();
  const pid_t child = fork();
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    execvp(words[1], words + 1);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &used) != child) return 1;
  printf("%lld %ld %d\n", nanoseconds() - start, used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
  return 0;
}
