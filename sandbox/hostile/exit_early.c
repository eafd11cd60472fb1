// promise: leaving early with code 0 gives what was written, and no more
// expect: ok
// stdout: half
#include "probe.h"
int main(void) {
  (void)!write(1, "half", 4);
  _exit(0);
}
