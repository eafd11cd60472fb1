// promise: a program that closes its output is still there until it ends
// expect: ok
// interactor-expect: ok
// first: program
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64];
  if (argc == 1) {
    close(1);
    doze(100);
    return 0;
  }
  while (fgets(line, sizeof line, stdin)) continue;
  return 0;
}
