// promise: a flood of output is stopped
// expect: output
#include "probe.h"
int main(void) {
  for (;;) puts("yes");
}
