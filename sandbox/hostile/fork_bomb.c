// promise: a fork bomb stops at the process limit and runs out of CPU time
// expect: time
#include "probe.h"
int main(void) {
  for (;;) fork();
}
