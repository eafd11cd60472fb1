// promise: ignoring or blocking every signal does not stretch the time limit
// expect: time
#include "probe.h"
int main(void) {
  sigset_t all;
  sigfillset(&all);
  for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
  sigprocmask(SIG_SETMASK, &all, NULL);
  spin();
}
