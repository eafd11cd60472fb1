// promise: a program that says a last word to an interactor that has left does not die of it
// expect: ok
// interactor-expect: ok
// first: interactor
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64];
  if (argc > 1) {
    puts("bye");
    return 0;
  }
  while (fgets(line, sizeof line, stdin)) continue;
  for (int i = 0; i < 100000; i++) puts("a last word");
  return 0;
}
