// promise: a hole in the output is output
// expect: output
#include "probe.h"
int main(void) {
  lseek(1, 2147483648L, SEEK_SET);
  (void)!write(1, "x", 1);
}
