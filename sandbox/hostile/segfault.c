// promise: a bad pointer is a run-time error with its signal
// expect: runtime
// signal: 11
#include "probe.h"
int main(void) {
  *(volatile int *)16 = 1;
}
