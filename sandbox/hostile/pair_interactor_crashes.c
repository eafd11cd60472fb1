// promise: a crash of the interactor is the interactor's
// expect: ok
// interactor-expect: runtime
// first: interactor
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64];
  if (argc > 1) abort();
  while (fgets(line, sizeof line, stdin)) continue;
  return 0;
}
