// promise: a program that writes to an interactor that has left dies of the broken pipe
// expect: runtime
// signal: 13
// interactor-expect: ok
// first: interactor
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) return 0;
  for (;;) {
    puts("are you there?");
    fflush(stdout);
  }
}
