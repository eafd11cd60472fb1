// promise: many short children cannot hide their CPU time, waited for or not
// expect: time
#include "probe.h"
int main(void) {
  signal(SIGCHLD, SIG_IGN);
  for (;;) {
    if (fork() == 0) {
      for (volatile long n = 0; n < 2000000; n++) continue;
      _exit(0);
    }
  }
}
