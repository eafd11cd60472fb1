// promise: ignoring the signal of the file size limit does not help
// expect: output time
#include "probe.h"
int main(void) {
  static char block[65536];
  signal(SIGXFSZ, SIG_IGN);
  for (;;) (void)!write(1, block, sizeof block);
}
