// promise: a program that closes its output has printed nothing
// expect: ok
// stdout:
#include "probe.h"
int main(void) {
  close(1);
  puts("lost");
  return 0;
}
