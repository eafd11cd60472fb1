// promise: a flood of error output is stopped
// expect: output
#include "probe.h"
int main(void) {
  for (;;) fputs("no\n", stderr);
}
