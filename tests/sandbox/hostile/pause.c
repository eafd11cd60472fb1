// promise: waiting for a signal is idleness
// expect: idle
#include "probe.h"
int main(void) {
  for (;;) pause();
}
