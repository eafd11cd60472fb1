// promise: a program that kills itself has not run out of memory
// expect: runtime
// signal: 9
#include "probe.h"
int main(void) {
  raise(SIGKILL);
}
