// promise: waiting for oneself is idleness
// expect: idle
// limits: wall 0.8
#include "probe.h"
int main(void) {
  int ends[2];
  char byte;
  if (pipe(ends) == 0) (void)!read(ends[0], &byte, 1);
}
