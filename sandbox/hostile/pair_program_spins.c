// promise: a program that only computes runs out of CPU time while the interactor waits
// expect: time
// interactor-expect: ok
// first: program
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64];
  if (argc == 1) spin();
  while (fgets(line, sizeof line, stdin)) continue;
  return 0;
}
