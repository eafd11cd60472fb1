// promise: a program cannot suspend its parent
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  kill(getppid(), SIGSTOP);
  kill(0, SIGCONT);
  return verdict();
}
