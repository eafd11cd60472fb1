// promise: a division by zero is a run-time error with its signal
// expect: runtime
// signal: 8
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  volatile int zero = argc - 1;
  printf("%d\n", 100 / zero);
}
