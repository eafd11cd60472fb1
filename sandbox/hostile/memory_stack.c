// promise: endless recursion is stopped by the memory limit
// expect: memory
#include "probe.h"
static int deep(volatile int n) {
  volatile char here[1000];
  here[n % 1000] = 1;
  return deep(n + 1) + here[(n + 7) % 1000];
}
int main(void) {
  return deep(0);
}
