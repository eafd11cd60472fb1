// promise: zero bytes in the output are kept
// expect: ok
// stdout: a\x00b\n
#include "probe.h"
int main(void) {
  (void)!write(1, "a\0b\n", 4);
  return 0;
}
