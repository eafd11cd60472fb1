// promise: another exit code than 0 is a run-time error with that code
// expect: runtime
// exit: 3
// stdout: answer\n
#include "probe.h"
int main(void) {
  puts("answer");
  return 3;
}
