// promise: an interactor that closes its output and goes on is heard to the end
// expect: ok
// interactor-expect: ok
// first: program
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64] = "";
  int lines = 0;
  if (argc == 1) {
    while (fgets(line, sizeof line, stdin)) lines++;
    printf("%d\n", lines);
    return 0;
  }
  for (int i = 0; i < 50000; i++) puts("a line");
  fclose(stdout);
  return !fgets(line, sizeof line, stdin) || strcmp(line, "50000\n") || fgets(line, 64, stdin);
}
