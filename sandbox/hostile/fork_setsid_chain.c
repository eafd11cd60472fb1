// promise: a process that keeps changing its identity by fork, setsid and exit is caught
// expect: ok
#include "probe.h"
int main(void) {
  for (;;) {
    if (fork() > 0) _exit(0);
    setsid();
  }
}
