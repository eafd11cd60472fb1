// promise: closing the output ends the conversation for the interactor and not for the program
// expect: ok
// interactor-expect: ok
// first: interactor
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64];
  if (argc == 1) {
    close(1);
    while (fgets(line, sizeof line, stdin)) continue;
    doze(100);
    return 0;
  }
  while (fgets(line, sizeof line, stdin)) continue;
  return 0;
}
