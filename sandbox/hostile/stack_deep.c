// promise: the stack is bounded by the memory limit and by nothing else
// expect: ok
// stdout: 500000\n
#include "probe.h"
static int deep(volatile int n) {
  return n == 0 ? 0 : 1 + deep(n - 1);
}
int main(void) {
  printf("%d\n", deep(500000));
}
