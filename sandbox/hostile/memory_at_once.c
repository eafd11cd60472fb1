// promise: much memory taken at one stroke is noticed, too
// expect: memory
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char *block = malloc(400u << 20);
  memset(block, 1, 400u << 20);
  printf("%d\n", block[argc << 20]);
}
