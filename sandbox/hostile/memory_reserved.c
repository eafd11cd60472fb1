// promise: memory that is reserved but never touched does not count
// expect: ok
// stdout: held\n
#include "probe.h"
static char block[500 << 20];
int main(int argc, char **argv) {
  (void)argv;
  block[argc] = 1;
  return verdict();
}
