// promise: a program that floods an interactor that does not read is idle
// expect: idle
// interactor-expect: ok idle
// first: program
// limits: wall 1
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  if (argc == 1)
    for (;;) puts("listen");
  doze(2500);
  return 0;
}
