// promise: waiting for oneself is idleness
// expect: idle
#include "probe.h"
int main(void) {
  int ends[2];
  char byte;
  if (pipe(ends) == 0) (void)!read(ends[0], &byte, 1);
}
