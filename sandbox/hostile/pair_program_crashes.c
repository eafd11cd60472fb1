// promise: a crash of the program is the program's
// expect: runtime
// signal: 6
// interactor-expect: ok
// first: program
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64];
  if (argc == 1) abort();
  while (fgets(line, sizeof line, stdin)) continue;
  return 0;
}
