// promise: a daemon in a session of its own is found and killed
// expect: ok
// stdout: parent\n
#include "probe.h"
int main(void) {
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      setsid();
      signal(SIGTERM, SIG_IGN);
      signal(SIGHUP, SIG_IGN);
      for (;;) {
        doze(20);
        (void)!write(1, "daemon\n", 7);
      }
    }
    _exit(0);
  }
  (void)!write(1, "parent\n", 7);
  return 0;
}
