// promise: much memory taken at one stroke is noticed, too
// expect: memory
#include "probe.h"
int main(void) {
  char *block = malloc(400u << 20);
  memset(block, 1, 400u << 20);
  puts("taken");
}
