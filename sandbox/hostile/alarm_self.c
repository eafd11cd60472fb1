// promise: a signal that a program sends itself is a run-time error with that signal
// expect: runtime
// signal: 14
#include "probe.h"
int main(void) {
  raise(SIGALRM);
}
