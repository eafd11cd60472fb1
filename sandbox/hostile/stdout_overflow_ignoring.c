// promise: an output that was cut short is never taken for a whole one
// expect: output
#include "probe.h"
int main(void) {
  static char block[65536];
  signal(SIGXFSZ, SIG_IGN);
  for (int i = 0; i < 64; i++) (void)!write(1, block, sizeof block);
}
