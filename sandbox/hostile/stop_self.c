// promise: a program that stops itself is idle
// expect: idle
// limits: wall 0.8
#include "probe.h"
int main(void) {
  raise(SIGSTOP);
  puts("awake");
}
