// promise: a program that closes its output and goes on is heard to the end
// expect: ok
// interactor-expect: ok
// first: program
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64];
  if (argc == 1) {
    puts("last words");
    fclose(stdout);
    while (fgets(line, sizeof line, stdin)) continue;
    return strcmp(line, "seen\n");
  }
  while (fgets(line, sizeof line, stdin)) continue;
  if (strcmp(line, "last words\n")) return 1;
  puts("seen");
  return 0;
}
