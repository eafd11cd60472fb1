// promise: a program that writes for ever to an interactor that has left runs out of time
// expect: time
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
