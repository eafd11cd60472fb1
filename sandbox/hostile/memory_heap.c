// promise: a program that takes more memory than it may is stopped for memory
// expect: memory
#include "probe.h"
int main(void) {
  for (;;) {
    char *block = malloc(1 << 20);
    if (!block) return 1;
    memset(block, 1, 1 << 20);
    __asm__ volatile("" : : "r"(block) : "memory");
  }
}
