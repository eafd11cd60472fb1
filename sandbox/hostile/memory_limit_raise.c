// promise: a program cannot raise its own limits
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  const int limits[] = {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_CORE};
  struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
  for (int i = 0; i < 5; i++) must_fail(setrlimit(limits[i], &more), "setrlimit");
  must_fail(prlimit(1, RLIMIT_NOFILE, &more, NULL), "prlimit of the runner");
  must_fail(setpriority(PRIO_PROCESS, 0, -10), "setpriority");
  return verdict();
}
