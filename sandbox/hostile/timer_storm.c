// promise: a storm of timers does not stop the clock
// expect: time
#include "probe.h"
static void tick(int s) {
  (void)s;
}
int main(void) {
  struct itimerval fast = {{0, 1}, {0, 1}};
  signal(SIGALRM, tick);
  setitimer(ITIMER_REAL, &fast, NULL);
  spin();
}
