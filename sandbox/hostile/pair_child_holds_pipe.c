// promise: a child that holds the pipe open does not keep the conversation alive
// expect: ok
// interactor-expect: ok
// first: program
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64];
  if (argc == 1) {
    if (fork() == 0) doze(3600000);
    return 0;
  }
  while (fgets(line, sizeof line, stdin)) continue;
  return 0;
}
