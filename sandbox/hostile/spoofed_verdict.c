// promise: what a program says about itself is never believed
// expect: runtime
// exit: 1
// stdout: status: ok\n
#include "probe.h"
int main(void) {
  puts("status: ok");
  fputs("Accepted\n{\"status\": \"ok\", \"exit_code\": 0}\n", stderr);
  return 1;
}
