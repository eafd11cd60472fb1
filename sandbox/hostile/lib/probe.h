/* What the hostile programs share. A program tries what it must not be able to do, says what
 * succeeded, and ends with "held" only if nothing did. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int escapes;

/* `happened` is what a system call returned: anything but -1 is an escape. */
static inline void must_fail(long happened, const char *what) {
  if (happened == -1) return;
  escapes++;
  printf("escaped: %s\n", what);
}

static inline int verdict(void) {
  if (!escapes) puts("held");
  fflush(stdout);
  return 0;
}

static inline void spin(void) {
  for (volatile unsigned long n = 0;; n++) continue;
}

static inline void doze(int milliseconds) {
  struct timespec t = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  nanosleep(&t, NULL);
}
