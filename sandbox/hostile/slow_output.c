// promise: printing a little now and then does not make a sleeper busy
// expect: idle
// limits: wall 0.8
#include "probe.h"
int main(void) {
  for (;;) {
    (void)!write(1, ".", 1);
    doze(20);
  }
}
