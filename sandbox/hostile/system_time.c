// promise: time spent in the kernel counts as CPU time
// expect: time
#include "probe.h"
int main(void) {
  for (;;) getppid();
}
