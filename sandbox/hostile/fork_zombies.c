// promise: dead children that nobody waits for are limited, too
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  int made = 0;
  for (int i = 0; i < 1000; i++) {
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    made += pid > 0;
  }
  must_fail(made >= 1000 ? 0 : -1, "a thousand processes");
  return verdict();
}
