// promise: the peak counts, even where the memory is given back at once
// expect: memory
#include "probe.h"
int main(void) {
  char *block = mmap(NULL, 150u << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(block, 1, 150u << 20);
  __asm__ volatile("" : : "r"(block) : "memory");
  munmap(block, 150u << 20);
  puts("done");
}
