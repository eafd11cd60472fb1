// promise: a program that sends itself the signal of the time limit has not reached it
// expect: runtime
// signal: 24
#include "probe.h"
int main(void) {
  raise(SIGXCPU);
}
