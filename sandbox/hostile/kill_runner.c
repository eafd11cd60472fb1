// promise: the runner obeys no signal of a program
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  for (int s = 1; s < 65; s++) kill(1, s);
  kill(getppid(), SIGKILL);
  return verdict();
}
