// promise: in a conversation, a program that ends first is seen to end first
// expect: ok
// interactor-expect: ok
// first: program
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64];
  if (argc == 1) {
    puts("hello");
    return 0;
  }
  while (fgets(line, sizeof line, stdin)) continue;
  return 0;
}
