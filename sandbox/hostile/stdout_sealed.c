// promise: a program can seal its output and then has what it had
// expect: ok
// stdout: before\n
#include "probe.h"
int main(void) {
  (void)!write(1, "before\n", 7);
  fcntl(1, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
  return 0;
}
