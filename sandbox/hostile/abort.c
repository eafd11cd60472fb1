// promise: an abort is a run-time error, and leaves no core file
// expect: runtime
// signal: 6
// stdout: before\n
#include "probe.h"
int main(void) {
  struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_CORE, &unlimited);
  puts("before");
  fflush(stdout);
  abort();
}
