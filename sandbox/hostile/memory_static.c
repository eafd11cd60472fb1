// promise: a large static array that is used is memory
// expect: memory
#include "probe.h"
static char block[200 << 20];
int main(void) {
  for (size_t i = 0; i < sizeof block; i += 4096) block[i] = (char)i;
  printf("%d\n", block[12345 * 4096 % sizeof block]);
}
