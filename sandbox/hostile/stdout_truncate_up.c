// promise: stretching the output file is output
// expect: output
#include "probe.h"
int main(void) {
  (void)!ftruncate(1, 1L << 40);
}
