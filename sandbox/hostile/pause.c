// promise: waiting for a signal is idleness
// expect: idle
// limits: wall 0.8
#include "probe.h"
int main(void) {
  for (;;) pause();
}
