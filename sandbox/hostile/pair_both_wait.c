// promise: two that wait for each other are idle
// expect: idle
// interactor-expect: ok idle
// first: program
// limits: wall 1
#include "probe.h"
int main(void) {
  char line[64];
  while (fgets(line, sizeof line, stdin)) continue;
  return 0;
}
