// promise: a program that stops itself is idle
// expect: idle
#include "probe.h"
int main(void) {
  raise(SIGSTOP);
  puts("awake");
}
